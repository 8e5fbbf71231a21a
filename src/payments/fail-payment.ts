import type { Tx } from '../infra/db.ts';
import { plain, ZERO } from '../kit/decimal.ts';
import { toTypeId } from '../kit/ids.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { PaymentsRoom } from './deps.ts';
import { wasAdmitted } from './limits/admit-charge.ts';
import { nextLook } from './next-look.ts';
import { readParties } from './parties.ts';
import { isOver, type PaymentState, type PaymentStatus } from './payment.ts';
import type { PaymentFailure } from './provider.ts';
import { afterPayment } from './recharge/after-payment.ts';
import { redactFailure } from './redact.ts';
import { lockPayment, noteMismatches, type PaymentKey, writeVerdict } from './store.ts';
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
    const isUnsure = payment.ref === null && (await wasAdmitted(tx, payment));
    // It is called off only when nothing can have been charged.
    if (isUnsure && status === 'CANCELED') return null;
    if (isUnsure && status === 'EXPIRED') await noteUnsure(tx, payment, now);
    const { tax } = payment;
    const last = failure ?? payment.failure;
    const verdict = { status, tax, paid: ZERO, failure: last, actionUrl: null };
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

/** Its card may have been charged, and the provider has never said: people have to look there. */
async function noteUnsure(tx: Tx, payment: PaymentState, now: Date): Promise<void> {
  const { id, organizationId, providerId, amount } = payment;
  const of = { organizationId, providerId, ref: toTypeId('payment', id), payment };
  const mismatch = { kind: 'CHARGE_UNKNOWN', expected: plain(amount), found: 'no answer' } as const;
  await noteMismatches(tx, of, [mismatch], now);
}

export function failPayment(
  room: PaymentsRoom,
  payment: PaymentState,
  failure: PaymentFailure,
): Promise<void> {
  return endPayment(room, payment, 'FAILED', failure);
}
