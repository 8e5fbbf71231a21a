import type { Statement } from '../../infra/db.ts';

/**
 * Law 4, first half: a cause moves value of one grant (or the debt) once. A charge draws a grant once, a
 * grant is booked, expires and repays once, a hold that lets go repays once, an adjustment or a void is booked
 * once, a charge of a subscription draws a grant once, and a grant goes on into another one once. What comes
 * back to a grant that has expired expires again. Refunds and disputes may take, give back and take again: what all of that comes
 * to is judged by law 9.
 */
export const CAUSES_APPLY_ONCE: Statement = {
  name: 'laws.causes_apply_once',
  text: `SELECT 'wallet' AS noun, min(wallet_id::text)::uuid AS id,
      format('%s of {%s:%s}%s is applied %s times to %s: entries %s', cause,
        CASE WHEN cause IN ('USAGE', 'CORRECTION') THEN 'usageEvent' WHEN cause IN ('ADJUSTMENT', 'VOID') THEN 'adjustment'
          WHEN cause = 'SUBSCRIPTION' THEN 'subscriptionCharge' WHEN cause = 'TOP_UP' THEN 'paymentCredit' WHEN cause = 'RELEASE' THEN 'hold' ELSE 'grant' END,
        cause_id, ' charge ' || charge_ordinal, count(*), coalesce('{grant:' || grant_id || '}', 'the debt'),
        string_agg(sequence::text, ', ' ORDER BY sequence)) AS problem
    FROM ledger_entries e
    WHERE cause NOT IN ('REFUND', 'DISPUTE')
    GROUP BY cause, cause_id, charge_ordinal, grant_id
    HAVING count(*) > 1 AND count(*) > 1 + CASE WHEN cause = 'EXPIRY' THEN (SELECT count(*) FROM ledger_entries b
      WHERE b.wallet_id = (min(e.wallet_id::text))::uuid AND b.grant_id = e.grant_id AND b.credit_account = 'WALLET'
        AND (b.cause IN ('CORRECTION', 'REFUND', 'DISPUTE') OR b.cause = 'ADJUSTMENT' AND b.debit_account = 'REVENUE')) ELSE 0 END
    LIMIT 3`,
};
