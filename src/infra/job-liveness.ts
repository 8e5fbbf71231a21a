import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { SECOND_MS } from '../kit/clock.ts';
import type { Queryable, Statement } from './db.ts';

/** How often a runner says of its jobs that it is still there. */
const HEARTBEAT_MS = 5 * SECOND_MS;
/** Several heartbeats. */
const SILENT_MS = 20 * SECOND_MS;

/**
 * Parameter: a runner. A job that is being put away is left alone: to wait for one while holding others could
 * be to wait in a circle.
 */
const SAY_ALIVE = `UPDATE graphile_worker._private_jobs SET locked_at = now() WHERE id IN (
  SELECT id FROM graphile_worker._private_jobs WHERE locked_by = $1 FOR UPDATE SKIP LOCKED)`;

/** Parameter: milliseconds. */
const FIND_SILENT: Statement = {
  name: 'jobs.find_silent',
  text: `SELECT locked_by AS runner FROM graphile_worker.jobs WHERE locked_at IS NOT NULL
    GROUP BY locked_by HAVING max(locked_at) < now() - $1::int8 * interval '1 millisecond'`,
};

/** Parameter: runners. */
const RELEASE: Statement = {
  name: 'jobs.release',
  text: 'SELECT graphile_worker.force_unlock_workers($1::text[])',
};

/**
 * Queues that nobody works on. Whoever stood still, and goes on when his job is another's already, takes the
 * job out of the other's hands: the library puts it away by its id, and then neither unlocks the queue. A queue
 * is taken together with its job, and that it was a while ago is looked at again when it is taken meanwhile.
 * Parameter: milliseconds.
 */
const UNLOCK_DESERTED: Statement = {
  name: 'jobs.unlock_deserted',
  text: `UPDATE graphile_worker._private_job_queues SET locked_by = NULL, locked_at = NULL WHERE id IN (
    SELECT q.id FROM graphile_worker._private_job_queues q
    WHERE q.locked_at < now() - $1::int8 * interval '1 millisecond'
      AND NOT EXISTS (SELECT 1 FROM graphile_worker._private_jobs j
        WHERE j.job_queue_id = q.id AND j.locked_at IS NOT NULL)
    FOR UPDATE SKIP LOCKED)`,
};

/** Says that the runner of this name is there, until it is stopped. */
export function startHeartbeat(pool: pg.Pool, nameOf: () => string): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function beat(): Promise<void> {
    for (;;) {
      await delay(HEARTBEAT_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // What cannot be said now is said the next time.
      await pool.query(SAY_ALIVE, [nameOf()]).catch(() => undefined);
    }
  }

  const beating = beat();
  return {
    async stop() {
      stopping.abort();
      await beating;
    },
  };
}

/**
 * One pass, every some heartbeats: gives the jobs of processes that died to others, and unlocks queues that
 * nobody works on; the library itself would wait for four hours. Who is found silent has until the next pass
 * to speak: when the database comes back from a standstill, everybody has been silent.
 */
export function createReleaseDeadJobs(db: Queryable): () => Promise<void> {
  let suspects = new Set<string>();

  return async () => {
    const rows = await db.query<{ runner: string }>(FIND_SILENT, [SILENT_MS]);
    const silent = rows.map(({ runner }) => runner);
    const dead = silent.filter((runner) => suspects.has(runner));
    suspects = new Set(silent);
    if (dead.length > 0) await db.query(RELEASE, [dead]);
    await db.query(UNLOCK_DESERTED, [SILENT_MS]);
  };
}
