import type pg from 'pg';
import { connectHttp } from './http-client.ts';

export interface Customer {
  readonly id: string;
  readonly walletId: string;
  readonly externalId: string;
}

/** One organization with a price, and customers whose wallets hold three grants each. */
export interface World {
  readonly customers: readonly Customer[];
}

export interface WorldOptions {
  readonly pool: pg.Pool;
  readonly url: string;
  readonly key: string;
  readonly customers: number;
}

/**
 * The catalogue, made through the graph. Tokens of two models are summed; each has its rate. Requests of
 * the other type are priced by tiers, so that each charge goes by a counter of its customer and model.
 */
const CATALOGUE = `mutation Catalogue {
  createAsset(input: { code: "USD", kind: FIAT }) { __typename }
  createBillableMetric(input: {
    code: "tokens", name: "Tokens", eventType: "llm.request", aggregation: SUM, property: "tokens"
  }) { __typename }
  large: createPrice(input: {
    metric: "tokens", asset: "USD", unitAmount: "0.0000025", dimensions: { model: "gpt-4o" }
  }) { __typename }
  small: createPrice(input: {
    metric: "tokens", asset: "USD", unitAmount: "0.00000015", dimensions: { model: "gpt-4o-mini" }
  }) { __typename }
  tiered: createBillableMetric(input: {
    code: "tiered_tokens", eventType: "llm.tiered", aggregation: SUM, property: "tokens"
  }) { __typename }
  largeTiers: createPrice(input: {
    metric: "tiered_tokens", asset: "USD", model: GRADUATED, dimensions: { model: "gpt-4o" }
    tiers: [{ upTo: "5000", unitAmount: "0.0000025" }, { upTo: "50000", unitAmount: "0.000002" }, { unitAmount: "0.0000015" }]
  }) { __typename }
  smallTiers: createPrice(input: {
    metric: "tiered_tokens", asset: "USD", model: GRADUATED, dimensions: { model: "gpt-4o-mini" }
    tiers: [{ upTo: "5000", unitAmount: "0.00000015" }, { upTo: "50000", unitAmount: "0.00000012" }, { unitAmount: "0.0000001" }]
  }) { __typename }
}`;

/**
 * A promotional grant that runs out after a few events, a bundled one that lasts for some hundred, and
 * one that never ends; the events of a run meet full, nearly empty and spent grants.
 */
const GRANTS = `(VALUES
    (1, 0.005, 'PROMOTIONAL', 'PROMOTIONAL', 10, interval '30 days'),
    (2, 0.05, 'BUNDLED', 'PROMOTIONAL', 50, interval '60 days'),
    (3, 1000000, 'PAID', 'CASH', 50, NULL)
  ) AS g (sequence, amount, purpose, account, priority, lifetime)`;

/** Written as the product would have: every grant has its entry, every balance is the sum of them. */
const FILL = [
  `CREATE TEMP TABLE new AS
    SELECT n, uuidv7() AS customer_id, uuidv7() AS wallet_id FROM generate_series(1, $1::int) AS n`,
  `CREATE TEMP TABLE new_grants AS
    SELECT uuidv7() AS id, new.customer_id, new.wallet_id, g.*, sum(g.amount) OVER (
      PARTITION BY wallet_id ORDER BY g.sequence) AS balance_after FROM new, ${GRANTS}`,
  `INSERT INTO customers (id, organization_id, external_id, created_at, updated_at)
    SELECT customer_id, o.id, 'customer-' || n, now(), now() FROM new, organizations o`,
  // The first rule that an organization begins with is "below half of what there was".
  `INSERT INTO wallets (id, organization_id, customer_id, asset_id, version, last_sequence, balance,
      alert_base, alert_below, alert_version, created_at, updated_at)
    SELECT wallet_id, o.id, customer_id, a.id, 3, 3, g.sum, g.sum, g.sum / 2, o.alert_version, now(), now()
    FROM new, organizations o, assets a, (SELECT sum(amount) AS sum FROM ${GRANTS}) g`,
  `INSERT INTO credit_grants (id, organization_id, customer_id, wallet_id, amount, remaining,
      source_account, purpose, priority, expires_at, next_transition_at, created_at)
    SELECT g.id, o.id, customer_id, wallet_id, amount, amount, account::ledger_account,
      purpose::grant_purpose, priority, now() + lifetime, now() + lifetime, now()
    FROM new_grants g, organizations o`,
  `INSERT INTO ledger_entries (organization_id, customer_id, wallet_id, sequence, debit_account,
      credit_account, amount, grant_id, cause, cause_id, balance_after, posted_at)
    SELECT o.id, customer_id, wallet_id, sequence, account::ledger_account, 'WALLET', amount, g.id,
      'GRANT', g.id, balance_after, now()
    FROM new_grants g, organizations o`,
];

export async function buildWorld(options: WorldOptions): Promise<World> {
  const client = await connectHttp(options.url, options.key);
  const answer = await client.post(JSON.stringify({ query: CATALOGUE }));
  client.close();
  if (/Error|errors/.test(answer)) throw new Error(`The catalogue was refused: ${answer}`);

  const connection = await options.pool.connect();
  await connection.query('BEGIN');
  for (const text of FILL) {
    await connection.query(text, text.includes('$1') ? [options.customers] : []);
  }
  await connection.query('COMMIT');
  await connection.query('DROP TABLE new, new_grants');
  connection.release();
  await options.pool.query('VACUUM ANALYZE');
  await options.pool.query('CHECKPOINT');

  const { rows } = await options.pool.query<Customer>(
    `SELECT c.id, c.external_id AS "externalId", w.id AS "walletId"
      FROM customers c JOIN wallets w ON w.customer_id = c.id ORDER BY c.id`,
  );
  return { customers: rows };
}
