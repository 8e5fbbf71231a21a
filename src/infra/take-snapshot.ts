import type { Statement } from './db.ts';

/**
 * What makes several statements see one state of a database that goes on changing. Must be the first of its
 * transaction.
 */
export const TAKE_SNAPSHOT: Statement = {
  name: 'infra.take_snapshot',
  text: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
};
