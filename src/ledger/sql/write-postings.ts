import type { Statement } from '../../infra/db.ts';

/**
 * Writes everything that was decided about locked wallets in one statement: the entries, the grants they
 * touched, the wallets. Parameters: ten columns of entries, four of grants, six of wallets, and the
 * instant of posting; the wallet's organization and customer are joined on, not sent with every entry.
 */
export const WRITE_POSTINGS: Statement = {
  name: 'ledger.write_postings',
  text: `WITH wallet_changes AS (
      SELECT * FROM unnest($15::uuid[], $16::uuid[], $17::uuid[], $18::bigint[], $19::numeric[], $20::numeric[])
        AS w (id, organization_id, customer_id, last_sequence, balance, debt)
    ), entries AS (
      INSERT INTO ledger_entries (organization_id, customer_id, wallet_id, sequence, debit_account,
        credit_account, amount, grant_id, cause, cause_id, charge_ordinal, balance_after, posted_at)
      SELECT w.organization_id, w.customer_id, e.wallet_id, e.sequence, e.debit_account,
        e.credit_account, e.amount, e.grant_id, e.cause, e.cause_id, e.charge_ordinal,
        e.balance_after, $21::timestamptz
      FROM unnest($1::uuid[], $2::bigint[], $3::ledger_account[], $4::ledger_account[], $5::numeric[],
          $6::uuid[], $7::entry_cause[], $8::uuid[], $9::smallint[], $10::numeric[])
        AS e (wallet_id, sequence, debit_account, credit_account, amount, grant_id, cause, cause_id,
          charge_ordinal, balance_after)
      JOIN wallet_changes w ON w.id = e.wallet_id
    ), grants AS (
      UPDATE credit_grants g SET remaining = c.remaining, open = c.open
      FROM unnest($11::uuid[], $12::uuid[], $13::numeric[], $14::boolean[])
        AS c (id, customer_id, remaining, open)
      WHERE g.id = c.id AND g.customer_id = c.customer_id
    )
    UPDATE wallets w SET version = w.version + 1, last_sequence = c.last_sequence, balance = c.balance,
      debt = c.debt, updated_at = $21::timestamptz
    FROM wallet_changes c WHERE w.id = c.id AND w.customer_id = c.customer_id`,
};
