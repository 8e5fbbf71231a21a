import { systemClock } from '../src/kit/clock.ts';
import { createEventSource } from './events.ts';
import type { Bench } from './lab.ts';
import { sendBatches, sendRequests, withClients } from './load.ts';
import { createPgbench } from './pgbench.ts';
import { type Line, perSecond, ratios } from './report.ts';
import { nextSingle, RECORDED } from './single-event.ts';

const BATCH_CLIENTS = 16;
const SINGLE_CLIENTS = 64;

/** All usage on one wallet: batches against the same spread over all, single events against pgbench. */
export async function benchHot(bench: Bench): Promise<Line[]> {
  return [await benchBatches(bench), await benchSingles(bench)];
}

async function benchBatches({ world, sizes, server, pool, key }: Bench): Promise<Line> {
  const source = (name: string, customers = world.customers) =>
    createEventSource({ customers, name, occurredAt: systemClock.now(), duplicates: true });
  const one = world.customers.slice(0, 1);
  const hot: number[] = [];
  const spread: number[] = [];

  await withClients(server.url, key, BATCH_CLIENTS, async (clients) => {
    const send = async (name: string, customers: typeof one, events: number) => {
      await pool.query('CHECKPOINT');
      return (await sendBatches(server, clients, source(name, customers), events)).rate;
    };
    await send('warm-hot', one, sizes.warmUpEvents);
    await send('warm-spread', [...world.customers], sizes.warmUpEvents);
    for (let round = 1; round <= sizes.rounds; round += 1) {
      hot.push(await send(`hot-${round}`, one, sizes.batchEvents));
      spread.push(await send(`spread-${round}`, [...world.customers], sizes.batchEvents));
    }
  });
  return {
    scenario: 'hot',
    measure: 'one wallet, 16 clients, batches of 100',
    value: perSecond(hot, 'events'),
    against: `the same spread over ${world.customers.length.toLocaleString('en')} wallets: ${perSecond(spread, 'events')}`,
    ratio: ratios(hot, spread),
    target: '0.9',
  };
}

async function benchSingles(bench: Bench): Promise<Line> {
  const { world, sizes, server, pool, key } = bench;
  const customers = world.customers.slice(0, 1);
  const source = createEventSource({
    customers,
    name: 'hot-single',
    occurredAt: systemClock.now(),
    duplicates: false,
  });
  const charge = () =>
    withClients(server.url, key, SINGLE_CLIENTS, (clients) =>
      sendRequests(server, clients, () => nextSingle(source), RECORDED, sizes.roundMs),
    );
  const pgbench = await createPgbench(pool, bench.databaseUrl, Math.ceil(sizes.roundMs / 1000));
  const rates: number[] = [];
  const best: { rate: number; clients: number }[] = [];

  await charge();
  for (let round = 1; round <= sizes.rounds; round += 1) {
    rates.push((await charge()).rate);
    best.push(await pgbench());
  }
  const bestRates = best.map(({ rate }) => rate);
  const clients = [...new Set(best.map((it) => it.clients))].join(' or ');
  return {
    scenario: 'hot',
    measure: 'one wallet, 64 connections, one event a mutation',
    value: perSecond(rates, 'mutations'),
    against: `pgbench, insert and update in a transaction, best of 1, 8, 32 clients (${clients}): ${perSecond(bestRates, 'transactions')}`,
    ratio: ratios(rates, bestRates),
    target: '0.8, aim 1.5',
  };
}
