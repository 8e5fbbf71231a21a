import type { Statement } from '../../infra/db.ts';

/** The task that tells a customer of a recharge, as the queue knows it. */
export const SEND_RECHARGE = 'send_recharge_mail';

/**
 * With events that get their place, in their transaction: a job for each that tells of a recharge which its customer has to do
 * something about, where he has an address. A decline that suspends is told once, as that. Parameters, in columns: organizations,
 * the last position of each, and how many runs it got.
 */
export const QUEUE_RECHARGES: Statement = {
  name: 'mail.queue_recharges',
  text: `WITH grown AS (
      SELECT g.organization_id, g.last_position, g.runs
      FROM unnest($1::uuid[], $2::int8[], $3::int[]) AS g (organization_id, last_position, runs)
      WHERE EXISTS (SELECT 1 FROM auto_recharge_rules r WHERE r.organization_id = g.organization_id)
    ), told AS (
      SELECT e.customer_id, e.position, e.created_at, f.fact, f.place
      FROM grown g
      CROSS JOIN LATERAL (
        SELECT r.customer_id, r.position, r.created_at, r.events FROM event_runs r
        WHERE r.organization_id = g.organization_id AND r.position <= g.last_position
        ORDER BY r.position DESC LIMIT g.runs
      ) e
      CROSS JOIN LATERAL json_array_elements(e.events) WITH ORDINALITY AS f (fact, place)
      -- Most runs tell of none, and are not taken apart for that.
      WHERE (e.events::text LIKE '%"recharge.%' OR e.events::text LIKE '%"payment.action_required"%')
        AND CASE f.fact ->> 'type'
          WHEN 'recharge.declined' THEN f.fact ->> 'action' IN ('CHECK_METHOD', 'CHANGE_METHOD')
            AND f.fact ->> 'retryAt' IS NOT NULL
          WHEN 'recharge.suspended' THEN true
          WHEN 'recharge.capped' THEN true
          WHEN 'payment.action_required' THEN EXISTS (SELECT 1 FROM payments p
            WHERE p.id = (f.fact ->> 'paymentId')::uuid AND p.customer_id = e.customer_id AND p.origin = 'AUTO_RECHARGE')
        END
    )
    SELECT (graphile_worker.add_job('${SEND_RECHARGE}',
      json_build_object('customerId', t.customer_id, 'position', t.position, 'place', t.place, 'toldAt', t.created_at, 'fact', t.fact),
      queue_name => 'mail:' || (hashtext(t.customer_id::text) & 3))).id
    FROM told t JOIN customers c ON c.id = t.customer_id AND c.email IS NOT NULL`,
};
