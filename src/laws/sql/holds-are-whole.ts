import type { Statement } from '../../infra/db.ts';

/**
 * Law 12, of each hold by itself: it is on a wallet of its customer; what was ever set aside for it, when it was
 * placed and when it was extended, is its amount; one that is not open sets nothing aside; its captures are counted
 * from 1 without a gap and never beyond what it allows, each event of them exists and cost what its charges on the
 * wallet say; and a wallet knows how many of its holds are open.
 */
export const HOLDS_ARE_WHOLE: Statement = {
  name: 'laws.holds_are_whole',
  text: `WITH paid AS (
      SELECT c.hold_id, c.customer_id, c.usage_event_id, c.capture, c.amount, c.late,
        v.id IS NOT NULL AS exists, coalesce(sum(g.amount), 0) AS charged
      FROM hold_captures c
      LEFT JOIN holds h ON h.id = c.hold_id AND h.customer_id = c.customer_id
      LEFT JOIN usage_events v ON v.id = c.usage_event_id AND v.customer_id = c.customer_id
      LEFT JOIN charges g ON g.usage_event_id = c.usage_event_id AND g.customer_id = c.customer_id
        AND g.wallet_id = h.wallet_id
      GROUP BY c.hold_id, c.customer_id, c.usage_event_id, c.capture, c.amount, c.late, v.id
    ), captured AS (
      SELECT hold_id AS id, customer_id, sum(amount) AS amount, count(DISTINCT capture) AS captures,
        max(capture) AS last, bool_and(exists) AS whole, bool_or(amount <> charged) AS differs
      FROM paid GROUP BY hold_id, customer_id
    ), extended AS (
      SELECT hold_id AS id, customer_id, wallet_id, sum(amount) AS amount
      FROM hold_extensions GROUP BY hold_id, customer_id, wallet_id
    ), aside AS (
      SELECT h.id, h.customer_id, jsonb_array_length(h.allocations) AS allocations, coalesce(e.amount, 0)
          + (SELECT coalesce(sum((r ->> 2)::numeric), 0) FROM jsonb_array_elements(h.reservations) r) AS reserved
      FROM holds h
      LEFT JOIN extended e USING (id, customer_id, wallet_id)
    ), judged AS (
      SELECT coalesce(h.id, c.id) AS id, CASE
        WHEN h.id IS NULL THEN 'has captures, but there is no such hold of that customer'
        WHEN w.id IS NULL THEN 'is on no wallet of that customer'
        WHEN h.amount IS DISTINCT FROM a.reserved THEN format('is of %s, what was set aside adds up to %s',
          trim_scale(h.amount), trim_scale(a.reserved))
        WHEN h.status <> 'OPEN' AND (a.allocations > 0 OR h.overdraft > 0) THEN format('is %s, and sets something aside',
          h.status)
        WHEN h.captures <> coalesce(c.captures, 0) OR h.captures <> coalesce(c.last, 0) THEN
          format('counts %s captures, and has %s of them up to number %s', h.captures, coalesce(c.captures, 0),
            coalesce(c.last, 0))
        WHEN h.captured <> coalesce(c.amount, 0) THEN format('has captured %s, its captures add up to %s',
          trim_scale(h.captured), trim_scale(coalesce(c.amount, 0)))
        WHEN h.captures > h.max_captures THEN format('was captured %s times, it allows %s', h.captures, h.max_captures)
        WHEN h.captures = h.max_captures AND h.status <> 'CAPTURED' THEN 'allows no more captures, and is not closed'
        WHEN NOT c.whole THEN 'was captured for an event that does not exist'
        WHEN c.differs THEN 'was captured for another amount than the charges of an event'
        END AS problem
      FROM holds h
      FULL JOIN captured c USING (id, customer_id)
      LEFT JOIN aside a USING (id, customer_id)
      LEFT JOIN wallets w ON w.id = h.wallet_id AND w.customer_id = h.customer_id
    ), counted AS (
      SELECT w.id, w.open_holds, count(h.id) AS open
      FROM wallets w
      LEFT JOIN holds h ON h.wallet_id = w.id AND h.customer_id = w.customer_id AND h.status = 'OPEN'
      GROUP BY w.id, w.open_holds
    )
    (SELECT 'hold' AS noun, id, problem FROM judged WHERE problem IS NOT NULL ORDER BY id LIMIT 3)
    UNION ALL
    (SELECT 'hold', e.id, format('was extended, but there is no such hold on {wallet:%s}', e.wallet_id)
      FROM extended e
      LEFT JOIN holds h USING (id, customer_id, wallet_id)
      WHERE h.status IS NULL
      LIMIT 3)
    UNION ALL
    (SELECT 'wallet', id, format('counts %s open holds, and has %s', open_holds, open)
      FROM counted WHERE open_holds <> open
      LIMIT 3)`,
};
