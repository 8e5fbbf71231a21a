import { DAY_MS, fromEpochMs, HOUR_MS, SECOND_MS } from '../kit/clock.ts';
import type { PaymentState } from './payment.ts';
import type { ProviderKind } from './provider.ts';

/** Between two looks at what is open, doubled each time; webhooks say it sooner. */
export const FIRST_PAUSE_S = 60;
export const LONGEST_PAUSE_S = 3_600;
/** For so long after its page has closed money may still come. */
const LATE_MS = 3 * DAY_MS;
/** When a payment that is settled is compared with its provider again, in days since: refunds and disputes may be lost. */
const SETTLED_LOOKS_DAYS = [1, 7, 30, 90, 120];

/** Nobody tells of what is on a chain: it is looked at all the time. */
const CHAIN_PAUSE_S = 5;

/** When a new payment is looked at for the first time. */
export function firstLook(kind: ProviderKind, now: Date): Date {
  return fromEpochMs(now.getTime() + pauseS(kind, 0) * SECOND_MS);
}

function pauseS(kind: ProviderKind, looks: number): number {
  if (kind === 'ONCHAIN') return CHAIN_PAUSE_S;
  return Math.min(FIRST_PAUSE_S * 2 ** looks, LONGEST_PAUSE_S);
}

/** When the provider of a payment is to be asked again though it says nothing; null: never. */
export function nextLook(
  payment: Pick<PaymentState, 'status' | 'settledAt' | 'expiresAt' | 'looks'>,
  kind: ProviderKind,
  now: Date,
  /** Whether money of it is on its way back. */
  isWaiting = false,
): Date | null {
  if (payment.status === 'SETTLED' && !isWaiting)
    return nextSettledLook(payment.settledAt ?? now, now);
  if (!isWaiting && now.getTime() > payment.expiresAt.getTime() + LATE_MS) return null;
  return fromEpochMs(now.getTime() + pauseS(kind, payment.looks) * SECOND_MS);
}

function nextSettledLook(settledAt: Date, now: Date): Date | null {
  const at = SETTLED_LOOKS_DAYS.map((days) => settledAt.getTime() + days * DAY_MS);
  const next = at.find((ms) => ms > now.getTime() + HOUR_MS);
  return next === undefined ? null : fromEpochMs(next);
}
