import type { Statement } from '../../infra/db.ts';

/**
 * A clock that may be changed, so that nobody goes by it until the transaction ends: who holds its time is
 * waited for. Parameters: clock; organization, null for any.
 */
export const LOCK_CLOCK: Statement = {
  name: 'clocks.lock',
  text: `SELECT organization_id, status::text AS status, now, target FROM test_clocks
    WHERE id = $1::uuid AND deleted_at IS NULL AND ($2::uuid IS NULL OR organization_id = $2::uuid)
    FOR NO KEY UPDATE`,
};

/** Parameters: clock, instant. */
export const MOVE: Statement = {
  name: 'clocks.move',
  text: 'UPDATE test_clocks SET now = $2::timestamptz WHERE id = $1::uuid',
};

/** Nothing is left to do on the way. Parameter: clock. */
export const ARRIVE: Statement = {
  name: 'clocks.arrive',
  text: `UPDATE test_clocks SET now = target, target = NULL, status = 'READY' WHERE id = $1::uuid`,
};

/** Parameters: clock, instant. */
export const DEPART: Statement = {
  name: 'clocks.depart',
  text: `UPDATE test_clocks SET target = $2::timestamptz, status = 'ADVANCING' WHERE id = $1::uuid`,
};

/** Parameters: clock, instant by the server's time. */
export const DELETE: Statement = {
  name: 'clocks.delete',
  text: `UPDATE test_clocks SET deleted_at = $2::timestamptz, target = NULL, status = 'READY' WHERE id = $1::uuid`,
};

export interface ClockRow {
  organization_id: string;
  status: 'READY' | 'ADVANCING';
  now: Date;
  target: Date | null;
}
