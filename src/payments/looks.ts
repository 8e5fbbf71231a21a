import { DAY_MS, fromEpochMs, HOUR_MS, SECOND_MS } from '../kit/clock.ts';
import { applyObject } from './apply-object.ts';
import { beginCheckout } from './begin-payment.ts';
import type { PaymentsRoom } from './deps.ts';
import { endPayment } from './fail-payment.ts';
import type { PaymentState } from './payment.ts';
import { CLAIM_LOOKS, type LookRow } from './sql/claim-looks.ts';
import { noteMismatches, readState } from './store.ts';

/** Looked at in one run: each asks its provider. */
const BATCH = 20;
/** Between two looks at what is open, doubled each time; webhooks say it sooner. */
const FIRST_PAUSE_S = 60;
const LONGEST_PAUSE_S = 3_600;
/** For so long after its page has closed money may still come. */
const LATE_MS = 3 * DAY_MS;
/** When a payment that is settled is compared with its provider again, in days since: refunds and disputes may be lost. */
const SETTLED_LOOKS_DAYS = [1, 7, 30, 90, 120];

/** When a new payment is looked at for the first time. */
export function firstLook(now: Date): Date {
  return fromEpochMs(now.getTime() + FIRST_PAUSE_S * SECOND_MS);
}

/** When the provider of a payment is to be asked again though it says nothing; null: never. */
export function nextLook(
  payment: Pick<PaymentState, 'status' | 'settledAt' | 'expiresAt' | 'looks'>,
  now: Date,
): Date | null {
  if (payment.status === 'SETTLED') return nextSettledLook(payment.settledAt ?? now, now);
  if (now.getTime() > payment.expiresAt.getTime() + LATE_MS) return null;
  const pauseMs = Math.min(FIRST_PAUSE_S * 2 ** payment.looks, LONGEST_PAUSE_S) * SECOND_MS;
  return fromEpochMs(now.getTime() + pauseMs);
}

function nextSettledLook(settledAt: Date, now: Date): Date | null {
  const at = SETTLED_LOOKS_DAYS.map((days) => settledAt.getTime() + days * DAY_MS);
  const next = at.find((ms) => ms > now.getTime() + HOUR_MS);
  return next === undefined ? null : fromEpochMs(next);
}

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
    await beginCheckout(room, payment);
    payment = await readState(db, key);
    if (payment.ref === null) return;
  }
  const opened = await providers.openById(payment.providerId);
  const object = opened && (await opened.provider.fetchPayment(payment.ref ?? ''));
  if (object) await applyObject(room, payment, object);
  else await noteGone(room, payment);
}

/** The provider knows nothing of what it has made. */
async function noteGone({ db, clock }: PaymentsRoom, payment: PaymentState): Promise<void> {
  const { organizationId, providerId, ref } = payment;
  const of = { organizationId, providerId, ref: ref ?? '', payment };
  const mismatch = { kind: 'NOT_PAID' as const, expected: payment.status, found: 'no such object' };
  await noteMismatches(db, of, [mismatch], clock.now());
}
