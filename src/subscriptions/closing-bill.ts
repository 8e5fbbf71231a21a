import { ONE, ZERO } from '../kit/decimal.ts';
import { type Fee, trueUp } from './fees.ts';
import type { Bill } from './pay.ts';
import { partOf, shareOf } from './periods.ts';
import { readMinimums } from './read-minimums.ts';
import { readCountedCards, readUsage } from './usage-of-period.ts';
import { completeUsage, isReadAhead } from './usage-read-ahead.ts';
import { offerNow, pocketOf, type Work } from './work.ts';

/**
 * What usage of the period that ends was short of the minimum. Each version of a plan owes its minimum for the share of
 * the period that the subscription was on it: not before a change, nor while it was paused or after it was cut short.
 */
export async function closingBill(work: Work, at: Date | null = null): Promise<Bill[]> {
  const { state, tx, usageAhead } = work;
  const { asset } = offerNow(work).definition;
  const { periodStart: start, periodEnd } = state;
  if (asset === null || !start || !periodEnd || state.isInTrial) return [];
  const end = at !== null && at < periodEnd ? at : periodEnd;
  const whole = { start, end: periodEnd };
  const { wallet, asset: counted } = pocketOf(work, asset);
  const owed = (await readMinimums(tx, state, { start, end }))
    .filter((minimum) => minimum.asset === asset)
    .reduce((sum, { amount, on }) => sum + shareOf(amount, partOf(whole, on), counted.scale), ZERO);
  if (owed === ZERO) return [];
  const { id: subscriptionId, customerId } = state;
  const of = { subscriptionId, customerId, walletId: wallet.id, assetId: wallet.assetId };
  const period = { start, end };
  const { amount: used, surplus } = isReadAhead(usageAhead, of, whole, end)
    ? await completeUsage(tx, usageAhead, end)
    : await readUsage(tx, of, period, await readCountedCards(tx, of, period), 0);
  const owing = trueUp(owed, used - surplus);
  if (owing === ZERO) return [];
  const fee: Fee = {
    kind: 'MINIMUM',
    code: 'minimum',
    description: 'Minimum commitment',
    quantity: ONE,
    amount: owing,
    missing: owed - used,
  };
  return [{ asset, fees: [fee], period }];
}
