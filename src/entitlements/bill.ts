import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { Owed } from '../ledger/charge.ts';
import type { RatedCharge } from '../rating/rate.ts';

/** What is to be paid in one asset, together or not at all. */
export interface Bill {
  readonly assetId: Id<'asset'>;
  readonly owed: readonly Owed[];
  /** The sum of it. */
  readonly required: Exact;
}

/** Nothing is booked, so it does not matter for what. */
const CAUSE = { kind: 'USAGE', id: '', chargeOrdinal: null } as const;

/** What a charge for usage would be; `metricCode` null draws general grants only. */
export function usageOwed(amount: Exact, metricCode: string | null): Owed {
  return { amount, metricCode, cause: CAUSE, to: 'REVENUE' };
}

/** The charges of one event by asset, in the order in which they would be paid. */
export function billsOf(rated: readonly RatedCharge[]): Bill[] {
  const assetIds = new Set(rated.map(({ price }) => price.assetId));
  return [...assetIds].map((assetId) => {
    const owed = rated
      .filter(({ price }) => price.assetId === assetId)
      .map(({ amount, metric }) => usageOwed(amount, metric.code));
    return { assetId, owed, required: owed.reduce((sum, item) => sum + item.amount, ZERO) };
  });
}
