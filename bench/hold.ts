import type { Viewer } from '../src/access/viewer.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/infra/log.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { isRefusal } from '../src/kit/refusal.ts';
import { start } from '../src/main.ts';
import type { Services } from '../src/services.ts';
import { pairOverHttp } from './hold-http.ts';
import type { Bench } from './lab.ts';
import { withClients } from './load.ts';
import { createPgbench, HOLD } from './pgbench.ts';
import { type Line, median, perSecond, quantile, ratios } from './report.ts';
import type { Customer } from './world.ts';

/** Pairs under way at a time: what waits in a process while a batch commits. */
const AT_ONCE = 256;
const TICK_MS = 2;
/** The same over HTTP. */
const CONNECTIONS = 64;

/** Places a hold and captures it; resolves with how long the two took, in milliseconds. */
type Pair = () => Promise<number>;

/** Pairs of place and capture on one wallet, over HTTP and the service called without, against the least there is. */
export async function benchHold(bench: Bench): Promise<Line[]> {
  const { pool, sizes, databaseUrl, key } = bench;
  const running = await start({
    config: readConfig({ DATABASE_URL: databaseUrl, DRAWDOWN_BOOTSTRAP_KEY: key }),
    log: createLog({ level: 'error' }),
    api: false,
    worker: false,
  });
  try {
    const viewer = await running.services.access.authenticate(`Bearer ${key}`);
    if (isRefusal(viewer)) throw new Error('The key of the benchmarks is refused.');
    const [customer] = bench.world.customers;
    const pair = createPair(running.services, viewer, customer as Customer);
    const lanes = Array.from({ length: AT_ONCE }, () => pair);
    const pgbench = await createPgbench(pool, databaseUrl, Math.ceil(sizes.roundMs / 1000), HOLD);
    const rates: number[] = [];
    const best: { rate: number; clients: number }[] = [];
    const halves: number[] = [];
    const overHttp: number[] = [];
    const hammerHttp = () =>
      withClients(bench.server.url, key, CONNECTIONS, (clients) => {
        const pairs = clients.map((client) => () => pairOverHttp(client, customer as Customer));
        return hammer(pairs, sizes.roundMs);
      });

    await hammer(lanes, sizes.roundMs);
    await hammerHttp();
    for (let round = 1; round <= sizes.rounds; round += 1) {
      const rate = await hammer(lanes, sizes.roundMs);
      rates.push(rate);
      halves.push(await paced(pair, rate / 2, sizes.roundMs));
      best.push(await pgbench());
      overHttp.push(await hammerHttp());
    }
    const direct = `${AT_ONCE} pairs at once, the service called without HTTP`;
    const remote = `${CONNECTIONS} connections, over HTTP`;
    return [
      speedOf(direct, rates, best, '3'),
      latencyOf(halves),
      speedOf(remote, overHttp, best, '0.8, aim 3'),
    ];
  } finally {
    await running.stop();
  }
}

function createPair({ usage }: Services, viewer: Viewer, { externalId }: Customer): Pair {
  let taken = 0;
  return async () => {
    const begun = performance.now();
    const place = { customer: { externalId }, asset: 'USD', amount: '0.0025' };
    const placed = await usage.holds.place(viewer, place);
    if (isRefusal(placed)) throw new Error(`Refused: ${JSON.stringify(placed)}`);
    taken += 1;
    const properties = { model: 'gpt-4o', tokens: 1_000 };
    const events = [{ eventId: `held-${begun}-${taken}`, type: 'llm.request', properties }];
    const hold = toTypeId('hold', placed.holdId);
    const captured = await usage.holds.capture(viewer, { hold, events });
    if (isRefusal(captured)) throw new Error(`Refused: ${JSON.stringify(captured)}`);
    return performance.now() - begun;
  };
}

/** Pairs per second when in each lane one begins as the last one ends. */
async function hammer(
  lanes: readonly (() => Promise<unknown>)[],
  durationMs: number,
): Promise<number> {
  const begun = performance.now();
  let done = 0;
  async function repeat(pair: () => Promise<unknown>): Promise<void> {
    while (performance.now() - begun < durationMs) {
      await pair();
      done += 1;
    }
  }
  await Promise.all(lanes.map(repeat));
  return done / ((performance.now() - begun) / 1000);
}

/** The median time of a pair, in milliseconds, when so many begin each second, come what may. */
async function paced(pair: Pair, rate: number, durationMs: number): Promise<number> {
  const begun = performance.now();
  const times: Promise<number>[] = [];
  while (performance.now() - begun < durationMs) {
    const due = ((performance.now() - begun) / 1000) * rate;
    while (times.length < due) times.push(pair());
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  return quantile(
    (await Promise.all(times)).sort((a, b) => a - b),
    0.5,
  );
}

function speedOf(
  how: string,
  rates: readonly number[],
  best: readonly { readonly rate: number; readonly clients: number }[],
  target: string,
): Line {
  const bestRates = best.map(({ rate }) => rate);
  const clients = [...new Set(best.map((it) => it.clients))].join(' or ');
  return {
    scenario: 'hold',
    measure: `place + capture on one wallet, ${how}`,
    value: perSecond(rates, 'pairs'),
    against: `pgbench, the two transactions alone, best of 1, 8, 32 clients (${clients}): ${perSecond(bestRates, 'pairs')}`,
    ratio: ratios(rates, bestRates),
    target,
  };
}

function latencyOf(halves: readonly number[]): Line {
  return {
    scenario: 'hold',
    measure: 'a pair at half of that load',
    value: `p50 ${median(halves).toFixed(1)} ms`,
    against: '',
    ratio: '',
    target: 'p50 15 ms at most',
  };
}
