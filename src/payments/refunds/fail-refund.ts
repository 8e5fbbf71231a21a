import { closePurse, openPurse } from '../../ledger/purse.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { readParties } from '../parties.ts';
import type { PaymentFailure } from '../provider.ts';
import { readSettings } from '../settings.ts';
import { lockPayment, type PaymentKey } from '../store.ts';
import { openCounter } from './apply-returns.ts';
import { giveUp } from './give-up.ts';
import { readReturns } from './store.ts';

/** Gives a refund up that its provider has refused for good: its credit is there again. One that was made meanwhile stays. */
export async function failRefund(
  room: PaymentsRoom,
  key: PaymentKey,
  refundId: string,
  failure: PaymentFailure,
): Promise<void> {
  const { db, clock, watch, announce } = room;
  const updates = await db.transaction(async (tx) => {
    const payment = await lockPayment(tx, key);
    const returns = await readReturns(tx, payment);
    const refund = returns.refunds.find(({ id }) => id === refundId);
    if (refund?.status !== 'PENDING' || refund.ref !== null) return null;
    const { creditAsset } = await readParties(tx, payment);
    const { spentCreditPolicy } = await readSettings(tx, payment.organizationId);
    const { organizationId, customerId, walletName } = payment;
    const keys = { organizationId, customerId, walletName, assets: [creditAsset] };
    const purse = await openPurse(tx, keys, clock);
    const counter = await openCounter(tx, purse, payment, spentCreditPolicy);
    const { told } = await giveUp(counter, returns, [refund], failure);
    const closed = await closePurse(tx, purse, watch);
    await writeOutbox(tx, [...told, ...closed.told], purse.committedAt);
    return closed.updates;
  });
  if (updates) announce(updates);
}
