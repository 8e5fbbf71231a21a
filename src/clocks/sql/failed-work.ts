import type { Statement } from '../../infra/db.ts';

/** Notes that these failed again. Parameters: whose they are, their keys, the time, the longest pause in seconds. */
export const POSTPONE: Statement = {
  name: 'clocks.postpone',
  text: `INSERT INTO failed_work (work, key, failures, again_at)
    SELECT $1::text, key, 1, $3::timestamptz + interval '1 second' FROM unnest($2::text[]) AS k (key)
    ON CONFLICT (work, key) DO UPDATE SET failures = failed_work.failures + 1,
      again_at = $3::timestamptz + interval '1 second' * least(2 ^ least(failed_work.failures, 30), $4::float8)`,
};

/** What was done has not failed; mostly nothing is there to forget. Parameters: whose they are, their keys. */
export const FORGET_FAILED: Statement = {
  name: 'clocks.forget_failed',
  text: 'DELETE FROM failed_work WHERE work = $1::text AND key = ANY ($2::text[])',
};

/** The condition of a finder that leaves out what waits after it failed. `key` and `now` are SQL. */
export function isReady(work: string, key: string, now: string): string {
  return `NOT EXISTS (SELECT 1 FROM failed_work f
      WHERE f.work = '${work}' AND f.key = (${key})::text AND f.again_at > ${now})`;
}

/** When what is due at `at` may be tried. `key` and `at` are SQL. */
export function readyAt(work: string, key: string, at: string): string {
  return `greatest(${at}, (SELECT f.again_at FROM failed_work f WHERE f.work = '${work}' AND f.key = (${key})::text))`;
}
