import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import {
  type ApiProcess,
  type ApiProcessOptions,
  nextVersion,
  readUntil,
  startProcess as startOne,
} from './api-process.ts';
import { createLedger, type Ledger, turn, until } from './harness.ts';

let redis: TestRedis;
let ledger: Ledger;
let started: ApiProcess[];

beforeEach(async () => {
  redis = await startRedis();
  ledger = createLedger();
  started = [];
});
afterEach(async () => {
  for (const process of started) process.close();
  await redis.stop();
});

function startProcess(options: Partial<ApiProcessOptions> = {}): ApiProcess {
  const process = startOne({ urls: [redis.url], ledger, ...options });
  started.push(process);
  return process;
}

async function startConnected(options: Partial<ApiProcessOptions> = {}): Promise<ApiProcess> {
  const process = startProcess(options);
  await until(process.connected);
  return process;
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
    await redis.ask('client', 'pause', '3000', 'all');
    ledger.commit('w');
    const watcher = reader.watch('w');
    expect(await nextVersion(watcher)).toBe(1);
    const waiting = nextVersion(watcher);
    writer.change('w');
    expect(await waiting).toBe(2);
  });

  it('is not waited for, and is told apart from one that does', async () => {
    const [writer, reader] = [await startConnected(), await startConnected()];
    ledger.commit('w');
    const watcher = reader.watch('w');
    expect(await nextVersion(watcher)).toBe(1);
    redis.freeze();
    for (let version = 2; version <= 30_000; version += 1) writer.change('w');
    await until(() => !writer.connected() && !reader.connected());
    const last = writer.change('w').version;
    redis.thaw();
    await readUntil(watcher, last);
    await until(() => writer.connected() && reader.connected());
    const waiting = nextVersion(watcher);
    expect(writer.change('w').version).toBe(await waiting);
  });

  it('is made up for by the database: far watchers see every change while it lasts', async () => {
    const often = { degradedRecheckMs: 100 };
    const [writer, reader] = [await startConnected(often), await startConnected(often)];
    ledger.commit('w');
    const watcher = reader.watch('w');
    expect(await nextVersion(watcher)).toBe(1);
    redis.freeze();
    await until(() => !reader.connected());
    for (const version of [2, 3, 4]) {
      writer.change('w');
      expect(await nextVersion(watcher)).toBe(version);
    }
    expect(reader.connected()).toBe(false);
    redis.thaw();
    await until(reader.connected);
    const { version } = writer.change('w');
    await readUntil(watcher, version);
  });
});

describe('a process that was cut off', () => {
  it('tells its listeners to ask the database, and to ask again once it hears', async () => {
    const process = await startConnected();
    let resyncs = 0;
    const listener = {
      message: () => undefined,
      resync: () => {
        resyncs += 1;
      },
    };
    await process.bus.subscribe('c', listener);
    await redis.kill9();
    await until(() => !process.connected());
    expect(resyncs).toBe(1);
    await redis.restart();
    await until(() => resyncs === 2);
    expect(process.connected()).toBe(true);
    // Others may have come back later, and what they had to tell until then was dropped.
    await until(() => resyncs === 3);
  });
});
