import type { Statement } from '../../infra/db.ts';

/** The task of this room, as the queue knows it. */
export const ADVANCE = 'advance_test_clock';

/** One after the other for a clock: two would do the same, one waiting for the other. */
function addAdvance(id: string): string {
  return `(graphile_worker.add_job('${ADVANCE}', json_build_object('testClockId', ${id}),
    queue_name => 'clock:' || ${id})).id`;
}

/** Parameter: clock. */
export const QUEUE_ADVANCE: Statement = {
  name: 'clocks.queue_advance',
  text: `SELECT ${addAdvance('$1::uuid')}`,
};

/** For clocks that are on their way and have no job: it failed for good. */
export const QUEUE_LEFT_BEHIND: Statement = {
  name: 'clocks.queue_left_behind',
  text: `SELECT ${addAdvance('c.id')} FROM test_clocks c
    WHERE c.status = 'ADVANCING' AND c.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM graphile_worker.jobs j
        WHERE j.queue_name = 'clock:' || c.id AND j.attempts < j.max_attempts)`,
};
