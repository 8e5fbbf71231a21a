import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/infra/metrics.ts';
import { createRedisConnections } from '../../src/infra/redis.ts';
import type { BalanceHub } from '../../src/live/balance-hub.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import type { Bus } from '../../src/live/bus.ts';
import { createPublishBalances } from '../../src/live/publish.ts';
import { createRedisBus } from '../../src/live/redis-bus.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { createLedger, createTestHub, type Ledger, silentLog, turn, until } from './harness.ts';

/** What one API process has: its own connections, bus and hub, over the common database. */
interface ApiProcess {
  readonly bus: Bus;
  readonly hub: BalanceHub;
  connected(): boolean;
  /** Commits a change and tells it. */
  change(walletId: string): BalanceUpdate;
  watch(walletId: string): AsyncIterableIterator<BalanceUpdate, undefined>;
}

let redis: TestRedis;
let ledger: Ledger;
let started: ApiProcess[];

beforeEach(async () => {
  redis = await startRedis();
  ledger = createLedger();
  started = [];
});
afterEach(async () => {
  for (const { hub, bus } of started) {
    hub.close();
    bus.close();
  }
  await redis.stop();
});

function startProcess(): ApiProcess {
  const bus = createRedisBus({ urls: [redis.url], log: silentLog, metrics: createMetrics() });
  const hub = createTestHub(bus, ledger);
  const publish = createPublishBalances({ bus });
  const process: ApiProcess = {
    bus,
    hub,
    connected: () => !bus.isDegraded(),
    change(walletId) {
      const update = ledger.commit(walletId);
      publish([update]);
      return update;
    },
    watch: (walletId) => hub.watchBalance({ walletId, readSnapshot: ledger.read }),
  };
  started.push(process);
  return process;
}

async function startConnected(): Promise<ApiProcess> {
  const process = startProcess();
  await until(process.connected);
  return process;
}

async function nextVersion(watcher: AsyncIterator<BalanceUpdate>): Promise<number | undefined> {
  return (await watcher.next()).value?.version;
}

describe('the Redis bus', () => {
  it('tells a change in one process to the watchers in another, and to its own', async () => {
    const [writer, reader] = [await startConnected(), await startConnected()];
    ledger.commit('w');
    const [far, near] = [reader.watch('w'), writer.watch('w')];
    expect([await nextVersion(far), await nextVersion(near)]).toEqual([1, 1]);
    const update = writer.change('w');
    expect((await far.next()).value).toEqual(update);
    expect((await near.next()).value).toBe(update);
  });

  it('hears everything from the moment a subscription resolves', async () => {
    const [writer, reader] = [await startConnected(), await startConnected()];
    for (let round = 0; round < 200; round += 1) {
      const heard: unknown[] = [];
      const unsubscribe = await reader.bus.subscribe('c', {
        message: (message) => heard.push(message),
        resync: () => undefined,
      });
      writer.bus.publish('c', round);
      await until(() => heard.length > 0);
      expect(heard).toEqual([round]);
      unsubscribe();
    }
  });

  it('hears nothing more once it has unsubscribed, and others do', async () => {
    const [writer, reader] = [await startConnected(), await startConnected()];
    const heard: string[] = [];
    const listener = (name: string) => ({
      message: () => void heard.push(name),
      resync: () => undefined,
    });
    const leave = await reader.bus.subscribe('c', listener('left'));
    await reader.bus.subscribe('c', listener('stayed'));
    leave();
    writer.bus.publish('c', 1);
    await until(() => heard.length > 0);
    expect(heard).toEqual(['stayed']);
  });

  it('loses no update and never goes back while watchers come in the middle of a storm', async () => {
    const [writer, reader] = [await startConnected(), await startConnected()];
    ledger.commit('w');
    const LAST = 3_000;

    async function follow(): Promise<number[]> {
      const seen: number[] = [];
      const watcher = reader.watch('w');
      while (seen.at(-1) !== LAST) seen.push((await nextVersion(watcher)) as number);
      await watcher.return?.();
      return seen;
    }

    const followers: Promise<number[]>[] = [];
    for (let version = 2; version <= LAST; version += 1) {
      if (version % 100 === 0) followers.push(follow());
      writer.change('w');
      if (version % 7 === 0) await turn();
    }
    for (const seen of await Promise.all(followers)) {
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    }
  });
});

describe('Redis killed', () => {
  it('costs a publisher nothing: hints are dropped, nothing is thrown', async () => {
    const writer = await startConnected();
    await redis.kill9();
    await until(() => !writer.connected());
    expect(() => {
      for (let count = 0; count < 50_000; count += 1) writer.change('w');
    }).not.toThrow();
    const own = writer.watch('w');
    expect(await nextVersion(own)).toBe(50_000);
    writer.change('w');
    expect(await nextVersion(own)).toBe(50_001);
  });

  it('and restarted: watchers catch up with what was committed meanwhile', async () => {
    const [writer, reader] = [await startConnected(), await startConnected()];
    const ids = Array.from({ length: 50 }, (_, index) => `w${index}`);
    for (const id of ids) ledger.commit(id);
    const watchers = ids.map((id) => reader.watch(id));
    await Promise.all(watchers.map((watcher) => watcher.next()));
    const waiting = watchers.map(nextVersion);

    await redis.kill9();
    await until(() => !writer.connected() && !reader.connected());
    for (const id of ids) writer.change(id);
    await redis.restart();

    expect(await Promise.all(waiting)).toEqual(ids.map(() => 2));
    await until(() => writer.connected() && reader.connected());
    const live = watchers.map(nextVersion);
    for (const id of ids) writer.change(id);
    expect(await Promise.all(live)).toEqual(ids.map(() => 3));
  });

  it('does not keep anybody from watching: the state comes from the database', async () => {
    const reader = await startConnected();
    await redis.kill9();
    await until(() => !reader.connected());
    ledger.commit('w');
    const watcher = reader.watch('w');
    expect(await nextVersion(watcher)).toBe(1);
    const waiting = nextVersion(watcher);
    ledger.commit('w');
    await redis.restart();
    expect(await waiting).toBe(2);
  });

  it('before the start: a process comes up and joins when Redis does', async () => {
    await redis.kill9();
    const [writer, reader] = [startProcess(), startProcess()];
    ledger.commit('w');
    const watcher = reader.watch('w');
    expect(await nextVersion(watcher)).toBe(1);
    await redis.restart();
    await until(() => writer.connected() && reader.connected());
    writer.change('w');
    expect(await nextVersion(watcher)).toBe(2);
  });

  it('in the middle of a subscription: it resolves, and catches up', async () => {
    const reader = await startConnected();
    ledger.commit('w');
    const watcher = reader.watch('w');
    const first = nextVersion(watcher);
    await redis.kill9();
    expect(await first).toBe(1);
    const waiting = nextVersion(watcher);
    ledger.commit('w');
    await redis.restart();
    expect(await waiting).toBe(2);
  });
});

describe('Redis that does not answer', () => {
  it('delays a watcher by a moment, and what it missed is made good', async () => {
    const [writer, reader] = [await startConnected(), await startConnected()];
    const operator = createRedisConnections({ url: redis.url, log: silentLog });
    await until(() => operator.publisher.status === 'ready');
    await operator.publisher.client('PAUSE', 3_000, 'ALL');
    ledger.commit('w');
    const watcher = reader.watch('w');
    expect(await nextVersion(watcher)).toBe(1);
    const waiting = nextVersion(watcher);
    writer.change('w');
    expect(await waiting).toBe(2);
    operator.close();
  }, 20_000);
});
