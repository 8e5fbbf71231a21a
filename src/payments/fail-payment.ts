import { ZERO } from '../kit/decimal.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { PaymentsRoom } from './deps.ts';
import { nextLook } from './next-look.ts';
import { readParties } from './parties.ts';
import { isOver, type PaymentState, type PaymentStatus } from './payment.ts';
import type { PaymentFailure } from './provider.ts';
import { afterPayment } from './recharge/after-payment.ts';
import { redactFailure } from './redact.ts';
import { lockPayment, type PaymentKey, writeVerdict } from './store.ts';
import { toldOfPayment } from './tell.ts';

/** Ends a payment of which the provider knows nothing, or will never know more. One that is over stays as it is. */
export async function endPayment(
  room: PaymentsRoom,
  key: PaymentKey,
  status: Extract<PaymentStatus, 'FAILED' | 'CANCELED' | 'EXPIRED'>,
  said: PaymentFailure | null = null,
): Promise<void> {
  const { db, clock, announce } = room;
  const failure = said && redactFailure(said);
  const updates = await db.transaction(async (tx) => {
    const payment = await lockPayment(tx, key);
    if (isOver(payment.status)) return null;
    const now = clock.now();
    const { tax } = payment;
    const verdict = { status, tax, paid: ZERO, failure, actionUrl: null };
    // Money may come all the same where the provider has made something.
    const { providerKind } = await readParties(tx, payment);
    const lookAt =
      payment.ref === null ? null : nextLook({ ...payment, status }, providerKind, now);
    await writeVerdict(tx, payment, verdict, { ref: null, lookAt, now });
    const after = { ...payment, ...verdict };
    const more = await afterPayment(tx, payment, after, null, now);
    await writeOutbox(tx, [...toldOfPayment(payment, after), ...more.told], now);
    return more.updates;
  });
  if (updates) announce([...updates]);
}

export function failPayment(
  room: PaymentsRoom,
  payment: PaymentState,
  failure: PaymentFailure,
): Promise<void> {
  return endPayment(room, payment, 'FAILED', failure);
}
