import type { Statement } from '../../infra/db.ts';

/**
 * Writes everything that was decided about wallets in one statement: the entries, the grants they touched,
 * the wallets. Parameters, in columns: $1 to $8 the wallets, $9 to $12 the grants, $13 to $15 the kinds of
 * posting (accounts and cause), $16 to $23 the entries, $24 the instant of posting; $25 that of each wallet
 * where some go by a test clock, null where none does; $26 how many holds of each are open.
 *
 * A wallet must still be of the version that was decided on. If it was not locked and has moved on, the
 * statement fails with 40001 (serialization_failure). After a failover that lost commits the same version
 * may stand for something else, or the wallet may be gone: its balance is compared too, and its absence
 * counts as having moved on.
 *
 * Grants and entries name their wallet, and entries their grant and kind, by position in those columns:
 * less to send, nothing to join, and an element of an array of fixed-width values costs nothing to find.
 */
export const WRITE_POSTINGS: Statement = {
  name: 'ledger.write_postings',
  text: `WITH entries AS (
      INSERT INTO ledger_entries (organization_id, customer_id, wallet_id, sequence, debit_account,
        credit_account, amount, grant_id, cause, cause_id, charge_ordinal, balance_after, posted_at)
      SELECT ($2::uuid[])[e.wallet], ($3::uuid[])[e.wallet], ($1::uuid[])[e.wallet], e.sequence,
        ($13::ledger_account[])[e.kind], ($14::ledger_account[])[e.kind], e.amount,
        ($9::uuid[])[e."grant"], ($15::entry_cause[])[e.kind], e.cause_id, e.charge_ordinal,
        e.balance_after, coalesce(($25::timestamptz[])[e.wallet], $24::timestamptz)
      FROM unnest($16::int[], $17::bigint[], $18::int[], $19::numeric[], $20::int[], $21::uuid[],
          $22::smallint[], $23::numeric[])
        AS e (wallet, sequence, kind, amount, "grant", cause_id, charge_ordinal, balance_after)
    ), grants AS (
      UPDATE credit_grants g SET remaining = c.remaining, open = c.open
      FROM unnest($9::uuid[], $10::int[], $11::numeric[], $12::boolean[])
        AS c (id, wallet, remaining, open)
      WHERE g.id = c.id AND g.customer_id = ($3::uuid[])[c.wallet]
    ), moved AS (
      UPDATE wallets w SET last_sequence = c.last_sequence, balance = c.balance, debt = c.debt,
        open_holds = c.open_holds, updated_at = coalesce(c.now, $24::timestamptz),
        version = CASE WHEN w.version = c.version AND w.balance = c.balance_before THEN w.version + 1
          ELSE refuse_moved_on() END
      FROM unnest($1::uuid[], $3::uuid[], $4::bigint[], $5::numeric[], $6::bigint[], $7::numeric[],
          $8::numeric[], $25::timestamptz[], $26::int[])
        AS c (id, customer_id, version, balance_before, last_sequence, balance, debt, now, open_holds)
      WHERE w.id = c.id AND w.customer_id = c.customer_id
      RETURNING 1
    )
    SELECT refuse_moved_on() FROM moved HAVING count(*) <> cardinality($1::uuid[])`,
};
