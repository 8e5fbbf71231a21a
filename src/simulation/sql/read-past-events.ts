import type { Statement } from '../../infra/db.ts';

/**
 * The events that occurred in a span. What occurred then was received near it, which is what the index of the table
 * knows. Parameters: $1 organization, $2 and $3 the span, $4 and $5 when they were received, $6 the customer.
 */
const occurred = (customer: string) => `FROM usage_events v
      WHERE v.organization_id = $1::uuid AND v.occurred_at >= $2::timestamptz AND v.occurred_at < $3::timestamptz
        AND v.received_at >= $4::timestamptz AND v.received_at < $5::timestamptz${customer}`;

const OF_CUSTOMER = ' AND v.customer_id = $6::uuid';

const counting = (customer: string, limit: string) =>
  `SELECT count(*)::int AS events FROM (SELECT 1 ${occurred(customer)} LIMIT ${limit}) e`;

/** How many there are, as far as it matters. The last parameter is where counting ends. */
export const COUNT_EVENTS: Statement = {
  name: 'simulation.count_events',
  text: counting('', '$6::int'),
};
export const COUNT_EVENTS_OF: Statement = {
  name: 'simulation.count_events_of',
  text: counting(OF_CUSTOMER, '$7::int'),
};

/**
 * They are sorted once, on disk if they must be, and read page by page: no index has them in this order, and a page
 * that looks for its own place would sort them again. What each took is looked up behind the sort, when its page is
 * read: therefore a subquery that is not taken apart. Of one that was taken back, what goes by no counter was given
 * back whole; of the others what was given back is known by price.
 */
const declaring = (customer: string) => `DECLARE past_events NO SCROLL CURSOR FOR
    SELECT e.id, e.customer_id, e.type, e.occurred_at, e.properties, k.corrected,
      (SELECT json_agg(json_build_array(t.metric_id, t.asset_id, t.amount::text)) FROM (
        SELECT c.metric_id, p.asset_id, c.amount
        FROM charges c JOIN rates r ON r.id = c.rate_id JOIN prices p ON p.id = r.price_id
        WHERE c.usage_event_id = e.id AND c.customer_id = e.customer_id
          AND (NOT k.corrected OR c.period_start IS NOT NULL)
        UNION ALL
        SELECT p.metric_id, p.asset_id, -b.amount
        FROM charge_corrections b JOIN prices p ON p.id = b.counted_id
        WHERE k.corrected AND b.cause_id = e.id AND b.customer_id = e.customer_id
      ) t) AS took
    FROM (
      SELECT v.id, v.customer_id, v.type, v.occurred_at, v.properties ${occurred(customer)}
      ORDER BY v.customer_id, v.id OFFSET 0
    ) e
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM usage_corrections u
      WHERE u.usage_event_id = e.id AND u.customer_id = e.customer_id) AS corrected OFFSET 0) k
    ORDER BY e.customer_id, e.id`;

/** Customer by customer, in the order in which they were recorded. */
export const DECLARE_EVENTS: Statement = {
  name: 'simulation.declare_events',
  text: declaring(''),
};
export const DECLARE_EVENTS_OF: Statement = {
  name: 'simulation.declare_events_of',
  text: declaring(OF_CUSTOMER),
};

/** A few milliseconds of rating: charges go on between two pages. */
export const FETCH_EVENTS: Statement = {
  name: 'simulation.fetch_events',
  text: 'FETCH FORWARD 500 FROM past_events',
};

export interface PastEventRow {
  id: string;
  customer_id: string;
  type: string;
  occurred_at: Date;
  properties: Record<string, unknown>;
  corrected: boolean;
  took: [metricId: string, assetId: string, amount: string][] | null;
}
