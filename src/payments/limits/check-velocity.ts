import type { Queryable } from '../../infra/db.ts';
import { DAY_MS, fromEpochMs, HOUR_MS, SECOND_MS } from '../../kit/clock.ts';
import { plain } from '../../kit/decimal.ts';
import type { VelocityLimit } from '../refusals.ts';
import type { Attempt } from './attempt.ts';
import { HOURLY_LIMITS, type HourlyLimit, type PaymentLimits } from './limits.ts';
import {
  FIND_DAILY_AMOUNT,
  FIND_FIRST_TOP_UP,
  FIND_REACHED,
  type ReachedRow,
} from './sql/find-reached.ts';
import { LOCK_SUBJECTS } from './sql/lock-subjects.ts';

/**
 * Whether somebody may try to pay: null when he may. Who has been let through, and has written that he was before his transaction
 * ends (`noteAsked`, or the payment itself of a rule), is seen by all who ask after him, however many ask at once. Of several
 * limits the one that lasts longest is the answer. `now` is the server's.
 */
export async function checkVelocity(
  tx: Queryable,
  limits: PaymentLimits,
  attempt: Attempt,
  now: Date,
): Promise<VelocityLimit | null> {
  await tx.query(LOCK_SUBJECTS, [subjectsOf(attempt)]);
  const reached = [
    ...(await findHourly(tx, limits, attempt, now)),
    ...(await findDaily(tx, limits, attempt, now)),
    ...(await findFirst(tx, limits, attempt)),
  ];
  const [longest] = reached.sort((a, b) => endOf(b) - endOf(a));
  return longest ? refusalOf(longest, now) : null;
}

interface Reached {
  readonly limit: VelocityLimit['limit'];
  /** From when on it is not; null: waiting does not help. */
  readonly retryAt: Date | null;
}

function subjectsOf({ customerId, ipHash, fingerprintHash }: Attempt): string[] {
  const names = [`customer:${customerId}`];
  if (ipHash !== null) names.push(`ip:${ipHash}`);
  if (fingerprintHash !== null) names.push(`card:${fingerprintHash}`);
  return names;
}

async function findHourly(
  tx: Queryable,
  { hourly }: PaymentLimits,
  { customerId, ipHash, fingerprintHash, byRule }: Attempt,
  now: Date,
): Promise<Reached[]> {
  const since = fromEpochMs(now.getTime() - HOUR_MS);
  const wanted = Object.keys(HOURLY_LIMITS).map((name) => hourly[name as HourlyLimit]);
  const values = [customerId, ipHash, fingerprintHash, since, ...wanted, byRule];
  return reachedOf(await tx.query<ReachedRow>(FIND_REACHED, values), HOUR_MS);
}

async function findDaily(
  tx: Queryable,
  { dailyAmounts }: PaymentLimits,
  { customerId, assetId, amount, paymentId }: Attempt,
  now: Date,
): Promise<Reached[]> {
  const limit = dailyAmounts.get(assetId);
  if (limit === undefined) return [];
  const since = fromEpochMs(now.getTime() - DAY_MS);
  const values = [customerId, assetId, since, plain(amount), plain(limit), paymentId];
  return reachedOf(await tx.query<ReachedRow>(FIND_DAILY_AMOUNT, values), DAY_MS);
}

async function findFirst(
  tx: Queryable,
  { firstTopUpAmounts }: PaymentLimits,
  { customerId, assetId, amount, paymentId }: Attempt,
): Promise<Reached[]> {
  const limit = firstTopUpAmounts.get(assetId);
  if (limit === undefined) return [];
  const values = [customerId, assetId, plain(amount), plain(limit), paymentId];
  return reachedOf(await tx.query<ReachedRow>(FIND_FIRST_TOP_UP, values), 0);
}

function reachedOf(rows: readonly ReachedRow[], lastsMs: number): Reached[] {
  return rows.map(({ kind: limit, at }) => ({
    limit,
    retryAt: at && fromEpochMs(at.getTime() + lastsMs),
  }));
}

function endOf({ retryAt }: Reached): number {
  return retryAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

function refusalOf({ limit, retryAt }: Reached, now: Date): VelocityLimit {
  const retryAfterSeconds =
    retryAt && Math.max(1, Math.ceil((retryAt.getTime() - now.getTime()) / SECOND_MS));
  return { refusal: 'VelocityLimit', limit, retryAt, retryAfterSeconds };
}
