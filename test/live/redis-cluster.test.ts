import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/infra/log.ts';
import { createMetrics } from '../../src/infra/metrics.ts';
import { balanceChannel } from '../../src/live/balance-update.ts';
import type { Unsubscribe } from '../../src/live/bus.ts';
import { createRedisBus } from '../../src/live/redis-bus.ts';
import { slotOf } from '../../src/live/redis-slots.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import {
  startRedisCluster,
  type TestRedisCluster,
  untilAsked,
  whole,
} from '../support/redis-cluster.ts';
import {
  type ApiProcess,
  nextVersion,
  readUntil,
  startConnected,
  startProcess,
} from './api-process.ts';
import { createLedger, type Ledger, organizationOf, until } from './harness.ts';

/** Enough for each of three servers to carry some. */
const WALLETS = Array.from({ length: 30 }, (_, index) => `w${index}`);

let cluster: TestRedisCluster;
let ledger: Ledger;
let writer: ApiProcess;
let reader: ApiProcess;

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster?.stop());
beforeEach(async () => {
  ledger = createLedger();
  const options = { urls: cluster.urls, ledger };
  [writer, reader] = await Promise.all([startConnected(options), startConnected(options)]);
});
afterEach(() => {
  writer.close();
  reader.close();
});

const all = () => [...cluster.masters, cluster.replica];
const balanceSlot = (walletId: string) => slotOf(balanceChannel(organizationOf(walletId)));

function isCarriedBySecond(walletId: string): boolean {
  const slot = balanceSlot(walletId);
  return slot >= 5_461 && slot <= 10_922;
}

/** The wallets with a far watcher each, who has read the first state. */
async function watchAll() {
  for (const id of WALLETS) ledger.commit(id);
  const watchers = WALLETS.map((id) => reader.watch(id));
  expect(await Promise.all(watchers.map(nextVersion))).toEqual(WALLETS.map(() => 1));
  return watchers;
}

/** How many channels are subscribed to at this server, of the sharded and of the ordinary kind. */
async function channelsAt(node: TestRedis) {
  const count = async (kind: string) =>
    (await node.ask('pubsub', kind)).split('\n').filter((line) => line.includes('drawdown')).length;
  return { sharded: await count('shardchannels'), ordinary: await count('channels') };
}

/** The next hint that the reader gets over a subscription that is there already. */
async function hear(walletId: string): Promise<unknown> {
  let leaving: Promise<Unsubscribe> | undefined;
  const told = await new Promise((message) => {
    leaving = reader.bus.subscribe(balanceChannel(organizationOf(walletId)), {
      message,
      resync: () => undefined,
    });
  });
  (await leaving)?.();
  return told;
}

/** The subscriptions that are there hear what the other process tells from now on. */
async function expectHints(): Promise<void> {
  await until(() => writer.connected() && reader.connected());
  const told = WALLETS.map(hear);
  // A server may learn last that its slots are its own no more, and a hint to it is lost.
  const changing = setInterval(() => WALLETS.map(writer.change), 50);
  await Promise.all(told);
  clearInterval(changing);
}

describe('the bus over a Redis Cluster', () => {
  it('tells changes between processes, each by the server whose slot it is', async () => {
    const watchers = await watchAll();
    await expectHints();
    const counts = await Promise.all(cluster.masters.map(channelsAt));
    for (const { sharded, ordinary } of counts) {
      expect(sharded).toBeGreaterThan(0);
      expect(ordinary).toBe(0);
    }
    expect(counts.reduce((sum, { sharded }) => sum + sharded, 0)).toBe(WALLETS.length);
    await Promise.all(watchers.map((watcher) => watcher.return?.()));
    for (const node of cluster.masters) {
      await untilAsked(node, ['pubsub', 'shardchannels'], (answer) => !answer.includes('drawdown'));
    }
  });

  it('finds the others from one address, and a cluster without being told', async () => {
    const newcomer = await startConnected({ urls: [cluster.masters[2].url], ledger });
    const watchers = await watchAll();
    const versions = WALLETS.map((id) => newcomer.change(id).version);
    await Promise.all(watchers.map((watcher, at) => readUntil(watcher, versions[at] as number)));
    newcomer.close();
  });

  it('follows a slot to another server, and listeners are told to resync', async () => {
    const [, from, to] = cluster.masters;
    const walletId = WALLETS.find(isCarriedBySecond) as string;
    let resyncs = 0;
    const listener = {
      message: () => undefined,
      resync: () => {
        resyncs += 1;
      },
    };
    await reader.bus.subscribe(balanceChannel(organizationOf(walletId)), listener);
    const watchers = await watchAll();
    const quiet = resyncs;

    await cluster.moveSlot(balanceSlot(walletId), from, to);
    await until(() => resyncs > quiet);
    expect(await to.ask('pubsub', 'shardchannels')).toContain(
      `${balanceChannel(organizationOf(walletId))}\n`,
    );
    // The writer may learn of it from the answer to this hint only, which is sent again then.
    const told = hear(walletId);
    const update = writer.change(walletId);
    expect(await told).toEqual([update]);
    await Promise.all(watchers.map((watcher) => watcher.return?.()));
    await cluster.moveSlot(balanceSlot(walletId), to, from);
  });

  it('notices that a slot was away for a moment, though it is where it was', async () => {
    const [, from, to] = cluster.masters;
    const walletId = WALLETS.find(isCarriedBySecond) as string;
    await watchAll();
    await cluster.moveSlot(balanceSlot(walletId), from, to);
    await cluster.moveSlot(balanceSlot(walletId), to, from);
    await expectHints();
  });
});

describe('several addresses that are no cluster', () => {
  it('are not used: one process might hear at the one, and another at the other', async () => {
    const alone = [await startRedis(), await startRedis()];
    const lines: string[] = [];
    const log = createLog({
      level: 'error',
      destination: { write: (line) => void lines.push(line) },
    });
    const urls = alone.map(({ url }) => url);
    const bus = createRedisBus({ urls, log, metrics: createMetrics() });
    await until(() => lines.length > 0);
    expect(lines[0]).toContain('REDIS_URL');
    expect(bus.isDegraded()).toBe(true);
    bus.close();
    await Promise.all(alone.map((redis) => redis.stop()));
    expect(lines).toHaveLength(1);
  });
});

describe('a Redis Cluster in trouble', () => {
  it('hangs for three seconds with one of its servers: nobody waits, nothing is lost', async () => {
    const watchers = await watchAll();
    const [, , frozen] = cluster.masters;
    frozen.freeze();
    const thawed = new Promise((resolve) => setTimeout(resolve, 3_000)).then(frozen.thaw);
    const versions = WALLETS.map((id) => writer.change(id).version);
    await until(() => !writer.connected() && !reader.connected());
    await thawed;
    await Promise.all(watchers.map((watcher, at) => readUntil(watcher, versions[at] as number)));
    await expectHints();
  });

  it('goes down as a whole and comes back empty', async () => {
    const watchers = await watchAll();
    await Promise.all(all().map((node) => node.kill9()));
    await until(() => !writer.connected() && !reader.connected());
    const versions = WALLETS.map((id) => writer.change(id).version);
    await Promise.all(all().map((node) => node.restart()));
    await Promise.all(watchers.map((watcher, at) => readUntil(watcher, versions[at] as number)));
    await expectHints();
  });

  it('is away at the start and arrives later', async () => {
    await Promise.all(all().map((node) => node.kill9()));
    const late = startProcess({ urls: cluster.urls, ledger });
    ledger.commit('late');
    const watcher = late.watch('late');
    expect(await nextVersion(watcher)).toBe(1);
    await Promise.all(all().map((node) => node.restart()));
    await Promise.all(all().map(whole));
    await until(() => late.connected() && writer.connected());
    writer.change('late');
    await readUntil(watcher, 2);
    late.close();
  });

  it('loses a master to kill -9: its replica takes over, and later gives it back', async () => {
    const [master] = cluster.masters;
    const { replica } = cluster;
    await untilCopied(replica);
    const watchers = await watchAll();
    const change = () => WALLETS.map((id) => writer.change(id).version);
    const readAll = (versions: number[]) =>
      Promise.all(watchers.map((watcher, at) => readUntil(watcher, versions[at] as number)));

    await master.kill9();
    await until(() => !writer.connected() && !reader.connected());
    const meanwhile = change();
    await untilAsked(replica, ['role'], (answer) => answer.startsWith('master'));
    await readAll(meanwhile);
    await expectHints();
    expect((await channelsAt(replica)).sharded).toBeGreaterThan(0);

    await master.restart();
    await untilCopied(master);
    await cluster.handOver(master);
    await readAll(change());
    await expectHints();
    expect((await channelsAt(master)).sharded).toBeGreaterThan(0);
  });
});

function untilCopied(replica: TestRedis): Promise<void> {
  return untilAsked(replica, ['info', 'replication'], (answer) =>
    answer.includes('master_link_status:up'),
  );
}
