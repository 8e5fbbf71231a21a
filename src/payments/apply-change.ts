import type { Tx } from '../infra/db.ts';
import { plain } from '../kit/decimal.ts';
import { toTypeId } from '../kit/ids.ts';
import { type CommonRefusal, type Conflict, conflict, isRefusal, wordsOf } from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { PaidChange } from '../subscriptions/read-missing.ts';
import { actingFor } from './acting-for.ts';
import type { SubscriptionRoom } from './pay-for-subscription.ts';
import { CLAIM_CHANGE } from './sql/claim-change.ts';
import { failChange, lockPayment, type PaymentKey, readChange } from './store.ts';
import { toldOfChangeFailed } from './tell.ts';

/**
 * Makes the change of a subscription that a payment was made for, once, however often it is asked to: that it is made is written
 * in the transaction that makes it. What cannot be made any more is told; the money is credit all the same.
 */
export async function applyChange(room: SubscriptionRoom, key: PaymentKey): Promise<void> {
  const { db, clock, subscriptions } = room;
  const found = await readChange(db, key);
  if (!found) return;
  const { organization, subscriptionId, change } = found;
  const claim = async (tx: Tx): Promise<Conflict | null> => {
    const claimed = await tx.query(CLAIM_CHANGE, [key.id, key.customerId, clock.now()]);
    return claimed.length === 1 ? null : conflict('payment', 'Its change is made already.');
  };
  const outcome = await subscriptions.changePlan(
    actingFor(organization),
    'applyPaidChange',
    {
      ...(change as PaidChange),
      subscription: toTypeId('subscription', subscriptionId),
      when: 'NOW',
    },
    { lockFirst: claim },
  );
  if (isRefusal(outcome)) await fail(room, key, reasonOf(outcome));
}

/** One that is made meanwhile stays so. */
async function fail(room: SubscriptionRoom, key: PaymentKey, reason: string): Promise<void> {
  const { db, clock, announce } = room;
  const isTold = await db.transaction(async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.changeStatus !== 'WAITING') return false;
    const now = clock.now();
    await failChange(tx, key, reason, now);
    await writeOutbox(tx, toldOfChangeFailed(payment, reason), now);
    return true;
  });
  if (isTold) announce([]);
}

function reasonOf(refusal: CommonRefusal | InsufficientFunds): string {
  switch (refusal.refusal) {
    case 'InsufficientFunds':
      return `The balance does not cover it any more: ${plain(refusal.shortfall)} is missing.`;
    case 'Invalid':
      return wordsOf(refusal.issues);
    case 'Conflict':
      return refusal.message;
    case 'NotFound':
      return `${refusal.what} ${refusal.given} is gone.`;
    case 'IdempotencyMismatch':
      throw new Error('A change of a payment was made with an idempotency key.');
  }
}
