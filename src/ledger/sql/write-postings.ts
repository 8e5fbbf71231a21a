import type { Statement } from '../../infra/db.ts';

/**
 * Writes everything that was decided about locked wallets in one statement: the entries, the grants they
 * touched, the wallets. Parameters, in columns: $1 to $6 the wallets, $7 to $10 the grants, $11 to $13 the
 * kinds of posting (accounts and cause), $14 to $21 the entries, $22 the instant of posting.
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
        ($11::ledger_account[])[e.kind], ($12::ledger_account[])[e.kind], e.amount,
        ($7::uuid[])[e."grant"], ($13::entry_cause[])[e.kind], e.cause_id, e.charge_ordinal,
        e.balance_after, $22::timestamptz
      FROM unnest($14::int[], $15::bigint[], $16::int[], $17::numeric[], $18::int[], $19::uuid[],
          $20::smallint[], $21::numeric[])
        AS e (wallet, sequence, kind, amount, "grant", cause_id, charge_ordinal, balance_after)
    ), grants AS (
      UPDATE credit_grants g SET remaining = c.remaining, open = c.open
      FROM unnest($7::uuid[], $8::int[], $9::numeric[], $10::boolean[])
        AS c (id, wallet, remaining, open)
      WHERE g.id = c.id AND g.customer_id = ($3::uuid[])[c.wallet]
    )
    UPDATE wallets w SET version = w.version + 1, last_sequence = c.last_sequence, balance = c.balance,
      debt = c.debt, updated_at = $22::timestamptz
    FROM unnest($1::uuid[], $3::uuid[], $4::bigint[], $5::numeric[], $6::numeric[])
      AS c (id, customer_id, last_sequence, balance, debt)
    WHERE w.id = c.id AND w.customer_id = c.customer_id`,
};
