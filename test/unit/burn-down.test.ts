import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/kit/clock.ts';
import { type Exact, exact, plain, ZERO } from '../../src/kit/decimal.ts';
import type { Id } from '../../src/kit/ids.ts';
import {
  type BurnOrder,
  compareGrants,
  type Drawable,
  drawDown,
  type Moment,
} from '../../src/ledger/burn-down.ts';
import { drawableInOrder } from '../laws/naive-order.ts';

const NOW = Date.UTC(2026, 2, 1);
const ORDERS: readonly BurnOrder[] = ['PRIORITY', 'FIFO', 'LIFO', 'EXPIRY_FIRST'];
const METRICS = ['input', 'output', 'calls'];

// Few values of each, so that ties of every step come up all the time.
const anInstant = fc.integer({ min: -3, max: 3 }).map((hours) => new Date(NOW + hours * HOUR_MS));
const anAmount = fc.integer({ min: 0, max: 40 }).map((quarters) => exact(quarters) / 4n);

const aGrant = fc.record({
  purpose: fc.constantFrom('PROMOTIONAL', 'BUNDLED', 'ROLLOVER', 'PAID'),
  priority: fc.constantFrom(0, 50, 100),
  effectiveAt: fc.option(anInstant),
  expiresAt: fc.option(anInstant),
  scopeMetrics: fc.oneof(fc.constant([]), fc.subarray(METRICS)),
  createdAt: anInstant,
  remaining: anAmount,
  held: fc.constant(ZERO),
}) satisfies fc.Arbitrary<Omit<Drawable, 'id'>>;

const grants = fc
  .array(aGrant, { maxLength: 12 })
  .map((list): Drawable[] =>
    list.map((grant, index) => ({ ...grant, id: `grant-${(index * 7) % 13}` as Id<'grant'> })),
  );

const aMoment: fc.Arbitrary<Moment> = fc.record({
  occurredAt: anInstant,
  now: fc.constant(new Date(NOW)),
  settlementWindowMs: fc.constantFrom(0, HOUR_MS, 2 * HOUR_MS, DAY_MS),
});

/** Sort, filter, take. */
function naiveDraws(
  list: readonly Drawable[],
  order: BurnOrder,
  amount: Exact,
  metric: string | null,
  moment: Moment,
): [string, string][] {
  const draws: [string, string][] = [];
  let left = amount;
  for (const { id, remaining } of drawableInOrder(list, order, metric, moment)) {
    const taken = remaining < left ? remaining : left;
    if (taken !== ZERO) draws.push([id, plain(taken)]);
    left = left - taken;
  }
  return draws;
}

const copy = (list: readonly Drawable[]) => list.map((grant) => ({ ...grant }));
const sum = (amounts: readonly Exact[]) => amounts.reduce((total, one) => total + one, ZERO);

const aCase = fc.record({
  list: grants,
  order: fc.constantFrom(...ORDERS),
  amount: anAmount,
  metric: fc.option(fc.constantFrom(...METRICS)),
  moment: aMoment,
});

function run({
  list,
  order,
  amount,
  metric,
  moment,
}: typeof aCase extends fc.Arbitrary<infer T> ? T : never) {
  const sorted = copy(list).sort(compareGrants(order));
  return { sorted, ...drawDown(sorted, amount, metric, moment) };
}

describe('The burn-down order', () => {
  it('draws what sorting by the documented tuple, filtering and taking draws', () => {
    fc.assert(
      fc.property(aCase, (given) => {
        const { list, order, amount, metric, moment } = given;
        const { draws } = run(given);
        const actual = draws.map(({ grant, amount: taken }) => [grant.id, plain(taken)]);
        expect(actual).toEqual(naiveDraws(list, order, amount, metric, moment));
      }),
      { numRuns: 3_000 },
    );
  });

  it('conserves value: draws and the uncovered rest are the amount, and what was there shrinks by the draws', () => {
    fc.assert(
      fc.property(aCase, (given) => {
        const { sorted, draws, uncovered } = run(given);
        const drawn = sum(draws.map((draw) => draw.amount));
        expect(plain(drawn + uncovered)).toBe(plain(given.amount));
        const before = sum(given.list.map((grant) => grant.remaining));
        const after = sum(sorted.map((grant) => grant.remaining));
        expect(plain(before - after)).toBe(plain(drawn));
      }),
    );
  });

  it('takes no grant below zero, no grant twice, and nothing of nothing', () => {
    fc.assert(
      fc.property(aCase, (given) => {
        const { sorted, draws } = run(given);
        expect(sorted.every((grant) => grant.remaining >= ZERO)).toBe(true);
        expect(draws.every((draw) => draw.amount > ZERO)).toBe(true);
        expect(new Set(draws.map((draw) => draw.grant.id)).size).toBe(draws.length);
      }),
    );
  });

  it('is a total order: antisymmetric, transitive, and equal only to itself', () => {
    fc.assert(
      fc.property(grants, fc.constantFrom(...ORDERS), (list, order) => {
        const compare = compareGrants(order);
        for (const a of list) {
          for (const b of list) {
            expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
            expect(compare(a, b) === 0).toBe(a === b);
            for (const c of list) {
              if (compare(a, b) < 0 && compare(b, c) < 0) expect(compare(a, c)).toBeLessThan(0);
            }
          }
        }
      }),
    );
  });

  it('draws the same whatever order the grants were read in', () => {
    fc.assert(
      fc.property(aCase, fc.infiniteStream(fc.nat()), (given, dice) => {
        const shuffled = given.list
          .map((grant) => ({ grant, key: dice.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ grant }) => grant);
        const texts = (list: readonly Drawable[]) =>
          run({ ...given, list: [...list] }).draws.map((draw) => `${draw.grant.id} ${draw.amount}`);
        expect(texts(shuffled)).toEqual(texts(given.list));
      }),
    );
  });
});
