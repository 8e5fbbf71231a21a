import { describe, expect, test } from 'vitest';
import type { EntitlementDefinition } from '../../src/catalog/plans/definition.ts';
import { rightOf } from '../../src/entitlements/right.ts';
import { spanAt } from '../../src/entitlements/span.ts';
import { exact } from '../../src/kit/decimal.ts';
import { byFeature } from '../../src/subscriptions/plan-rights.ts';
import type { RightsSource } from '../../src/subscriptions/rights-source.ts';

const NOW = new Date('2026-03-10T12:30:45.678Z');
const INTERVAL = { unit: 'MONTH', count: 1 } as const;
const PERIOD = { start: new Date('2026-02-20T09:00:00Z'), end: new Date('2026-03-20T09:00:00Z') };

function entitlement(given: Partial<EntitlementDefinition> = {}): EntitlementDefinition {
  return {
    feature: 'calls',
    enabled: true,
    limit: exact(10),
    perSeat: false,
    reset: 'PERIOD',
    whenExceeded: 'DENY',
    windows: [],
    perSubject: null,
    spendCap: null,
    ...given,
  };
}

function source(own: EntitlementDefinition | null, more: Partial<RightsSource> = {}): RightsSource {
  return {
    from: new Date(0),
    until: null,
    seats: 1,
    periods: { at: () => PERIOD },
    plan: { own: byFeature(own ? [own] : []), addOns: new Map(), interval: INTERVAL },
    addOns: [],
    overrides: new Map(),
    ...more,
  };
}

describe('a right', () => {
  test('is what the plan says, for its seats, while the subscription is on that version', () => {
    expect(rightOf([source(entitlement())], 'calls', NOW)).toMatchObject({ limit: exact(10) });
    expect(rightOf([source(entitlement())], 'other', NOW)).toBeNull();
    const seats = source(entitlement({ perSeat: true }), { seats: 3 });
    expect(rightOf([seats], 'calls', NOW)?.limit).toBe(exact(30));
    const unlimited = source(entitlement({ perSeat: true, limit: null }), { seats: 3 });
    expect(rightOf([unlimited], 'calls', NOW)?.limit).toBeNull();
    const past = source(entitlement(), { until: NOW });
    const ahead = source(entitlement({ limit: exact(7) }), { from: NOW });
    expect(rightOf([past, ahead], 'calls', NOW)?.limit).toBe(exact(7));
    expect(rightOf([ahead], 'calls', new Date(NOW.getTime() - 1))).toBeNull();
  });

  test('is what the subscription says in place of its plan', () => {
    const overrides = byFeature([entitlement({ limit: exact(99) })]);
    expect(rightOf([source(entitlement(), { overrides })], 'calls', NOW)?.limit).toBe(exact(99));
    expect(rightOf([source(null, { overrides })], 'calls', NOW)?.limit).toBe(exact(99));
  });

  test('adds up what add-ons and other subscriptions give, and takes the more generous of the rest', () => {
    const more = entitlement({
      limit: exact(5),
      whenExceeded: 'THROTTLE',
      windows: [{ per: 'HOUR', limit: exact(9) }],
      perSubject: exact(4),
    });
    const own = entitlement({
      windows: [
        { per: 'HOUR', limit: exact(3) },
        { per: 'DAY', limit: exact(8) },
      ],
    });
    const taken = source(own, {
      plan: {
        own: byFeature([own]),
        addOns: new Map([['more', byFeature([more])]]),
        interval: INTERVAL,
      },
      addOns: ['more', 'unheard'],
    });
    const expected = {
      limit: exact(15),
      whenExceeded: 'THROTTLE',
      windows: [
        { per: 'HOUR', limit: exact(9) },
        { per: 'DAY', limit: exact(8) },
      ],
      perSubject: exact(4),
    };
    expect(rightOf([taken], 'calls', NOW)).toMatchObject(expected);
    expect(rightOf([source(own), source(more)], 'calls', NOW)).toMatchObject(expected);
    const unlimited = source(entitlement({ limit: null }));
    expect(rightOf([source(own), unlimited], 'calls', NOW)?.limit).toBeNull();
    const off = source(entitlement({ enabled: false }));
    expect(rightOf([off, source(own)], 'calls', NOW)).toMatchObject({ enabled: true });
    expect(rightOf([source(own), off], 'calls', NOW)?.limit).toBe(exact(10));
  });
});

describe('spend caps of several', () => {
  const usd = (amount: number, per: 'MONTH' | 'DAY' = 'MONTH') =>
    ({ asset: 'USD', amount: exact(amount), per }) as const;
  const eur = { asset: 'EUR', amount: exact(100), per: 'MONTH' } as const;

  test.each([
    ['the higher of the same asset and span', usd(10), usd(100), usd(100)],
    ['the higher of them in any order', usd(100), usd(10), usd(100)],
    ['the first of other spans', usd(10), usd(100, 'DAY'), usd(10)],
    ['the first of other assets', usd(10), eur, usd(10)],
    ['the one where the first has none', null, usd(10), usd(10)],
    ['the one where the other has none', usd(10), null, usd(10)],
    ['none where there is none', null, null, null],
  ])('are %s', (_what, first, second, expected) => {
    const own = entitlement({ spendCap: first });
    const more = byFeature([entitlement({ spendCap: second })]);
    const plan = { own: byFeature([own]), addOns: new Map([['more', more]]), interval: INTERVAL };
    const taken = source(own, { plan, addOns: ['more'] });
    expect(rightOf([taken], 'calls', NOW)?.spendCap).toEqual(expected);
    const other = source(entitlement({ spendCap: second }));
    expect(rightOf([source(own), other], 'calls', NOW)?.spendCap).toEqual(expected);
  });
});

test.each([
  ['MINUTE', '2026-03-10T12:30:00.000Z', '2026-03-10T12:31:00.000Z'],
  ['HOUR', '2026-03-10T12:00:00.000Z', '2026-03-10T13:00:00.000Z'],
  ['DAY', '2026-03-10T00:00:00.000Z', '2026-03-11T00:00:00.000Z'],
  ['WEEK', '2026-03-09T00:00:00.000Z', '2026-03-16T00:00:00.000Z'],
  ['MONTH', '2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
  ['YEAR', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['PERIOD', '2026-02-20T09:00:00.000Z', '2026-03-20T09:00:00.000Z'],
  ['NEVER', '1970-01-01T00:00:00.000Z', '9999-01-01T00:00:00.000Z'],
] as const)('%s begins at %s and ends at %s', (span, start, end) => {
  const found = spanAt(span, NOW, PERIOD);
  expect([found.start.toISOString(), found.end.toISOString()]).toEqual([start, end]);
});

test('the period of a right is that of its subscription, and otherwise the month', () => {
  expect(rightOf([source(entitlement())], 'calls', NOW)?.period).toEqual(PERIOD);
  expect(spanAt('PERIOD', NOW, null).start).toEqual(new Date('2026-03-01T00:00:00Z'));
});
