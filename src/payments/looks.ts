import { plain, ZERO } from '../kit/decimal.ts';
import { applyObject } from './apply-object.ts';
import { beginCheckout } from './begin-payment.ts';
import type { PaymentsRoom } from './deps.ts';
import { endPayment } from './fail-payment.ts';
import { FIRST_PAUSE_S, LONGEST_PAUSE_S, nextLook } from './next-look.ts';
import { readParties } from './parties.ts';
import { isOver, type PaymentState } from './payment.ts';
import { chargePayment } from './recharge/charge-payment.ts';
import { sendRefunds } from './refunds/send-refund.ts';
import { CLAIM_LOOKS, type LookRow } from './sql/claim-looks.ts';
import { lockPayment, noteMismatches, type PaymentKey, putOff, readState } from './store.ts';

/** Looked at in one run: each asks its provider. */
const BATCH = 20;
/**
 * Compares payments with what their providers say, without being told to: what was paid and not credited is credited, once;
 * what was credited and is not paid is noted for people. True when more are due than one run takes.
 */
export function createLooks(room: PaymentsRoom) {
  const { db, clock, log } = room;
  return async (): Promise<boolean> => {
    const pauses = [FIRST_PAUSE_S, LONGEST_PAUSE_S];
    const due = await db.direct.query<LookRow>(CLAIM_LOOKS, [clock.now(), BATCH, ...pauses]);
    const looks = due.map(({ id, customer_id }) => lookAt(room, { id, customerId: customer_id }));
    for (const outcome of await Promise.allSettled(looks)) {
      if (outcome.status === 'fulfilled') continue;
      log.warn({ error: outcome.reason }, 'A payment could not be compared with its provider.');
    }
    return due.length === BATCH;
  };
}

/** Asks the provider of one payment, and makes of it what it says. */
export async function lookAt(
  room: PaymentsRoom,
  key: { readonly id: string; readonly customerId: string },
): Promise<void> {
  const { db, providers } = room;
  let payment = await readState(db, key);
  if (payment.ref === null) {
    if (payment.expiresAt <= room.clock.now()) return endPayment(room, payment, 'EXPIRED');
    await begin(room, payment);
    payment = await readState(db, key);
    if (payment.ref === null) return;
  }
  await sendRefunds(room, payment);
  const opened = await providers.openById(payment.providerId);
  const object = opened && (await opened.provider.fetchPayment(payment.ref ?? ''));
  if (object) await applyObject(room, payment, object);
  else await setAside(room, payment);
}

/** Nobody knows whether the provider was asked: it is asked again for the same, and does it once. */
async function begin(room: PaymentsRoom, payment: PaymentState): Promise<void> {
  if (payment.origin === 'AUTO_RECHARGE') await chargePayment(room, payment);
  else await beginCheckout(room, payment);
}

/**
 * The provider knows nothing of what it has made. What was credited is for people to look at; what is open is looked at ever more
 * seldom, and has expired when nobody expects money of it any more.
 */
async function setAside(room: PaymentsRoom, key: PaymentKey): Promise<void> {
  const { db, clock } = room;
  const isOpen = await db.transaction(async (tx) => {
    const payment = await lockPayment(tx, key);
    const { organizationId, providerId, ref, paid } = payment;
    const now = clock.now();
    if (paid > ZERO) {
      const of = { organizationId, providerId, ref: ref ?? '', payment };
      const mismatch = {
        kind: 'NOT_PAID',
        expected: plain(paid),
        found: 'no such object',
      } as const;
      await noteMismatches(tx, of, [mismatch], now);
    }
    const { providerKind } = await readParties(tx, payment);
    const lookAt = nextLook(payment, providerKind, now);
    await putOff(tx, payment, lookAt);
    return lookAt === null && !isOver(payment.status);
  });
  if (isOpen) await endPayment(room, key, 'EXPIRED');
}
