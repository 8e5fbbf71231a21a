/** Whether a grant is in force: what is not counts for nothing, and what holds have of it neither. */
const isInForce = (grant: string, now: string) =>
  `${grant}.open AND (${grant}.effective_at IS NULL OR ${grant}.effective_at <= ${now})
        AND (${grant}.expires_at IS NULL OR ${grant}.expires_at > ${now})`;

const OVERDRAFT =
  "CASE WHEN w.on_empty = 'ARREARS' THEN 1e27 WHEN w.on_empty = 'BLOCK' THEN 0 ELSE w.overdraft_limit END";

/**
 * What a wallet `w` has available, for finders that look at many: the same as `balanceOf`, but that a policy without a
 * bound allows more than any number. `now` is SQL.
 */
export function availableAt(now: string): string {
  return `(coalesce((SELECT sum(g.remaining) FROM credit_grants g
      WHERE g.wallet_id = w.id AND ${isInForce('g', now)}), 0) - w.debt + ${OVERDRAFT}
    - CASE WHEN w.open_holds = 0 THEN 0 ELSE (
        SELECT least(coalesce(sum(h.overdraft), 0), greatest(${OVERDRAFT} - w.debt, 0)) + coalesce(sum((
          SELECT sum((a ->> 1)::numeric) FROM jsonb_array_elements(h.allocations) a
          JOIN credit_grants g ON g.id = (a ->> 0)::uuid AND g.customer_id = h.customer_id AND ${isInForce('g', now)})), 0)
        FROM holds h WHERE h.wallet_id = w.id AND h.status = 'OPEN' AND h.expires_at > ${now}) END)`;
}
