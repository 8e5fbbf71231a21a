import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { systemClock } from '../src/kit/clock.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { startRedis } from '../test/support/redis.ts';
import { createEventSource } from './events.ts';
import { type Floors, measureFloors } from './floors.ts';
import type { Bench } from './lab.ts';
import { sendBatches, sendRequests, withClients } from './load.ts';
import { pace } from './pace.ts';
import { type Line, quantile } from './report.ts';
import type { ServerProcess } from './server-process.ts';
import { nextSingle, RECORDED } from './single-event.ts';
import { type Subscribed, subscribe } from './subscriber.ts';
import type { Customer } from './world.ts';

/** A change that reached its watcher. */
interface Frame {
  readonly index: number;
  /** When it was decided, and when it came, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly receivedMs: number;
}

const CONNECTIONS = 64;
const BATCH_CLIENTS = 16;
/** Of the charges that as many connections reach, how many are sent: how soon depends on how busy it is. */
const SHARES = [0.1, 0.25, 0.5];
/** Frames that are under way when the load ends. */
const SETTLE_MS = 2_000;

/** How soon a change is seen, against the least that its parts could take; and that the last one always is. */
export async function benchPush(bench: Bench): Promise<Line[]> {
  const redis = await startRedis();
  const server = await bench.startAnother(redis.url);
  try {
    const floors = await measureFloors(bench.pool, redis.url);
    return [...(await pushedSoon(bench, server, floors)), await pushedAtLast(bench, server)];
  } finally {
    await server.stop();
    await redis.stop();
  }
}

function seriesOf(name: string, customers: readonly Customer[]) {
  return createEventSource({ customers, name, occurredAt: systemClock.now(), duplicates: false });
}

async function pushedSoon(bench: Bench, server: ServerProcess, floors: Floors): Promise<Line[]> {
  const { world, sizes, key } = bench;
  const customers = world.customers.slice(0, sizes.subscribers);
  return withClients(server.url, key, CONNECTIONS, async (clients) => {
    const full = seriesOf('full', world.customers);
    await sendBatches(server, clients.slice(0, BATCH_CLIENTS), full, sizes.warmUpEvents);
    const sendAll = () =>
      sendRequests(server, clients, () => nextSingle(full), RECORDED, sizes.roundMs);
    await sendAll();
    const { rate } = await sendAll();
    const lines: Line[] = [];
    for (const share of SHARES) {
      const frames: Frame[] = [];
      const subscribed = await watch(bench, server, customers, (index, { atMs }) => {
        frames.push({ index, atMs, receivedMs: performance.timeOrigin + performance.now() });
      });
      frames.length = 0;
      const some = seriesOf(`share-${share}`, customers);
      const durationMs = sizes.roundMs * 2;
      const sent = await pace(clients, rate * share, durationMs, (client) =>
        client.post(nextSingle(some)),
      );
      subscribed.close();
      const delays = await delaysOf(frames, customers, bench.pool);
      lines.push(soonLine(delays, floors, customers.length, (sent / durationMs) * 1000, rate));
    }
    return lines;
  });
}

function watch(
  { key }: Bench,
  server: ServerProcess,
  customers: readonly Customer[],
  onFrame: Parameters<typeof subscribe>[0]['onFrame'],
): Promise<Subscribed> {
  const walletIds = customers.map(({ walletId }) => toTypeId('wallet', walletId));
  return subscribe({ url: server.url, key, walletIds, onFrame });
}

/** How long frames took, sorted: since the change was decided, and since its commit was begun. */
async function delaysOf(frames: readonly Frame[], customers: readonly Customer[], pool: pg.Pool) {
  const text = `
    SELECT wallet_id, (extract(epoch FROM posted_at) * 1000)::float8 AS at_ms,
      (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 AS commit_ms
    FROM ledger_entries WHERE wallet_id = ANY ($1::uuid[])`;
  const entries = (await pool.query(text, [customers.map(({ walletId }) => walletId)])).rows;
  const commits = new Map(
    entries.map(({ wallet_id, at_ms, commit_ms }) => [`${wallet_id} ${at_ms}`, commit_ms]),
  );
  const committed = frames.map(({ index, atMs, receivedMs }) => {
    const commitMs = commits.get(`${customers[index]?.walletId} ${atMs}`);
    if (commitMs === undefined) throw new Error('A frame tells of a change that is not stored.');
    return receivedMs - commitMs;
  });
  return {
    decided: frames.map(({ atMs, receivedMs }) => receivedMs - atMs).sort((a, b) => a - b),
    committed: committed.sort((a, b) => a - b),
  };
}

function soonLine(
  { decided, committed }: Awaited<ReturnType<typeof delaysOf>>,
  floors: Floors,
  subscribers: number,
  sentRate: number,
  fullRate: number,
): Line {
  const [p50, p99] = [quantile(committed, 0.5), quantile(committed, 0.99)];
  const { commitMs, publishMs, echoMs } = floors;
  const sum = commitMs + publishMs + echoMs;
  return {
    scenario: 'push',
    measure: `from the begin of a commit to its frame: written to disk, published and received; ${count(subscribers)} WebSockets, one for each wallet, ${count(sentRate)} mutations/s, ${Math.round((100 * sentRate) / fullRate)} % of what ${CONNECTIONS} connections reach`,
    value: `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (${count(committed.length)} frames); since the charge was decided p50 ${quantile(decided, 0.5).toFixed(0)} ms, p99 ${quantile(decided, 0.99).toFixed(0)} ms`,
    against: `idle medians: a serial commit ${commitMs.toFixed(2)} ms + a PUBLISH ${publishMs.toFixed(2)} ms + an echo ${echoMs.toFixed(2)} ms`,
    ratio: `**${(p99 / sum).toFixed(0)}** (p99)`,
    target: '25 at most',
  };
}

/** Charges until so many states of wallets were committed; each watcher must have seen the last of its own. */
async function pushedAtLast(bench: Bench, server: ServerProcess): Promise<Line> {
  const { world, sizes, key, pool } = bench;
  const customers = world.customers.slice(0, sizes.subscribers);
  const seen = new Map<string, number>();
  let frames = 0;
  const subscribed = await watch(bench, server, customers, (index, { version }) => {
    frames += 1;
    seen.set(customers[index]?.walletId ?? '', version);
  });
  const before = [...seen.values()].reduce((sum, version) => sum + version, 0);
  const source = seriesOf('last', customers);
  let updates = 0;
  await withClients(server.url, key, BATCH_CLIENTS, async (clients) => {
    while (updates < sizes.updates) {
      await sendBatches(server, clients, source, sizes.batchEvents);
      updates =
        (await versionsOf(customers)).reduce((sum, { version }) => sum + version, 0) - before;
      console.log(`  ${count(updates)} updates`);
    }
  });
  await pause(SETTLE_MS);
  const lost = (await versionsOf(customers)).filter(({ id, version }) => seen.get(id) !== version);
  subscribed.close();

  async function versionsOf(of: readonly Customer[]): Promise<{ id: string; version: number }[]> {
    const ids = of.map(({ walletId }) => walletId);
    const text = 'SELECT id, version::float8 AS version FROM wallets WHERE id = ANY ($1::uuid[])';
    return (await pool.query(text, [ids])).rows;
  }

  return {
    scenario: 'push',
    measure: `final states seen by ${count(customers.length)} watchers after ${count(updates)} updates in batches`,
    value: `${count(customers.length - lost.length)} seen, ${count(frames)} frames`,
    against: 'what the database holds',
    ratio: `**${lost.length} lost**`,
    target: '0 lost over a million',
  };
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
