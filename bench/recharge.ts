import type pg from 'pg';
import type { Viewer } from '../src/access/viewer.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/infra/log.ts';
import { systemClock } from '../src/kit/clock.ts';
import { type Id, newId, toTypeId } from '../src/kit/ids.ts';
import { isRefusal } from '../src/kit/refusal.ts';
import { start } from '../src/main.ts';
import type { Services } from '../src/services.ts';
import type { Bench } from './lab.ts';
import { type Line, quantile } from './report.ts';
import type { Customer } from './world.ts';

/** Debits that cross begin so often, come what may. */
const EACH_MS = 500;
/** In a round: so many that a hundredth of all is more than one. */
const PER_ROUND = 40;
/** A dime: more than a wallet has above the million that its rule begins at. */
const CROSSING = { model: 'gpt-4o', tokens: 40_000 };
/** Whether all are credited is asked seldom: asking takes time of what is measured. */
const LOOK_MS = 250;
const RULE = { threshold: '1000000', amount: '1', maxAmount: '10', maxCount: 10 };

/**
 * From a debit that crosses the threshold of a rule until the credit is committed by the worker of another process, by the time
 * of the database. The sandbox takes no time of its own: whatever a provider takes comes on top.
 */
export async function benchRecharge(bench: Bench): Promise<Line[]> {
  const { pool, sizes, databaseUrl, key, world } = bench;
  const running = await start({
    config: readConfig({ DATABASE_URL: databaseUrl, DRAWDOWN_BOOTSTRAP_KEY: key }),
    log: createLog({ level: 'error' }),
    api: false,
    worker: false,
  });
  try {
    const { services } = running;
    const viewer = await services.access.authenticate(`Bearer ${key}`);
    if (isRefusal(viewer)) throw new Error('The key of the benchmarks is refused.');
    const count = sizes.rounds * PER_ROUND;
    const warmUps = Math.ceil(count / 10);
    const customers = world.customers.slice(0, count + warmUps);
    await equip(services, viewer, pool, customers);
    await paced(services, viewer, customers.slice(0, warmUps));
    await credited(pool, warmUps);
    const begins = await paced(services, viewer, customers.slice(warmUps));
    const commits = await credited(pool, customers.length);
    const times = [...begins].map(([id, beganMs]) => (commits.get(id) ?? Number.NaN) - beganMs);
    return [lineOf(times.sort((a, b) => a - b))];
  } finally {
    await running.stop();
  }
}

/** Gives each a card and a rule. */
async function equip(
  services: Services,
  viewer: Viewer,
  pool: pg.Pool,
  customers: readonly Customer[],
): Promise<void> {
  const [first] = customers;
  if (!first) throw new Error('There are no customers.');
  // The sandbox is there as soon as it is asked for anything.
  const asked = { asset: 'USD', amount: '1' };
  given(await services.payments.createTopUp(viewer, first.id as Id<'customer'>, asked));
  for (const { id, walletId } of customers) {
    const method = newId('paymentMethod');
    await pool.query(
      `INSERT INTO payment_methods (id, organization_id, customer_id, provider_id, token, brand, created_at)
        SELECT $1::uuid, organization_id, $2::uuid, id, 'sbm_pays', 'visa', now() FROM payment_providers WHERE kind = 'SANDBOX'`,
      [method, id],
    );
    const names = {
      wallet: toTypeId('wallet', walletId),
      method: toTypeId('paymentMethod', method),
    };
    given(await services.payments.saveRechargeRule(viewer, { ...names, ...RULE }));
  }
}

/** Has each of them cross; when it began, by customer. */
async function paced(
  services: Services,
  viewer: Viewer,
  customers: readonly Customer[],
): Promise<ReadonlyMap<string, number>> {
  const begun = performance.now();
  const begins = new Map<string, number>();
  const debits: Promise<void>[] = [];
  for (const [index, { id, externalId }] of customers.entries()) {
    const wait = begun + index * EACH_MS - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    begins.set(id, systemClock.now().getTime());
    const event = { eventId: `cross-${externalId}`, type: 'llm.request', properties: CROSSING };
    debits.push(services.usage.record(viewer, { ...event, customer: { externalId } }).then(given));
  }
  await Promise.all(debits);
  return begins;
}

/** When each credit was committed, by customer, once there are so many. */
async function credited(pool: pg.Pool, count: number): Promise<ReadonlyMap<string, number>> {
  for (;;) {
    const { rows } = await pool.query<{ customer_id: string; commit_ms: number }>(
      `SELECT customer_id, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 AS commit_ms
        FROM payment_credits`,
    );
    if (rows.length >= count) return new Map(rows.map((row) => [row.customer_id, row.commit_ms]));
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function given<Outcome extends object>(outcome: Outcome): void {
  if (isRefusal(outcome)) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
}

function lineOf(sorted: readonly number[]): Line {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share).toFixed(0));
  return {
    scenario: 'recharge',
    measure: `debit that crosses -> credited, ${1_000 / EACH_MS} a second (${sorted.length})`,
    value: `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`,
    against: '',
    ratio: '',
    target: "p99 1 s at most beyond the provider's own delay",
  };
}
