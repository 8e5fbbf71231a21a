import type { Statement } from '../../infra/db.ts';

/**
 * Law 8. The entries of a wallet are numbered from 1 without a gap, each balance is the one before plus
 * what the entry moves, the wallet knows its last number, and its version grew with every posting. (That
 * subscribers saw a subsequence that ends in the last is a matter of tests, not of stored rows.)
 */
export const SEQUENCES_HAVE_NO_GAP: Statement = {
  name: 'laws.sequences_have_no_gap',
  text: `WITH steps AS (
      SELECT wallet_id, customer_id, sequence, posted_at, balance_after,
        coalesce(lag(sequence) OVER w, 0) + 1 AS expected_sequence,
        coalesce(lag(balance_after) OVER w, 0)
          + CASE WHEN credit_account = 'WALLET' THEN amount ELSE -amount END AS expected_balance
      FROM ledger_entries
      WINDOW w AS (PARTITION BY wallet_id, customer_id ORDER BY sequence)
    ), wallet AS (
      SELECT id, w.version, w.last_sequence, coalesce(s.last, 0) AS last, coalesce(s.postings, 0) AS postings
      FROM wallets w
      LEFT JOIN (
        SELECT wallet_id AS id, customer_id, max(sequence) AS last, count(DISTINCT posted_at) AS postings
        FROM ledger_entries GROUP BY wallet_id, customer_id
      ) s USING (id, customer_id)
    )
    (SELECT 'wallet' AS noun, wallet_id AS id, CASE
        WHEN sequence <> expected_sequence THEN format('entry %s follows where %s is expected', sequence, expected_sequence)
        ELSE format('the balance after entry %s is %s, it should be %s', sequence, trim_scale(balance_after),
          trim_scale(expected_balance)) END AS problem
      FROM steps
      WHERE sequence <> expected_sequence OR balance_after <> expected_balance
      ORDER BY wallet_id, sequence
      LIMIT 3)
    UNION ALL
    (SELECT 'wallet', id, CASE
        WHEN last_sequence <> last THEN format('its last sequence is stored as %s, its last entry is %s', last_sequence, last)
        ELSE format('its version is %s after %s postings', version, postings) END
      FROM wallet
      WHERE last_sequence <> last OR version < postings
      LIMIT 3)`,
};
