import type { Statement } from '../../infra/db.ts';

/**
 * Law 5, usage: an event is recorded with all of its charges and their entries, or not at all. A charge
 * has its event; its entries add up to its amount and are the run of the wallet's sequence that it names
 * (a free one has none); the charges of an event are numbered from 0 without a gap.
 */
export const CHARGES_ARE_WHOLE: Statement = {
  name: 'laws.charges_are_whole',
  text: `WITH paid AS (
      SELECT cause_id, charge_ordinal, customer_id, wallet_id, sum(amount) AS amount, count(*) AS count,
        min(sequence) AS first, max(sequence) AS last
      FROM ledger_entries WHERE cause = 'USAGE'
      GROUP BY cause_id, charge_ordinal, customer_id, wallet_id
    ), judged AS (
      SELECT c.usage_event_id AS id, c.ordinal, CASE
        WHEN v.id IS NULL THEN 'belongs to no event of that customer'
        WHEN c.amount <> coalesce(p.amount, 0) THEN format('the amount is %s, its entries add up to %s',
          trim_scale(c.amount), trim_scale(coalesce(p.amount, 0)))
        WHEN c.entry_count <> coalesce(p.count, 0) THEN format('has %s entries instead of %s',
          coalesce(p.count, 0), c.entry_count)
        WHEN p.count > 0 AND (c.first_sequence <> p.first OR p.last - p.first + 1 <> p.count)
          THEN format('its entries are %s to %s instead of %s of them from %s', p.first, p.last,
            c.entry_count, c.first_sequence)
        WHEN c.ordinal <> row_number() OVER (PARTITION BY c.usage_event_id, c.customer_id ORDER BY c.ordinal) - 1
          THEN 'an earlier charge of the event is missing'
        END AS problem
      FROM charges c
      LEFT JOIN paid p ON p.cause_id = c.usage_event_id AND p.charge_ordinal = c.ordinal
        AND p.customer_id = c.customer_id AND p.wallet_id = c.wallet_id
      LEFT JOIN usage_events v ON v.id = c.usage_event_id AND v.customer_id = c.customer_id
        AND v.organization_id = c.organization_id
    )
    SELECT 'usageEvent' AS noun, id, format('charge %s: %s', ordinal, problem) AS problem
    FROM judged WHERE problem IS NOT NULL
    ORDER BY id, ordinal
    LIMIT 3`,
};

/**
 * Law 5, the rest: a grant was booked in full when it was made; an adjustment and a charge of a subscription
 * have entries that add up to them, and what was left of a grant arrived whole in the one that it went on
 * into. A wallet without entries is nothing yet, and allowed.
 */
export const GRANTS_ARE_WHOLE: Statement = {
  name: 'laws.grants_are_whole',
  text: `WITH booked AS (
      SELECT grant_id AS id, customer_id,
        -- What came back to a grant was booked before; but a correction, and what was paid and is not had, may make
        -- one, by its first entry.
        coalesce(sum(amount) FILTER (WHERE cause NOT IN ('CORRECTION', 'REFUND', 'DISPUTE') AND NOT (cause = 'ADJUSTMENT' AND debit_account = 'REVENUE')), (array_agg(amount ORDER BY sequence))[1]) AS amount
      FROM ledger_entries WHERE grant_id IS NOT NULL AND credit_account = 'WALLET'
      GROUP BY grant_id, customer_id
    ), adjusted AS (
      SELECT cause_id AS id, customer_id, sum(CASE WHEN credit_account = 'WALLET' THEN amount ELSE -amount END) AS amount
      FROM ledger_entries WHERE cause IN ('ADJUSTMENT', 'VOID')
      GROUP BY cause_id, customer_id
    ), left_by AS (
      SELECT cause, cause_id AS id, customer_id, sum(amount) AS amount
      FROM ledger_entries WHERE cause IN ('SUBSCRIPTION', 'ROLLOVER') AND debit_account = 'WALLET'
      GROUP BY cause, cause_id, customer_id
    )
    (SELECT 'grant' AS noun, g.id, format('is of %s, its entries booked %s', trim_scale(g.amount),
        trim_scale(coalesce(b.amount, 0))) AS problem
      FROM credit_grants g LEFT JOIN booked b USING (id, customer_id)
      WHERE g.amount <> coalesce(b.amount, 0)
      LIMIT 3)
    UNION ALL
    (SELECT 'adjustment', a.id, format('is of %s, its entries add up to %s', trim_scale(a.amount),
        trim_scale(coalesce(b.amount, 0)))
      FROM adjustments a LEFT JOIN adjusted b USING (id, customer_id)
      WHERE a.amount <> coalesce(b.amount, 0)
      LIMIT 3)
    UNION ALL
    (SELECT 'subscriptionCharge', c.id, format('is of %s, its entries add up to %s', trim_scale(c.amount),
        trim_scale(coalesce(l.amount, 0)))
      FROM subscription_charges c
      LEFT JOIN left_by l ON l.id = c.id AND l.customer_id = c.customer_id AND l.cause = 'SUBSCRIPTION'
      WHERE c.amount <> coalesce(l.amount, 0)
      LIMIT 3)
    UNION ALL
    (SELECT 'grant', l.id, format('is of %s, what went on into it was %s', trim_scale(g.amount),
        trim_scale(l.amount))
      FROM left_by l JOIN credit_grants g ON g.id = l.id AND g.customer_id = l.customer_id
      WHERE l.cause = 'ROLLOVER' AND g.amount <> l.amount
      LIMIT 3)`,
};

/** Law 5, corrections: what was given back of an event is what was booked for it, wallet by wallet. */
export const CORRECTIONS_ARE_WHOLE: Statement = {
  name: 'laws.corrections_are_whole',
  text: `WITH booked AS (
      SELECT cause_id AS id, customer_id, wallet_id, sum(amount) AS amount
      FROM ledger_entries WHERE cause = 'CORRECTION' GROUP BY cause_id, customer_id, wallet_id
    ), stated AS (
      SELECT k.cause_id AS id, k.customer_id, k.wallet_id, sum(k.amount) AS amount
      FROM charge_corrections k JOIN usage_corrections u ON u.usage_event_id = k.cause_id AND u.customer_id = k.customer_id
      WHERE k.wallet_id IS NOT NULL GROUP BY k.cause_id, k.customer_id, k.wallet_id
    )
    SELECT 'usageEvent' AS noun, id, format('%s was given back, its entries add up to %s',
      trim_scale(coalesce(s.amount, 0)), trim_scale(coalesce(b.amount, 0))) AS problem
    FROM stated s FULL JOIN booked b USING (id, customer_id, wallet_id)
    WHERE s.amount IS DISTINCT FROM b.amount
    LIMIT 3`,
};
