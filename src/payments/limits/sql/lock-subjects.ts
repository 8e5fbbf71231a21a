import type { Statement } from '../../../infra/db.ts';

/**
 * One attempt after the other of the same customer, address or card, until the transaction ends: of those who come at once
 * each sees what the others have added. In one order, so that two who share more than one do not wait for each other. Whoever
 * waits here may hold a wallet, and who holds these locks waits for none. Parameter: what they are called.
 */
export const LOCK_SUBJECTS: Statement = {
  name: 'payments.lock_subjects',
  text: `SELECT 1 AS locked FROM (SELECT pg_advisory_xact_lock(hash) FROM (
      SELECT DISTINCT hashtextextended('drawdown.payment_limits:' || name, 0) AS hash FROM unnest($1::text[]) AS name
      ORDER BY hash) AS subjects) AS lock`,
};
