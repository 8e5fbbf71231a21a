import type { Statement } from '../../infra/db.ts';

/**
 * What makes several statements one judgement of a database that goes on changing. Must be the first of
 * its transaction.
 */
export const TAKE_SNAPSHOT: Statement = {
  name: 'laws.take_snapshot',
  text: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
};

/** Grouping a million rows in memory instead of on disk; for this transaction only. */
export const TAKE_MEMORY: Statement = {
  name: 'laws.take_memory',
  text: `SELECT set_config('work_mem', '64MB', true)`,
};
