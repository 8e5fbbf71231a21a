import { min } from '../kit/decimal.ts';
import { payable } from '../ledger/funds.ts';
import { closingBill } from './closing-bill.ts';
import { letExpire } from './let-expire.ts';
import { payBills } from './pay.ts';
import { leaveCounters } from './settle-counters.ts';
import { endPeriod, writeTerms } from './store.ts';
import { offerNow, pocketOf, tell, type Work } from './work.ts';

/**
 * Ends a subscription for good. What usage was short of the minimum is taken as far as there are funds: a
 * subscription that ends has nothing to wait for. Credits that were given stay until their time is over.
 */
export async function endSubscription(work: Work, at: Date): Promise<void> {
  const { state, tx, now, given } = work;
  // Before the bill: what was charged ahead for the time that is cut off is no usage.
  if (state.periodEnd && state.periodEnd > at) await endPeriod(tx, state, at, now);
  else await leaveCounters(tx, state, now);
  if (state.status !== 'PENDING') await payRest(work, at);
  await writeTerms(tx, state, null, at, now);
  Object.assign(state, {
    status: 'CANCELED' as const,
    endedAt: at,
    cancelAt: null,
    scheduled: null,
    awaitsWalletId: null,
  });
  await letExpire(
    work,
    given.filter(({ rollsOver }) => rollsOver),
  );
  tell(work, 'subscription.canceled');
}

async function payRest(work: Work, at: Date): Promise<void> {
  const { asset } = offerNow(work).definition;
  const [bill] = await closingBill(work, at);
  if (!bill || asset === null) return;
  const most = payable(pocketOf(work, asset).wallet, work.now);
  const fees = bill.fees.map((fee) => ({ ...fee, amount: min(most, fee.amount) }));
  const refusal = await payBills(work, [{ ...bill, fees }]);
  if (refusal) throw new Error('What a wallet can pay was refused.');
}
