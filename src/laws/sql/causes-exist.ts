import type { Statement } from '../../infra/db.ts';

/**
 * Law 4, second half: the cause of an entry exists, is the wallet's own, and moves value the way that
 * kind of cause does: usage and what a subscription costs to revenue; a grant from its source; an expiry to
 * breakage; a void, and what goes on into another grant, back to where the grant came from; a repayment from
 * the grant to the debt, both sides alike, and so does a hold that lets go; what a refund or a dispute takes to the refund
 * account and back, its loss from the adjustments, and a debt that other grants pay like any repayment.
 */
export const CAUSES_EXIST: Statement = {
  name: 'laws.causes_exist',
  text: `WITH usage AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN v.id IS NULL THEN 'there is no such event of that customer'
        WHEN c.usage_event_id IS NULL THEN 'there is no such charge on this wallet'
        WHEN e.credit_account <> 'REVENUE' THEN 'usage goes to revenue'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN usage_events v ON v.id = e.cause_id AND v.customer_id = e.customer_id
      LEFT JOIN charges c ON c.usage_event_id = e.cause_id AND c.ordinal = e.charge_ordinal
        AND c.customer_id = e.customer_id AND c.wallet_id = e.wallet_id
      WHERE e.cause = 'USAGE'
    ), repaid AS (
      SELECT cause_id, customer_id,
        sum(CASE WHEN credit_account = 'WALLET' THEN amount ELSE -amount END) AS difference
      FROM ledger_entries WHERE cause IN ('REPAYMENT', 'RELEASE')
        OR cause IN ('REFUND', 'DISPUTE') AND 'RECEIVABLE' IN (debit_account, credit_account)
      GROUP BY cause_id, customer_id
    ), adjusted AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN a.id IS NULL THEN 'there is no such adjustment of this wallet'
        WHEN (a.reason = 'VOID') <> (e.cause = 'VOID') THEN 'the adjustment is of another kind'
        WHEN a.grant_id <> e.grant_id THEN 'the adjustment is of another grant'
        WHEN e.cause = 'VOID' AND (a.grant_id IS DISTINCT FROM e.grant_id OR e.credit_account <> g.source_account)
          THEN 'a void returns a grant to where it came from'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN adjustments a ON a.id = e.cause_id AND a.customer_id = e.customer_id
        AND a.wallet_id = e.wallet_id
      LEFT JOIN credit_grants g ON g.id = e.grant_id AND g.customer_id = e.customer_id
      WHERE e.cause IN ('ADJUSTMENT', 'VOID')
    ), granted AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN g.id IS NULL THEN 'there is no such grant of that customer'
        WHEN e.grant_id <> g.id OR e.grant_id IS NULL AND e.cause <> 'REPAYMENT' THEN 'the entry is on another grant'
        WHEN e.cause = 'GRANT' AND e.debit_account <> g.source_account THEN 'the grant came from elsewhere'
        WHEN e.cause = 'EXPIRY' AND e.credit_account <> 'BREAKAGE' THEN 'what expires goes to breakage'
        WHEN e.cause = 'REPAYMENT' AND 'RECEIVABLE' NOT IN (e.debit_account, e.credit_account)
          THEN 'a repayment passes through the receivable account'
        WHEN r.difference <> 0 THEN 'the grant pays something else than the debt receives'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN credit_grants g ON g.id = e.cause_id AND g.customer_id = e.customer_id
      LEFT JOIN repaid r ON e.cause = 'REPAYMENT' AND r.cause_id = e.cause_id
        AND r.customer_id = e.customer_id
      WHERE e.cause IN ('GRANT', 'EXPIRY', 'REPAYMENT')
    ), subscribed AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN c.id IS NULL THEN 'there is no such charge of a subscription on this wallet'
        WHEN e.credit_account <> 'REVENUE' THEN 'what a subscription costs goes to revenue'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN subscription_charges c ON c.id = e.cause_id AND c.customer_id = e.customer_id
        AND c.wallet_id = e.wallet_id
      WHERE e.cause = 'SUBSCRIPTION'
    ), rolled AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN g.id IS NULL THEN 'there is no such grant in this wallet'
        WHEN g.purpose <> 'ROLLOVER' THEN 'what it goes on into is no rollover'
        WHEN e.grant_id IS NULL OR e.credit_account <> f.source_account
          THEN 'what goes on leaves its grant for where that came from'
        WHEN g.source_account <> f.source_account THEN 'the grant came from elsewhere than what goes on into it'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN credit_grants g ON g.id = e.cause_id AND g.customer_id = e.customer_id
        AND g.wallet_id = e.wallet_id
      LEFT JOIN credit_grants f ON f.id = e.grant_id AND f.customer_id = e.customer_id
      WHERE e.cause = 'ROLLOVER'
    ), released AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN h.id IS NULL THEN 'there is no such hold on this wallet'
        WHEN 'RECEIVABLE' NOT IN (e.debit_account, e.credit_account)
          THEN 'a repayment passes through the receivable account'
        WHEN r.difference <> 0 THEN 'the grants pay something else than the debt receives'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN holds h ON h.id = e.cause_id AND h.customer_id = e.customer_id AND h.wallet_id = e.wallet_id
      LEFT JOIN repaid r ON r.cause_id = e.cause_id AND r.customer_id = e.customer_id
      WHERE e.cause = 'RELEASE'
    ), corrected AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN u.usage_event_id IS NULL THEN 'no such event of that customer was taken back'
        WHEN e.debit_account <> 'REVENUE' THEN 'what usage cost comes back from revenue'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN usage_corrections u ON u.usage_event_id = e.cause_id AND u.customer_id = e.customer_id
      WHERE e.cause = 'CORRECTION'
    ), returned AS (
      SELECT e.wallet_id, e.sequence, e.cause, CASE
        WHEN c.id IS NULL THEN 'there is no such refund or dispute on this wallet'
        WHEN NOT ARRAY[e.debit_account, e.credit_account] && ARRAY['REFUND', 'ADJUSTMENT', 'RECEIVABLE']::ledger_account[]
          THEN 'what goes back is booked to another account'
        WHEN 'ADJUSTMENT' IN (e.debit_account, e.credit_account) AND e.grant_id IS NOT NULL
          THEN 'a loss is of no grant'
        WHEN r.difference <> 0 THEN 'the grants pay something else than the debt receives'
        END AS problem
      FROM ledger_entries e
      LEFT JOIN (
        SELECT 'REFUND'::entry_cause AS cause, id, customer_id, wallet_id FROM payment_refunds
        UNION ALL SELECT 'DISPUTE'::entry_cause, id, customer_id, wallet_id FROM payment_disputes
      ) c ON c.cause = e.cause AND c.id = e.cause_id AND c.customer_id = e.customer_id AND c.wallet_id = e.wallet_id
      LEFT JOIN repaid r ON r.cause_id = e.cause_id AND r.customer_id = e.customer_id
      WHERE e.cause IN ('REFUND', 'DISPUTE')
    )
    SELECT 'wallet' AS noun, wallet_id AS id, format('entry %s, %s: %s', sequence, cause, problem) AS problem
    FROM (
      SELECT * FROM usage UNION ALL SELECT * FROM adjusted UNION ALL SELECT * FROM granted
      UNION ALL SELECT * FROM subscribed UNION ALL SELECT * FROM rolled UNION ALL SELECT * FROM released
      UNION ALL SELECT * FROM corrected UNION ALL SELECT * FROM returned
    ) judged
    WHERE problem IS NOT NULL
    ORDER BY wallet_id, sequence
    LIMIT 3`,
};
