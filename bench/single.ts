import { systemClock } from '../src/kit/clock.ts';
import { createEventSource } from './events.ts';
import type { Bench } from './lab.ts';
import { sendRequests, withClients } from './load.ts';
import { type Line, median, perSecond, ratios } from './report.ts';
import { nextSingle, RECORDED } from './single-event.ts';

const CONNECTIONS = 64;
const NOTHING = JSON.stringify({ query: 'mutation DoNothing { doNothing }' });
const DONE = '"doNothing":true';

/** One event a mutation from 64 connections, against a mutation that does nothing. */
export async function benchSingle(bench: Bench): Promise<Line[]> {
  const { world, sizes, server, key } = bench;
  const source = createEventSource({
    ...world,
    name: 'single',
    occurredAt: systemClock.now(),
    duplicates: false,
  });
  const charge = () =>
    withClients(server.url, key, CONNECTIONS, (clients) =>
      sendRequests(server, clients, () => nextSingle(source), RECORDED, sizes.roundMs),
    );
  const nothing = () =>
    withClients(server.noopUrl, key, CONNECTIONS, (clients) =>
      sendRequests(server, clients, () => NOTHING, DONE, sizes.roundMs),
    );

  await charge();
  await nothing();
  const charged = [];
  const idle = [];
  for (let round = 1; round <= sizes.rounds; round += 1) {
    charged.push(await charge());
    idle.push(await nothing());
  }
  const [rates, idleRates] = [charged, idle].map((rounds) => rounds.map(({ rate }) => rate));
  if (!rates || !idleRates) throw new Error('Nothing was measured.');
  const cost = median(charged.map(({ cpuUs }) => cpuUs)).toFixed(0);
  const idleCost = median(idle.map(({ cpuUs }) => cpuUs)).toFixed(0);
  return [
    {
      scenario: 'single',
      measure: `64 connections, one event a mutation, ${world.customers.length.toLocaleString('en')} wallets`,
      value: `${perSecond(rates, 'mutations')} (server CPU ${cost} us each)`,
      against: `a mutation that does nothing: ${perSecond(idleRates, 'mutations')} (server CPU ${idleCost} us each)`,
      ratio: ratios(rates, idleRates),
      target: '0.6',
    },
  ];
}
