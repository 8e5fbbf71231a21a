import { createHash } from 'node:crypto';
import type { Db, Queryable } from '../../infra/db.ts';
import { type Clock, DAY_MS, fromEpochMs } from '../../kit/clock.ts';
import { plain, ZERO } from '../../kit/decimal.ts';
import type { PaymentState } from '../payment.ts';
import type { PaymentFailure, ProviderPayment } from '../provider.ts';
import { hashOf } from '../remember-method.ts';
import type { Attempt } from './attempt.ts';
import { FORGET_ATTEMPTS, NOTE_ASKED, NOTE_OUTCOME } from './sql/note-attempt.ts';

/** Counts that a payment is asked for; in the transaction that makes it, behind `checkVelocity`. */
export async function noteAsked(tx: Queryable, attempt: Attempt, now: Date): Promise<void> {
  const { paymentId, organizationId, customerId, assetId, amount, byRule } = attempt;
  const of = [paymentId, organizationId, customerId, assetId, plain(amount), byRule];
  await tx.query(NOTE_ASKED, [...of, attempt.ipHash, attempt.fingerprintHash, now]);
}

/** Counts what a provider's object says has come of an attempt: each failure that differs from those before, and the first money. */
export async function noteOutcome(
  tx: Queryable,
  payment: PaymentState,
  { failure, method, paid }: Pick<ProviderPayment, 'failure' | 'method' | 'paid'>,
  now: Date,
): Promise<void> {
  const { id, organizationId, customerId, assetId, amount, origin } = payment;
  const card = hashOf(organizationId, method?.fingerprint ?? null);
  const of = [organizationId, customerId, assetId, plain(amount), origin === 'AUTO_RECHARGE', card];
  if (failure && isFailure(failure)) {
    await tx.query(NOTE_OUTCOME, [id, failureKey(failure, card), ...of, 'FAILED', now]);
  }
  if (paid > ZERO) await tx.query(NOTE_OUTCOME, [id, 'settled', ...of, 'SETTLED', now]);
}

/** A bank that wants to know whether it is him has not said no. */
function isFailure({ code }: PaymentFailure): boolean {
  return code !== 'AUTHENTICATION_REQUIRED';
}

/** The same for the same failure, however often it is seen. */
function failureKey({ code, attempt = '' }: PaymentFailure, card: string | null): string {
  const hash = createHash('sha256').update(JSON.stringify([code, attempt, card]));
  return `failed:${hash.digest('hex').slice(0, 32)}`;
}

const KEPT_MS = 30 * DAY_MS;

/** Forgets what no limit looks back to. */
export async function forgetAttempts(db: Db, clock: Clock): Promise<void> {
  await db.direct.query(FORGET_ATTEMPTS, [fromEpochMs(clock.now().getTime() - KEPT_MS)]);
}
