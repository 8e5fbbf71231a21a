import type { Statement } from '../../infra/db.ts';

/** The task of this room, as the queue knows it. */
export const SEND_ALERT = 'send_alert_mail';

/**
 * With events that get their place, in their transaction: a job for each alert among them that was told and
 * each address of its rule, so that one who cannot be reached costs the others nothing. At most four are
 * sent at a time, by all workers together: servers of mail mind, and webhooks want to be sent meanwhile.
 * Parameters, in columns: organizations, the last position of each, and how many runs it got.
 */
export const QUEUE_ALERTS: Statement = {
  name: 'mail.queue_alerts',
  text: `WITH grown AS (
      SELECT g.organization_id, g.last_position, g.runs
      FROM unnest($1::uuid[], $2::int8[], $3::int[]) AS g (organization_id, last_position, runs)
      WHERE EXISTS (SELECT 1 FROM alert_rules r WHERE r.organization_id = g.organization_id AND r.emails <> '{}')
    ), raised AS (
      SELECT e.customer_id, f.fact ->> 'alertId' AS alert_id, (f.fact ->> 'ruleId')::uuid AS rule_id
      FROM grown g
      CROSS JOIN LATERAL (
        SELECT r.customer_id, r.events FROM event_runs r
        WHERE r.organization_id = g.organization_id AND r.position <= g.last_position
        ORDER BY r.position DESC LIMIT g.runs
      ) e
      CROSS JOIN LATERAL json_array_elements(e.events) AS f (fact)
      -- Most runs tell of no alert, and are not taken apart for that.
      WHERE e.events::text LIKE '%"alert.raised"%' AND f.fact ->> 'type' = 'alert.raised'
    )
    SELECT (graphile_worker.add_job('${SEND_ALERT}',
      json_build_object('alertId', d.alert_id, 'customerId', d.customer_id, 'to', a.address),
      queue_name => 'mail:' || (hashtext(d.alert_id || a.address) & 3))).id
    FROM raised d
    JOIN alert_rules r ON r.id = d.rule_id
    CROSS JOIN unnest(r.emails) AS a (address)`,
};
