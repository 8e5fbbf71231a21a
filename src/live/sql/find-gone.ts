import type { Statement } from '../../infra/db.ts';

/** Which of some connections to the database are no more. Parameter: their process ids. */
export const FIND_GONE: Statement = {
  name: 'live.find_gone',
  text: `SELECT w.writer FROM unnest($1::int[]) AS w (writer)
    WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.pid = w.writer)`,
};
