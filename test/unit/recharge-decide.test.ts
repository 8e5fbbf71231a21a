import { describe, expect, test } from 'vitest';
import { exact } from '../../src/kit/decimal.ts';
import { chargeOf } from '../../src/payments/recharge/charge-of.ts';
import { decide } from '../../src/payments/recharge/decide.ts';
import { failuresAfter, NO_FAILURES } from '../../src/payments/recharge/outcome.ts';
import type { RechargeStanding, RechargeTerms } from '../../src/payments/recharge/rule.ts';

const NOW = new Date('2026-05-04T09:00:00.000Z');
const LATER = new Date('2026-05-04T09:10:00.000Z');
const HOUR_ON = new Date('2026-05-04T10:00:00.000Z');
const PERIOD_END = new Date('2026-06-01T00:00:00.000Z');
const USD = { kind: 'FIAT', scale: 2, minorUnits: 2 } as const;
const CREDIT = { kind: 'CUSTOM', scale: 0, minorUnits: 0 } as const;

const TERMS: RechargeTerms = {
  isEnabled: true,
  threshold: exact('10'),
  amount: exact('20'),
  target: null,
  maxAmount: exact('100'),
  maxCount: 5,
  cooldownMs: 0,
  asset: USD,
  creditAsset: USD,
};

const LOW: RechargeStanding = {
  now: NOW,
  free: exact('9.99'),
  promised: 0n,
  isInFlight: false,
  isSuspended: false,
  retryAt: null,
  lastStartedAt: null,
  canCharge: true,
  rate: exact('1'),
  usedAmount: 0n,
  usedCount: 0,
  periodEnd: PERIOD_END,
};

const CHARGED = { status: 'IN_FLIGHT', charge: { amount: exact('20'), credit: exact('20') } };

describe('a rule is decided on by what it says and how things stand', () => {
  test.each<[string, Partial<RechargeTerms>, Partial<RechargeStanding>, object]>([
    ['low: it is charged', {}, {}, CHARGED],
    ['at the threshold: it waits for the crossing', {}, { free: exact('10') }, { status: 'ARMED' }],
    ['in debt: it is charged', {}, { free: exact('-5') }, CHARGED],
    ['disabled', { isEnabled: false }, {}, { status: 'DISABLED' }],
    ['suspended', {}, { isSuspended: true }, { status: 'SUSPENDED' }],
    ['one is in flight', {}, { isInFlight: true }, { status: 'IN_FLIGHT', charge: null }],
    [
      'one is in flight, and it was disabled',
      { isEnabled: false },
      { isInFlight: true },
      { status: 'IN_FLIGHT', charge: null },
    ],
    [
      'after a decline',
      {},
      { retryAt: LATER },
      { status: 'WAITING', reason: 'DECLINED', until: LATER },
    ],
    ['when that is over', {}, { retryAt: NOW }, CHARGED],
    [
      'in the cooldown of the last one',
      { cooldownMs: 600_000 },
      { lastStartedAt: NOW },
      { status: 'WAITING', reason: 'COOLDOWN', until: LATER },
    ],
    ['when that is over too', { cooldownMs: 600_000 }, { now: LATER, lastStartedAt: NOW }, CHARGED],
    [
      'enough is on its way',
      {},
      { promised: exact('0.01') },
      { status: 'WAITING', reason: 'PROMISED', until: HOUR_ON },
    ],
    ['not enough is on its way', {}, { free: exact('5'), promised: exact('4.99') }, CHARGED],
    [
      'the card is gone',
      {},
      { canCharge: false },
      { status: 'WAITING', reason: 'NO_METHOD', until: HOUR_ON },
    ],
    ['no rate', {}, { rate: null }, { status: 'WAITING', reason: 'NO_RATE', until: HOUR_ON }],
    ['the last that the count allows', {}, { usedCount: 4 }, CHARGED],
    [
      'one too many',
      {},
      { usedCount: 5 },
      { status: 'CAPPED', reason: 'COUNT', until: PERIOD_END },
    ],
    ['the last that the amount allows', {}, { usedAmount: exact('80') }, CHARGED],
    [
      'a cent too much',
      {},
      { usedAmount: exact('80.01') },
      { status: 'CAPPED', reason: 'AMOUNT', until: PERIOD_END },
    ],
    [
      'above the threshold nothing of that matters',
      {},
      { free: exact('10'), usedCount: 5, retryAt: LATER, canCharge: false },
      { status: 'ARMED' },
    ],
  ])('%s', (_title, terms, standing, expected) => {
    expect(decide({ ...TERMS, ...terms }, { ...LOW, ...standing })).toMatchObject(expected);
  });
});

describe('what is charged', () => {
  const filled = { ...TERMS, amount: null };

  test.each([
    ['a fixed amount, whatever there is', TERMS, '9', '1', '20', '20'],
    ['up to a target', { ...filled, target: exact('50') }, '9.25', '1', '40.75', '40.75'],
    ['up to a target out of debt', { ...filled, target: exact('50') }, '-3', '1', '53', '53'],
    [
      'up to a target in cents that are rounded up',
      { ...filled, target: exact('50'), creditAsset: { ...USD, scale: 6 } },
      '9.250001',
      '1',
      '40.75',
      '40.75',
    ],
    [
      'up to a target in credits, seven for a dollar',
      { ...filled, target: exact('100'), creditAsset: CREDIT },
      '5',
      '7',
      '13.58',
      '95',
    ],
  ])('%s', (_title, terms, free, rate, amount, credit) => {
    expect(chargeOf(terms, exact(free), exact(rate))).toEqual({
      amount: exact(amount),
      credit: exact(credit),
    });
  });

  test('nothing where it would be credited as nothing', () => {
    const terms = { ...TERMS, amount: exact('0.01'), creditAsset: CREDIT };
    expect(chargeOf(terms, 0n, exact('1'))).toBeNull();
  });
});

describe('what a rule remembers of an attempt', () => {
  test('three declines in a row suspend it, an hour apart, and money forgets them', () => {
    const first = failuresAfter(NO_FAILURES, 'FAILED', NOW);
    expect(first).toEqual({ failures: 1, isSuspended: false, retryAt: HOUR_ON });
    const second = failuresAfter(first, 'EXPIRED', NOW);
    expect(second).toMatchObject({ failures: 2, isSuspended: false });
    expect(failuresAfter(second, 'FAILED', NOW)).toMatchObject({ failures: 3, isSuspended: true });
    expect(failuresAfter(second, 'SETTLED', NOW)).toEqual(NO_FAILURES);
  });

  test('one that was called off says nothing of the card', () => {
    expect(failuresAfter(NO_FAILURES, 'CANCELED', NOW)).toEqual({
      failures: 0,
      isSuspended: false,
      retryAt: HOUR_ON,
    });
  });
});
