import { describe, expect, it } from 'vitest';
import type { FeeDefinition, PlanDefinition } from '../../src/catalog/plans/definition.ts';
import { exact, plain } from '../../src/kit/decimal.ts';
import {
  type FeeBasis,
  onceFees,
  proratedDifference,
  recurringFees,
  trueUp,
} from '../../src/subscriptions/fees.ts';

function fee(code: string, amount: string, of: Partial<FeeDefinition> = {}): FeeDefinition {
  return { code, name: code, amount: exact(amount), kind: 'RECURRING', perSeat: false, ...of };
}

const TEAM: PlanDefinition = {
  interval: 'MONTH',
  intervalCount: 1,
  asset: 'USD',
  fees: [
    fee('base', '49'),
    fee('desk', '2.5', { perSeat: true }),
    fee('setup', '100', { kind: 'ONCE' }),
  ],
  minimum: exact(200),
  prices: [],
  credits: [],
  entitlements: [],
  seats: { included: 3, minimum: 1, maximum: 50, amount: exact(10) },
  trial: null,
  addOns: [{ code: 'sso', name: 'SSO', fees: [fee('sso', '15')], credits: [], entitlements: [] }],
};

const basis = (seats: number, addOns: PlanDefinition['addOns'] = []): FeeBasis => ({
  definition: TEAM,
  seats,
  addOns,
});
const lines = (fees: ReturnType<typeof recurringFees>) =>
  fees.map(({ kind, code, quantity, amount }) => [kind, code, plain(quantity), plain(amount)]);

describe('what a period costs', () => {
  it('its recurring fees, those for each seat, and the seats beyond the included ones', () => {
    expect(lines(recurringFees(basis(5)))).toEqual([
      ['RECURRING', 'base', '1', '49'],
      ['RECURRING', 'desk', '5', '12.5'],
      ['SEATS', 'seats', '2', '20'],
    ]);
  });

  it('included seats cost nothing more', () => {
    expect(lines(recurringFees(basis(3))).map(([kind]) => kind)).not.toContain('SEATS');
  });

  it('with add-ons, theirs', () => {
    expect(lines(recurringFees(basis(1, TEAM.addOns)))).toContainEqual([
      'RECURRING',
      'sso',
      '1',
      '15',
    ]);
  });

  it('what comes once comes by itself', () => {
    expect(lines(onceFees([TEAM], 5))).toEqual([['ONCE', 'setup', '1', '100']]);
  });
});

describe('what a change costs for the rest of a period', () => {
  const left = { part: 1n, whole: 3n };

  it.each<[string, FeeBasis, FeeBasis, string]>([
    ['two seats more', basis(3), basis(5), '8.33'],
    ['two seats fewer come back', basis(5), basis(3), '-8.33'],
    ['within the included seats, the fees for each seat', basis(1), basis(3), '1.67'],
    ['an add-on', basis(3), basis(3, TEAM.addOns), '5'],
    ['nothing', basis(3), basis(3), '0'],
  ])('%s', (_title, before, after, cost) => {
    expect(plain(proratedDifference(before, after, left, 2))).toBe(cost);
  });
});

describe('a minimum commitment', () => {
  it.each([
    ['200', '150', '50'],
    ['200', '200', '0'],
    ['200', '230.5', '0'],
    ['200', '0', '200'],
  ])('of %s with usage of %s is trued up by %s', (minimum, used, missing) => {
    expect(plain(trueUp(exact(minimum), exact(used)))).toBe(missing);
  });

  it('there is none without a minimum', () => {
    expect(trueUp(null, exact(1))).toBe(0n);
  });
});
