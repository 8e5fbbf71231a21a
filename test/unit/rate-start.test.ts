import { describe, expect, test } from 'vitest';
import { type DatedRate, decideRate, type RateDraft } from '../../src/catalog/rate.ts';
import { exact } from '../../src/kit/decimal.ts';

const NOW = new Date('2026-01-10T00:00:00.000Z');
const LATER = new Date('2026-02-01T00:00:00.000Z');

const draft = (unitAmount: string, packageSize = '1'): RateDraft => ({
  dimensions: {},
  terms: { model: 'PER_UNIT', unitAmount: exact(unitAmount), packageSize: exact(packageSize) },
});

const stored = (unitAmount: string, effectiveFrom: Date | null = null): DatedRate => ({
  id: `${unitAmount} from ${effectiveFrom?.toISOString() ?? 'the beginning'}`,
  model: 'PER_UNIT',
  unitAmount,
  packageSize: '1',
  terms: null,
  effectiveFrom,
});

describe('a rate without a start', () => {
  test('holds from the beginning of time when it is the first of its dimensions', () => {
    expect(decideRate([], draft('1'), null, NOW)).toEqual({
      kind: 'ADD',
      effectiveFrom: null,
      follows: null,
    });
  });

  test('holds from now when there is one in force with another amount', () => {
    const first = stored('1');
    expect(decideRate([first], draft('2'), null, NOW)).toEqual({
      kind: 'ADD',
      effectiveFrom: NOW,
      follows: first,
    });
  });

  test('adds nothing when it repeats what is in force', () => {
    const rates = [stored('1'), stored('2.50', new Date('2026-01-01T00:00:00Z'))];
    expect(decideRate(rates, draft('2.5'), null, NOW)).toEqual({ kind: 'SAME', rate: rates[1] });
  });

  test('is not the same when only the package size differs', () => {
    expect(decideRate([stored('1')], draft('1', '10'), null, NOW)).toMatchObject({ kind: 'ADD' });
  });

  test('holds from now when the only other one is still to come', () => {
    expect(decideRate([stored('1', LATER)], draft('1'), null, NOW)).toEqual({
      kind: 'ADD',
      effectiveFrom: NOW,
      follows: null,
    });
  });

  test('takes the next millisecond when this one has a rate already', () => {
    const rates = [stored('1'), stored('2', NOW)];
    expect(decideRate(rates, draft('3'), null, NOW)).toEqual({
      kind: 'ADD',
      effectiveFrom: new Date(NOW.getTime() + 1),
      follows: rates[1],
    });
    const next = stored('3', new Date(NOW.getTime() + 1));
    expect(decideRate([...rates, next], draft('3'), null, NOW)).toEqual({
      kind: 'SAME',
      rate: next,
    });
  });
});

describe('a rate with a start', () => {
  test('holds from there, also when it is the first or lies in the past', () => {
    expect(decideRate([], draft('1'), LATER, NOW)).toMatchObject({ effectiveFrom: LATER });
    const past = new Date('2025-01-01T00:00:00Z');
    expect(decideRate([stored('1')], draft('2'), past, NOW)).toMatchObject({ effectiveFrom: past });
  });

  test('is the one that is there when start and amount are equal', () => {
    const rates = [stored('1'), stored('2', LATER)];
    expect(decideRate(rates, draft('2'), LATER, NOW)).toEqual({ kind: 'SAME', rate: rates[1] });
  });

  test('is in conflict with another amount from the same instant', () => {
    expect(decideRate([stored('2', LATER)], draft('3'), LATER, NOW)).toMatchObject({
      refusal: 'Conflict',
      path: 'unitAmount',
    });
  });
});
