import { type Exact, exact } from '../../kit/decimal.ts';
import type { VelocityLimitKind } from '../refusals.ts';

/** How many of something in an hour; null: as many as there are. */
export type HourlyLimits = Readonly<Record<HourlyLimit, number | null>>;

export type HourlyLimit =
  | 'customerAttempts'
  | 'customerFailures'
  | 'ipAttempts'
  | 'ipFailures'
  | 'cardAttempts'
  | 'cardFailures';

/** How much, by the stored id of what it is paid in; of what is not named as much as anybody likes. */
export type AmountLimits = ReadonlyMap<string, Exact>;

/** What an organization lets its customers try. */
export interface PaymentLimits {
  readonly hourly: HourlyLimits;
  /** Of one customer in 24 hours. */
  readonly dailyAmounts: AmountLimits;
  /** Of one customer until a payment of his has settled. */
  readonly firstTopUpAmounts: AmountLimits;
}

export const HOURLY_LIMITS: Readonly<Record<HourlyLimit, VelocityLimitKind>> = {
  customerAttempts: 'CUSTOMER_ATTEMPTS',
  customerFailures: 'CUSTOMER_FAILURES',
  ipAttempts: 'IP_ATTEMPTS',
  ipFailures: 'IP_FAILURES',
  cardAttempts: 'CARD_ATTEMPTS',
  cardFailures: 'CARD_FAILURES',
};

/** More than people who pay do, and fewer than those who try out cards. */
const DEFAULTS: HourlyLimits = {
  customerAttempts: 5,
  customerFailures: 3,
  ipAttempts: 5,
  ipFailures: 3,
  cardAttempts: 5,
  cardFailures: 3,
};

/** As they are stored: what is not named is as it is by itself. */
export interface StoredLimits extends Partial<HourlyLimits> {
  readonly dailyAmounts?: Readonly<Record<string, string>>;
  readonly firstTopUpAmounts?: Readonly<Record<string, string>>;
}

/** What an organization has said, and what is so by itself. */
export function readLimits(stored: StoredLimits): PaymentLimits {
  const { dailyAmounts = {}, firstTopUpAmounts = {}, ...hourly } = stored;
  return {
    hourly: { ...DEFAULTS, ...hourly },
    dailyAmounts: amountsOf(dailyAmounts),
    firstTopUpAmounts: amountsOf(firstTopUpAmounts),
  };
}

function amountsOf(stored: Readonly<Record<string, string>>): AmountLimits {
  return new Map(Object.entries(stored).map(([assetId, amount]) => [assetId, exact(amount)]));
}

/** Nobody is kept from anything. */
export const NO_LIMITS: PaymentLimits = {
  hourly: {
    customerAttempts: null,
    customerFailures: null,
    ipAttempts: null,
    ipFailures: null,
    cardAttempts: null,
    cardFailures: null,
  },
  dailyAmounts: new Map(),
  firstTopUpAmounts: new Map(),
};
