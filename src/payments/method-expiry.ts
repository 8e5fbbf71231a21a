import { DAY_MS, fromEpochMs } from '../kit/clock.ts';

/** How long before its end it is told that a card expires. */
const NOTICE_MS = 30 * DAY_MS;

/** The end, by UTC, of the month that a card is good until; null for one that does not expire. */
export function expiryOf(expYear: number | null, expMonth: number | null): Date | null {
  if (expYear === null || expMonth === null) return null;
  return fromEpochMs(Date.UTC(expYear, expMonth));
}

/** When it is told that it expires; null for one that does not. */
export function noticeAt(expYear: number | null, expMonth: number | null): Date | null {
  const expiry = expiryOf(expYear, expMonth);
  return expiry && fromEpochMs(expiry.getTime() - NOTICE_MS);
}
