import type { Statement } from '../../infra/db.ts';

/** Of a set of counters: which they are, and at which versions. */
const COUNTERS =
  'coalesce(sum(hash_record_extended((u.counted_id, u.slice, u.period_start), u.version)), 0)';

/**
 * Customers, and what tells whether anything has changed by which they are decided on: the versions of
 * their subscriptions, wallets and counters. Each of these moves on with every committed change. The counters are
 * those that `READ_COUNTS` reads: there may be hundreds, so that of them there is a sum, in which each stands by itself.
 * Were it of the versions alone, a counter whose period begins would be taken for one whose period has ended.
 * Parameters: customer ids, the end of the oldest counter, the server's time.
 */
export const READ_CUSTOMERS: Statement = {
  name: 'entitlements.read_customers',
  text: `SELECT c.id, c.organization_id, concat_ws('/', c.terms_version,
      (SELECT string_agg(w.id || ':' || w.version, ',' ORDER BY w.id) FROM wallets w
        WHERE w.customer_id = c.id),
      (SELECT ${COUNTERS} FROM usage_counters u WHERE u.customer_id = c.id AND u.kind = 'PRICE'
        AND (c.test_clock_id IS NOT NULL OR u.period_end > $2::timestamptz)),
      (SELECT ${COUNTERS} FROM usage_counters u WHERE u.customer_id = c.id AND u.kind = 'FEATURE'
        AND u.period_end > coalesce(t.now, $3::timestamptz))
    ) AS signature
    FROM customers c LEFT JOIN test_clocks t ON t.id = c.test_clock_id WHERE c.id = ANY ($1::uuid[])`,
};

export interface CustomerRow {
  id: string;
  organization_id: string;
  signature: string;
}
