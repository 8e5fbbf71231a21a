import type { Statement } from '../../infra/db.ts';

const OF_CLOCKS = 'SELECT id, now FROM test_clocks WHERE id = ANY ($1::uuid[])';

/** What time it is by test clocks. Parameter: their ids. */
export const READ_NOWS: Statement = { name: 'clocks.read_nows', text: OF_CLOCKS };

/**
 * The same, and keeps them from being advanced until the transaction ends. Any number of transactions may
 * hold a clock at once; nobody who advances one waits for anything else.
 */
export const HOLD_NOWS: Statement = {
  name: 'clocks.hold_nows',
  text: `${OF_CLOCKS} ORDER BY id FOR SHARE`,
};

export interface NowRow {
  id: string;
  now: Date;
}
