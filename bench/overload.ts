import { systemClock } from '../src/kit/clock.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { createEventSource } from './events.ts';
import type { HttpClient } from './http-client.ts';
import type { Bench } from './lab.ts';
import { sendBatches, sendRequests, withClients } from './load.ts';
import { type Line, quantile } from './report.ts';
import { subscribe } from './subscriber.ts';

const PEAK_CLIENTS = 16;
/** Enough that twice the capacity can be under way: what waits is refused when there is too much. */
const CLIENTS = 400;
const BATCH_SIZE = 100;
const STALLED_SHARE = 0.05;
const TICK_MS = 5;
const ALL_TAKEN = '"refused":0';
const COUNTS = /"recorded":(\d+),"duplicates":\d+,"refused":(\d+)/;

/** Frames of healthy sockets, by their delay. */
interface Watch {
  /** Those since the last call, sorted. */
  take(): number[];
  stall(count: number): void;
  close(): void;
}

/** Twice what it can take, while some sockets are not read: what is still done, and how soon it is seen. */
export async function benchOverload(bench: Bench): Promise<Line[]> {
  const { world, sizes, server, key } = bench;
  const watch = await openWatch(bench);
  const stalled = Math.round(sizes.subscribers * STALLED_SHARE);
  const source = createEventSource({
    ...world,
    name: 'overload',
    occurredAt: systemClock.now(),
    duplicates: false,
  });
  const nextBody = () => source.nextBatch(BATCH_SIZE);
  /** Half of the peak is measured before and half after: a commit costs more as the tables grow. */
  const atPeak = () =>
    withClients(server.url, key, PEAK_CLIENTS, async (clients) => {
      await sendBatches(server, clients, source, sizes.warmUpEvents);
      watch.take();
      const round = await sendRequests(server, clients, nextBody, ALL_TAKEN, sizes.overloadMs / 2);
      return { rate: round.rate * BATCH_SIZE, delays: watch.take() };
    });
  try {
    const before = await atPeak();
    watch.stall(stalled);
    const good = await withClients(server.url, key, CLIENTS, (clients) =>
      offer(clients, nextBody, 2 * before.rate, sizes.overloadMs),
    );
    const overloaded = quantile(watch.take(), 0.99);
    const after = await atPeak();
    const peak = (before.rate + after.rate) / 2;
    const calm = quantile(
      [...before.delays, ...after.delays].sort((a, b) => a - b),
      0.99,
    );
    const common = {
      scenario: 'overload',
      measure: `twice the capacity offered for ${sizes.overloadMs / 1000} s, ${stalled} of ${sizes.subscribers} WebSockets not read`,
    };
    return [
      {
        ...common,
        value: `${whole(good.rate)} events/s recorded, ${whole(good.refused)} refused as OVERLOADED`,
        against: `peak: ${whole(peak)} events/s (${whole(before.rate)} before, ${whole(after.rate)} after)`,
        ratio: `**${(good.rate / peak).toFixed(2)}**`,
        target: '0.9 at least',
      },
      {
        ...common,
        value: `decided to received, p99 of the healthy: ${overloaded.toFixed(0)} ms`,
        against: `p99 at the peak: ${calm.toFixed(0)} ms`,
        ratio: `**${(overloaded / calm).toFixed(2)}**`,
        target: '1.5 at most',
      },
    ];
  } finally {
    watch.close();
  }
}

async function openWatch({ world, sizes, server, key }: Bench): Promise<Watch> {
  const delays: number[] = [];
  let firstHealthy = 0;
  const subscribed = await subscribe({
    url: server.url,
    key,
    walletIds: world.customers
      .slice(0, sizes.subscribers)
      .map(({ walletId }) => toTypeId('wallet', walletId)),
    onFrame(index, { atMs }) {
      if (index >= firstHealthy) delays.push(systemClock.now().getTime() - atMs);
    },
  });
  return {
    take: () => delays.splice(0).sort((a, b) => a - b),
    stall(count) {
      firstHealthy = count;
      subscribed.stall(count);
    },
    close: subscribed.close,
  };
}

/** Sends batches at a rate of events, whatever becomes of them, as far as there are free connections. */
async function offer(
  clients: readonly HttpClient[],
  nextBody: () => string,
  rate: number,
  durationMs: number,
): Promise<{ rate: number; refused: number }> {
  const idle = [...clients];
  /** Bodies that were refused, as whoever sent them keeps them for later. */
  const again: string[] = [];
  const start = performance.now();
  const elapsed = () => performance.now() - start;
  let sent = 0;
  let recorded = 0;
  let refused = 0;
  while (elapsed() < durationMs) {
    while (sent < (elapsed() / 1000) * (rate / BATCH_SIZE) && idle.length > 0) {
      const client = idle.shift() as HttpClient;
      sent += 1;
      const body = again.pop() ?? nextBody();
      void countOf(client.post(body)).then((counted) => {
        if (elapsed() < durationMs) recorded += counted.recorded;
        refused += counted.refused;
        if (counted.recorded === 0) again.push(body);
        idle.push(client);
      });
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  while (idle.length < clients.length) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  return { rate: (recorded / durationMs) * 1000, refused };
}

/** What became of a batch: one that finds the queue full is refused as a whole. */
async function countOf(answer: Promise<string>): Promise<{ recorded: number; refused: number }> {
  try {
    const [, recorded, refused] = COUNTS.exec(await answer) ?? [];
    return { recorded: Number(recorded), refused: Number(refused) };
  } catch (error) {
    if (!String(error).includes('"OVERLOADED"')) throw error;
    return { recorded: 0, refused: BATCH_SIZE };
  }
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
