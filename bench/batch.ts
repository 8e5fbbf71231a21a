import { systemClock } from '../src/kit/clock.ts';
import { createEventSource } from './events.ts';
import type { Bench } from './lab.ts';
import { sendBatches, withClients } from './load.ts';
import { runPrismaBaseline } from './prisma-baseline.ts';
import { createRawInsert } from './raw-insert.ts';
import { type Line, median, perSecond, ratios } from './report.ts';

const CLIENTS = 16;

/** Requests of this type are priced by tiers. */
const TIERED = 'llm.tiered';

/** Batches of 100 from 16 clients, spread over all wallets, against the two ways to write such rows. */
export async function benchBatch(bench: Bench): Promise<Line[]> {
  const { world, sizes, server, pool, key } = bench;
  const source = (name: string, type?: string) =>
    createEventSource({ ...world, name, occurredAt: systemClock.now(), duplicates: true, type });
  const rawInsert = await createRawInsert(pool);
  const rates: number[] = [];
  const tiered: number[] = [];
  const costs: number[] = [];
  const raw: { rate: number; connections: number }[] = [];

  await withClients(server.url, key, CLIENTS, async (clients) => {
    await sendBatches(server, clients, source('warm'), sizes.warmUpEvents);
    await sendBatches(server, clients, source('warm-tiers', TIERED), sizes.warmUpEvents);
    for (let round = 1; round <= sizes.rounds; round += 1) {
      await pool.query('CHECKPOINT');
      const sent = await sendBatches(server, clients, source(`round-${round}`), sizes.batchEvents);
      rates.push(sent.rate);
      costs.push(sent.cpuUs);
      raw.push(await rawInsert(`round-${round}-`));
      await pool.query('CHECKPOINT');
      const byTiers = source(`tiers-${round}`, TIERED);
      tiered.push((await sendBatches(server, clients, byTiers, sizes.batchEvents)).rate);
    }
  });
  const prismaRate = await runPrismaBaseline(
    bench.databaseUrl,
    source('prisma'),
    sizes.prismaEvents,
  );

  const value = `${perSecond(rates, 'events')} (server CPU ${median(costs).toFixed(0)} us an event)`;
  const rawRates = raw.map(({ rate }) => rate);
  const connections = [...new Set(raw.map((it) => it.connections))].join(' or ');
  const common = {
    scenario: 'batch',
    measure: '16 clients, batches of 100, new events only counted',
    value,
  };
  return [
    {
      ...common,
      against: `raw \`pg\` insert of the same rows, best of 1, 2, 4 connections (${connections}): ${perSecond(rawRates, 'events')}`,
      ratio: ratios(rates, rawRates),
      target: '0.35, aim 0.5',
    },
    {
      ...common,
      against: `a Prisma interactive transaction per event, 16 at once, no HTTP: ${perSecond([prismaRate], 'events')}`,
      ratio: ratios(
        rates,
        rates.map(() => prismaRate),
      ),
      target: '10',
    },
    {
      scenario: 'batch',
      measure: 'the same, priced by graduated tiers',
      value: perSecond(tiered, 'events'),
      against: `priced per unit: ${perSecond(rates, 'events')}`,
      ratio: ratios(tiered, rates),
      target: '0.77',
    },
  ];
}
