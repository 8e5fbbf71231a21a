import { afterAll, beforeAll, expect, test } from 'vitest';
import { plain } from '../../src/kit/decimal.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { settledLog } from '../support/settled-log.ts';
import { withClient } from '../support/stored-organization.ts';
import { until } from '../support/until.ts';
import { amountsOf, MARCH, openSimulationShop, refusalOf, type SimulationShop } from './shop.ts';

let shop: SimulationShop;

const EVENTS = 20_000;
const CUSTOMERS = 40;
const TIERS = [{ upTo: '100', unitAmount: '1' }, { unitAmount: '0.5' }];

/** Each customer `at` uses as many events of one unit, and one more of `at` units. */
beforeAll(async () => {
  shop = await openSimulationShop();
  await shop.metric('calls');
  await shop.price('calls', { unitAmount: '1' });
  await shop.draft('tiers', [{ metric: 'calls', model: 'GRADUATED', tiers: TIERS }]);
  shop.clock.set(new Date(MARCH.to));
  const names = Array.from({ length: CUSTOMERS }, (_, at) => `customer-${at}`);
  for (const name of names) await shop.customer(name);
  const occurredAt = (at: number) => new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString();
  await shop.record(
    Array.from({ length: EVENTS }, (_, at) =>
      shop.event(names[at % CUSTOMERS] ?? '', 'calls', { n: 1 }, occurredAt(at)),
    ),
  );
  await shop.record(
    names.slice(1).map((name, at) => shop.event(name, 'calls', { n: at + 1 }, occurredAt(at))),
  );
  // What is written behind the answers is none of the simulation's writing.
  await settledLog(shop.url);
  // Nor is what a vacuum does: it takes away who once locked a row, which the server may do by itself at any time.
  await withClient(shop.url, (client) => client.query('VACUUM (FREEZE)'));
});
afterAll(() => shop?.close());

const EACH = EVENTS / CUSTOMERS;
const MORE = (CUSTOMERS * (CUSTOMERS - 1)) / 2;
const QUANTITY = EVENTS + MORE;
/** The first hundred of each are at 1, the others at 0.5. */
const COST = 100 * CUSTOMERS + (QUANTITY - 100 * CUSTOMERS) / 2;

/** Every row of every table with who wrote it last and where it lies, in short. */
async function fingerprint(): Promise<string[]> {
  return withClient(shop.url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    const prints: string[] = [];
    for (const { name } of rows) {
      const text = `SELECT count(*) || ' ' || coalesce(md5(string_agg(xmin || ' ' || xmax || ' ' || ctid || t::text, ',' ORDER BY ctid)), '')
        AS print FROM "${name}" t`;
      const { rows: found } = await client.query<{ print: string }>(text);
      prints.push(`${name} ${found[0]?.print}`);
    }
    return prints;
  });
}

test('twenty thousand events of many customers are rated, and nothing at all is written', async () => {
  const before = await fingerprint();
  expect(before.find((print) => print.startsWith('usage_events'))).toContain(` ${EVENTS + 39} `);
  const started = performance.now();
  const simulation = await shop.simulated({ plan: 'tiers', ...MARCH, topCustomers: 3 });
  const seconds = (performance.now() - started) / 1_000;
  console.log(`simulate: ${Math.round(simulation.events / seconds)} events a second`);
  expect(await fingerprint()).toEqual(before);

  expect(simulation.events).toBe(EVENTS + CUSTOMERS - 1);
  expect(amountsOf(simulation)).toBe(`${QUANTITY} ${COST}`);
  const [total] = simulation.totals;
  expect(total?.metrics.map(({ quantity }) => plain(quantity))).toEqual([String(QUANTITY)]);
  // It falls by half of what is beyond the first hundred, so most for those who used most.
  const most = [39, 38, 37].map((at) => `${EACH + at} ${100 + (EACH + at - 100) / 2}`);
  expect(
    total?.customers.map(({ actual, simulated }) => `${plain(actual)} ${plain(simulated)}`),
  ).toEqual(most);
  expect(total?.customersLeftOut).toBe(CUSTOMERS - 3);
});

test('charges go on while it runs, and a second one is told to come back', async () => {
  let isDone = false;
  const running = shop.simulated({ plan: 'tiers', ...MARCH }).finally(() => {
    isDone = true;
  });
  const second = await shop.simulate({ plan: 'tiers', ...MARCH });
  expect(second).toEqual({ refusal: 'Overloaded', retryAfterMs: expect.any(Number) });
  // It occurs behind the span, so that the totals stay as they are.
  await shop.use('customer-0', 'calls', { n: 1 }, MARCH.to);
  expect(isDone).toBe(false);
  expect(amountsOf(await running)).toBe(`${QUANTITY} ${COST}`);
  expect(refusalOf(await shop.simulate({ plan: 'tiers', ...MARCH }))).toBe('not refused');
});

test('more events than one may read are refused, and a shorter span or one customer is not', async () => {
  const simulations = shop.bounded(EACH + 1);
  const ask = (more: object) =>
    simulations.simulate(shop.viewer, { plan: 'tiers', ...MARCH, ...more });
  const refused = await ask({});
  expect(refusalOf(refused)).toBe('from TOO_MANY');
  expect(JSON.stringify(refused)).toContain('a shorter span, or for one customer');
  expect(refusalOf(await ask({ customer: { externalId: 'customer-7' } }))).toBe('not refused');
  expect(refusalOf(await ask({ from: '2026-03-02T00:00:00Z', to: '2026-03-02T01:00:00Z' }))).toBe(
    'not refused',
  );
});

test('one that runs when the process stops ends at once', async () => {
  const simulations = shop.bounded(1_000_000);
  const running = simulations.simulate(shop.viewer, { plan: 'tiers', ...MARCH });
  simulations.close();
  await expect(running).rejects.toThrow('The process stops.');
});

test('one whose connection breaks fails alone, and the next one runs', async () => {
  await withClient(shop.url, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE customers IN ACCESS EXCLUSIVE MODE');
    const running = shop.simulate({ plan: 'tiers', ...MARCH });
    const failing = expect(running).rejects.toThrow();
    // It waits for the periods of customers, with the next page of events asked for behind them.
    await until('a simulation that waits for customers', async () => {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks
         WHERE relation = 'customers'::regclass AND NOT granted AND pid <> pg_backend_pid()`,
      );
      return (rowCount ?? 0) > 0;
    });
    await failing;
    await client.query('ROLLBACK');
  });
  expect(amountsOf(await shop.simulated({ plan: 'tiers', ...MARCH }))).toBe(`${QUANTITY} ${COST}`);
});

test('without events everything is nothing', async () => {
  const ask = { plan: 'tiers', from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' };
  const simulation = await shop.simulated(ask);
  expect(isRefusal(simulation)).toBe(false);
  expect(simulation).toMatchObject({ events: 0, unrated: [], totals: [] });
});
