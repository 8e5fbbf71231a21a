import { closePurse, openPurse } from '../../ledger/purse.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { readParties } from '../parties.ts';
import type { PaymentFailure } from '../provider.ts';
import { readSettings } from '../settings.ts';
import { lockPayment, type PaymentKey } from '../store.ts';
import { openCounter, settleUp } from './apply-returns.ts';
import { readReturns, updateRefund } from './store.ts';
import { giveAgain } from './take-credit.ts';
import { toldOfRefund } from './tell.ts';

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
    const { refunds, disputes } = await readReturns(tx, payment);
    const refund = refunds.find(({ id }) => id === refundId);
    if (refund?.status !== 'PENDING' || refund.ref !== null) return null;
    const { creditAsset } = await readParties(tx, payment);
    const { spentCreditPolicy } = await readSettings(tx, payment.organizationId);
    const { organizationId, customerId, walletName } = payment;
    const keys = { organizationId, customerId, walletName, assets: [creditAsset] };
    const purse = await openPurse(tx, keys, clock);
    const counter = await openCounter(tx, purse, payment, spentCreditPolicy);
    const { wallet, credited, now } = counter;
    const cause = { kind: 'REFUND' as const, id: refund.id, chargeOrdinal: null };
    await giveAgain(tx, wallet, refund, credited.own, cause, now);
    const failed = { ...refund, status: 'FAILED' as const };
    const change = { status: failed.status, ref: null, failure };
    await updateRefund(tx, payment, refund, change, purse.committedAt);
    const others = refunds.filter((one) => one !== refund);
    await settleUp(counter, { refunds: others, disputes });
    const closed = await closePurse(tx, purse, watch);
    const told = [...toldOfRefund(payment, refund, failed), ...closed.told];
    await writeOutbox(tx, told, purse.committedAt);
    return closed.updates;
  });
  if (updates) announce(updates);
}
