import type { Db } from '../../infra/db.ts';
import { type Clock, fromEpochMs, HOUR_MS } from '../../kit/clock.ts';
import { plain } from '../../kit/decimal.ts';
import type { Told } from '../../live/event.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { Announce } from '../../live/publish.ts';
import type { VelocityLimit } from '../refusals.ts';
import type { Attempt } from './attempt.ts';
import { CLAIM_NOTICE } from './sql/claim-notice.ts';

/**
 * Tells the merchant that a limit is reached, in a transaction of its own: that of what was refused has left nothing. Once an
 * hour for each limit and whoever has reached it, so that nobody floods the log with what is refused to him.
 */
export async function tellLimited(
  { db, clock, announce }: { readonly db: Db; readonly clock: Clock; readonly announce: Announce },
  attempt: Attempt,
  refusal: VelocityLimit,
): Promise<void> {
  const isTold = await db.transaction(async (tx) => {
    const now = clock.now();
    const { organizationId } = attempt;
    const before = fromEpochMs(now.getTime() - HOUR_MS);
    const subject = subjectOf(attempt, refusal);
    const of = [organizationId, refusal.limit, subject];
    const [row] = await tx.query(CLAIM_NOTICE, [...of, now, before]);
    if (row) await writeOutbox(tx, [told(attempt, refusal)], now);
    return row !== undefined;
  });
  if (isTold) announce([]);
}

function subjectOf(attempt: Attempt, { limit }: VelocityLimit): string {
  if (limit.startsWith('IP_')) return attempt.ipHash ?? attempt.customerId;
  if (limit.startsWith('CARD_')) return attempt.fingerprintHash ?? attempt.customerId;
  return attempt.customerId;
}

function told(
  { organizationId, customerId, assetId, amount, byRule }: Attempt,
  { limit, retryAt }: VelocityLimit,
): Told {
  const until = retryAt?.toISOString() ?? null;
  return {
    organizationId,
    customerId,
    fact: {
      type: 'payment.limited',
      limit,
      assetId,
      amount: plain(amount),
      byRule,
      retryAt: until,
    },
  };
}
