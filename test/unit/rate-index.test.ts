import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exact } from '../../src/kit/decimal.ts';
import type { Id } from '../../src/kit/ids.ts';
import type { BookRate } from '../../src/rating/price-book.ts';
import { findRate, indexRates } from '../../src/rating/rate-index.ts';

const at = (iso: string) => new Date(iso);
const NOW = at('2026-01-10T00:00:00Z');

function rate(
  id: string,
  dimensions: Record<string, string>,
  effectiveFrom: Date | null = null,
): BookRate {
  const one = exact(1);
  const terms = { model: 'PER_UNIT', unitAmount: one, packageSize: one } as const;
  return { id: id as Id<'rate'>, dimensions, slice: '', ...terms, effectiveFrom };
}

const found = (rates: BookRate[], values: Record<string, string>, when = NOW) =>
  findRate(indexRates(rates), values, when)?.id ?? null;

describe('the rate that applies', () => {
  test('names the most dimensions of those that match', () => {
    const rates = [
      rate('any', {}),
      rate('model', { model: 'a' }),
      rate('both', { model: 'a', region: 'eu' }),
    ];
    expect(found(rates, { model: 'a', region: 'eu' })).toBe('both');
    expect(found(rates, { model: 'a', region: 'us' })).toBe('model');
    expect(found(rates, { model: 'b', region: 'eu' })).toBe('any');
    expect(found(rates, {})).toBe('any');
  });

  test('treats * as a dimension that was left out', () => {
    const rates = [rate('star', { model: '*' }), rate('model', { model: 'a', region: '*' })];
    expect(found(rates, { model: 'a' })).toBe('model');
    expect(found(rates, { model: 'b' })).toBe('star');
    expect(found(rates, {})).toBe('star');
  });

  test('is none when every rate names a value that the event does not have', () => {
    const rates = [rate('model', { model: 'a' })];
    expect(found(rates, { model: 'b' })).toBeNull();
    expect(found(rates, { region: 'a' })).toBeNull();
    expect(found([], { model: 'a' })).toBeNull();
  });

  test('between equally specific ones has the names that come first in the alphabet', () => {
    const rates = [rate('region', { region: 'eu' }), rate('model', { model: 'a' })];
    expect(found(rates, { model: 'a', region: 'eu' })).toBe('model');
  });

  test('is the latest that was in force when the usage occurred', () => {
    const rates = [
      rate('second', {}, at('2026-01-05T00:00:00Z')),
      rate('first', {}, null),
      rate('third', {}, at('2026-02-01T00:00:00Z')),
    ];
    expect(found(rates, {}, at('2020-01-01T00:00:00Z'))).toBe('first');
    expect(found(rates, {}, at('2026-01-04T23:59:59.999Z'))).toBe('first');
    expect(found(rates, {}, at('2026-01-05T00:00:00.000Z'))).toBe('second');
    expect(found(rates, {}, at('2026-03-01T00:00:00Z'))).toBe('third');
  });

  test('falls back to a general one while the specific one is not in force yet', () => {
    const rates = [rate('any', {}), rate('model', { model: 'a' }, at('2026-02-01T00:00:00Z'))];
    expect(found(rates, { model: 'a' })).toBe('any');
    expect(found(rates, { model: 'a' }, at('2026-02-01T00:00:00Z'))).toBe('model');
  });

  test('does not confuse values that would be equal when joined', () => {
    const rates = [rate('ab-c', { x: 'ab', y: 'c' }), rate('a-bc', { x: 'a', y: 'bc' })];
    expect(found(rates, { x: 'a', y: 'bc' })).toBe('a-bc');
    expect(found(rates, { x: 'ab', y: 'c' })).toBe('ab-c');
    expect(found(rates, { x: 'abc', y: '' })).toBeNull();
  });

  test('lists every dimension that a rate names, and never one that is only *', () => {
    const index = indexRates([rate('1', { b: '1', a: '*' }), rate('2', { c: '1', b: '2' })]);
    expect(index.dimensionNames).toEqual(['b', 'c']);
  });
});

/** The same rule, written as it is documented, without an index. */
function naive(rates: BookRate[], values: Record<string, string>, when: Date): string | null {
  const named = (r: BookRate) =>
    Object.keys(r.dimensions)
      .filter((name) => r.dimensions[name] !== '*')
      .sort();
  const start = (r: BookRate) => r.effectiveFrom?.getTime() ?? Number.NEGATIVE_INFINITY;
  const matching = rates.filter(
    (r) =>
      start(r) <= when.getTime() && named(r).every((name) => values[name] === r.dimensions[name]),
  );
  matching.sort((a, b) => {
    if (named(a).length !== named(b).length) return named(b).length - named(a).length;
    const [left, right] = [named(a).join(), named(b).join()];
    if (left !== right) return left < right ? -1 : 1;
    return start(a) < start(b) ? 1 : -1;
  });
  return matching[0]?.id ?? null;
}

const NAMES = ['model', 'region', 'tier'];
const VALUES = ['a', 'b', '*'];
const someDimensions = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES));
const someStart = fc.option(fc.integer({ min: 0, max: 4 }).map((ms) => new Date(ms)));

/** A price has one rate for a combination of dimensions and a start. */
const someRates = fc
  .uniqueArray(fc.tuple(someDimensions, someStart), {
    maxLength: 20,
    selector: ([dimensions, start]) => {
      const named = Object.entries(dimensions).filter(([, value]) => value !== '*');
      return JSON.stringify([named.sort(), start?.getTime() ?? null]);
    },
  })
  .map((drawn) => drawn.map(([dimensions, start], i) => rate(String(i), dimensions, start)));

test('the index finds what the documented rule finds', () => {
  const someValues = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('a', 'b', 'c'));
  const someInstant = fc.integer({ min: 0, max: 5 }).map((ms) => new Date(ms));
  fc.assert(
    fc.property(someRates, someValues, someInstant, (rates, values, when) => {
      expect(found(rates, values, when)).toBe(naive(rates, values, when));
    }),
    { numRuns: 1_000 },
  );
});
