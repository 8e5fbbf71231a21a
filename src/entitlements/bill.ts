import type { Exact } from '../kit/decimal.ts';
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

/** An amount that is for no metric. */
export function billOf(assetId: Id<'asset'>, amount: Exact): Bill {
  return { assetId, owed: [usageOwed(amount, null)], required: amount };
}

/** The charges of one event by asset, in the order in which they would be paid. */
export function billsOf(rated: readonly RatedCharge[]): Bill[] {
  const bills: (Bill & { owed: Owed[]; required: Exact })[] = [];
  for (const { price, metric, amount } of rated) {
    const owed = usageOwed(amount, metric.code);
    const bill = bills.find(({ assetId }) => assetId === price.assetId);
    if (!bill) bills.push({ assetId: price.assetId, owed: [owed], required: amount });
    else {
      bill.owed.push(owed);
      bill.required += amount;
    }
  }
  return bills;
}
