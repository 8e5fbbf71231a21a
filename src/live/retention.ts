import type { Queryable } from '../infra/db.ts';
import { type Clock, DAY_MS, fromEpochMs } from '../kit/clock.ts';
import { FIND_OLD_LOGS, FORGET_EVENTS } from './sql/forget-events.ts';

/** Runs forgotten in one statement. */
const BATCH = 1_000;

/**
 * Forgets events that are older than so many days, of each organization some; true when more is due. A
 * cursor that stands before what was forgotten is answered with CURSOR_EXPIRED.
 */
export async function forgetOldEvents(
  db: Queryable,
  clock: Clock,
  retentionDays: number,
): Promise<boolean> {
  const before = fromEpochMs(clock.now().getTime() - retentionDays * DAY_MS);
  const logs = await db.query<{ organization_id: string }>(FIND_OLD_LOGS, [before]);
  let isMore = false;
  for (const { organization_id } of logs) {
    const [row] = await db.query<{ count: number }>(FORGET_EVENTS, [
      organization_id,
      before,
      BATCH,
    ]);
    if (row?.count === BATCH) isMore = true;
  }
  return isMore;
}
