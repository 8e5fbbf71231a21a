import type { Queryable, Statement } from '../infra/db.ts';

const READ_RUN: Statement = {
  name: 'webhooks.read_run',
  text: `SELECT position::text AS last, (position - event_count + 1)::text AS first, created_at AS at
    FROM event_runs WHERE organization_id = $1::uuid AND position >= $2::int8
    ORDER BY position LIMIT 1`,
};

interface Run {
  readonly first: string;
  readonly last: string;
  readonly at: Date;
}

/**
 * The first position whose event is from `at` or later; the one behind the last when none is. Halves the log
 * until it is found, which costs few reads where an index on the time would cost every event one more. It
 * takes time to be in the order of positions, which is that of commits: so it is as exact as the clocks of
 * the processes that told the events agree, and to the moment between an event and its commit. Whoever must
 * not leave an event out asks for a little more.
 */
export async function positionAt(
  db: Queryable,
  log: { readonly organizationId: string; readonly after: number; readonly last: number },
  at: Date,
): Promise<number> {
  let low = log.after + 1;
  let high = log.last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [run] = await db.query<Run>(READ_RUN, [log.organizationId, middle]);
    if (!run) return high;
    if (run.at.getTime() < at.getTime()) low = Number(run.last) + 1;
    else high = Math.min(middle, Number(run.first));
  }
  return low;
}
