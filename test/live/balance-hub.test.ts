import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BalanceHub } from '../../src/live/balance-hub.ts';
import { type BalanceUpdate, balanceChannel } from '../../src/live/balance-update.ts';
import type { Bus } from '../../src/live/bus.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { createPublishBalances, type PublishBalances } from '../../src/live/publish.ts';
import {
  createLedger,
  createTestHub,
  type Ledger,
  organizationOf,
  silentLog,
  turn,
  walletOf,
} from './harness.ts';

let bus: Bus;
let ledger: Ledger;
let hub: BalanceHub;
let publish: PublishBalances;

beforeEach(() => {
  bus = createLocalBus({ log: silentLog });
  ledger = createLedger();
  hub = createTestHub(bus, ledger);
  publish = createPublishBalances({ bus });
});
afterEach(() => {
  expect(hub.watched(), 'every watcher was let go').toEqual({ customers: 0, watchers: 0 });
  hub.close();
});

const watch = (walletId: string, sinceVersion?: number) =>
  hub.watchBalance({ ...walletOf(walletId), sinceVersion });

function change(walletId: string): BalanceUpdate {
  const update = ledger.commit(walletId);
  publish([update]);
  return update;
}

async function nextVersion(watcher: AsyncIterator<BalanceUpdate>): Promise<number | undefined> {
  return (await watcher.next()).value?.version;
}

async function readUntil(
  watcher: AsyncIterable<BalanceUpdate>,
  version: number,
): Promise<number[]> {
  const seen: number[] = [];
  const iterator = watcher[Symbol.asyncIterator]();
  while (seen.at(-1) !== version) seen.push((await nextVersion(iterator)) as number);
  return seen;
}

describe('watchBalance', () => {
  it('tells the state now, then every change', async () => {
    ledger.commit('w');
    const watcher = watch('w');
    expect((await watcher.next()).value).toMatchObject({ walletId: 'w', version: 1 });
    const second = change('w');
    expect(await watcher.next()).toEqual({ done: false, value: second });
    const waiting = watcher.next();
    const third = change('w');
    expect(await waiting).toEqual({ done: false, value: third });
    await watcher.return?.();
  });

  it('skips the state that the reader has seen', async () => {
    ledger.commit('w');
    ledger.commit('w');
    const upToDate = watch('w', 2);
    const waiting = nextVersion(upToDate);
    await turn();
    change('w');
    expect(await waiting).toBe(3);
    const behind = watch('w', 1);
    expect(await nextVersion(behind)).toBe(3);
    await upToDate.return?.();
    await behind.return?.();
  });

  it('is not silenced by a version that the wallet has not reached', async () => {
    ledger.commit('w');
    const watcher = watch('w', 1_000_000);
    const waiting = nextVersion(watcher);
    await turn();
    change('w');
    expect(await waiting).toBe(2);
    await watcher.return?.();
  });

  it('ends when there is no such wallet', async () => {
    const watcher = watch('nobody');
    expect(await watcher.next()).toEqual({ done: true, value: undefined });
  });

  it('fails when the state cannot be read, and holds nothing', async () => {
    const readUpdates = async () => {
      throw new Error('The database is away.');
    };
    const blind = createTestHub(bus, { ...ledger, readUpdates });
    const watcher = blind.watchBalance(walletOf('w'));
    await expect(watcher.next()).rejects.toThrow('The database is away.');
    expect(blind.watched().customers).toBe(0);
    blind.close();
  });

  it('holds nothing before the first value is asked for', () => {
    watch('w');
    expect(hub.watched().customers).toBe(0);
  });

  it('keeps one update for a reader that is slow: the latest', async () => {
    ledger.commit('w');
    const watcher = watch('w');
    expect(await nextVersion(watcher)).toBe(1);
    for (let version = 2; version <= 100_000; version += 1) change('w');
    expect(await nextVersion(watcher)).toBe(100_000);
    const waiting = nextVersion(watcher);
    change('w');
    expect(await waiting).toBe(100_001);
    await watcher.return?.();
  });

  it('never goes back and ends with the latest, in whatever order hints come', async () => {
    const first = ledger.commit('w');
    const late = createTestHub(bus, { ...ledger, readUpdates: async () => [first] });
    const history = Array.from({ length: 60 }, () => ledger.commit('w'));
    const hint = fc.record({ index: fc.nat({ max: 59 }), readerRuns: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(hint, { maxLength: 200 }), async (storm) => {
        const watcher = late.watchBalance(walletOf('w'));
        const reading = readUntil(watcher, 61);
        for (const { index, readerRuns } of [...storm, { index: 59, readerRuns: true }]) {
          publish([history[index] as BalanceUpdate]);
          if (readerRuns) await turn();
        }
        const seen = await reading;
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
        await watcher.return?.();
      }),
    );
    late.close();
  });

  it('loses no change that is committed while it begins', async () => {
    ledger.commit('w');
    const racing = createTestHub(bus, {
      ...ledger,
      readUpdates: async (walletIds) => {
        change('w');
        const snapshot = await ledger.readUpdates(walletIds);
        await turn();
        // Committed after the snapshot was read, and before it is used.
        change('w');
        return snapshot;
      },
    });
    for (let round = 0; round < 50; round += 1) {
      const watcher = racing.watchBalance(walletOf('w'));
      const [last] = await ledger.readUpdates(['w']);
      expect(await nextVersion(watcher)).toBe((last?.version ?? 0) + 2);
      await watcher.return?.();
    }
    racing.close();
  });

  it('ends a reader that waits when it is returned', async () => {
    ledger.commit('w');
    const watcher = watch('w');
    await watcher.next();
    const waiting = watcher.next();
    await watcher.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await watcher.next()).toEqual({ done: true, value: undefined });
  });

  it('lets go when it is returned while it begins', async () => {
    ledger.commit('w');
    const watcher = watch('w');
    const beginning = watcher.next();
    await watcher.return?.();
    expect(await beginning).toEqual({ done: true, value: undefined });
    expect(await watcher.next()).toEqual({ done: true, value: undefined });
  });

  it('never tells one wallet about another', async () => {
    ledger.commit('mine');
    ledger.commit('yours');
    const [mine, yours] = [watch('mine'), watch('yours')];
    await mine.next();
    await yours.next();
    change('yours');
    bus.publish(balanceChannel(organizationOf('mine')), [ledger.commit('yours')]);
    const own = change('mine');
    expect((await mine.next()).value).toBe(own);
    expect((await yours.next()).value?.walletId).toBe('yours');
    await mine.return?.();
    await yours.return?.();
  });
});

describe('the bus behind it', () => {
  it('is heard on by the others of an organization when one of them leaves', async () => {
    ledger = createLedger(() => 'org');
    const shared = createTestHub(bus, ledger);
    const [leaving, staying] = ['a', 'b'].map((walletId) => {
      ledger.commit(walletId);
      return shared.watchBalance({ ...walletOf(walletId), organizationId: 'org' });
    });
    await Promise.all([leaving?.next(), staying?.next()]);
    await leaving?.return?.();
    const update = change('b');
    expect((await staying?.next())?.value).toBe(update);
    await staying?.return?.();
    expect(shared.watched()).toEqual({ customers: 0, watchers: 0 });
    shared.close();
  });

  it('is subscribed once for all watchers of a wallet, until the last one leaves', async () => {
    const counts = { subscribed: 0, unsubscribed: 0 };
    const counted = createTestHub(
      {
        ...bus,
        async subscribe(channel, listener) {
          counts.subscribed += 1;
          const unsubscribe = await bus.subscribe(channel, listener);
          return () => {
            counts.unsubscribed += 1;
            unsubscribe();
          };
        },
      },
      ledger,
    );
    ledger.commit('w');
    const watchers = Array.from({ length: 20 }, () => counted.watchBalance(walletOf('w')));
    await Promise.all(watchers.map((watcher) => watcher.next()));
    expect(counted.watched()).toEqual({ customers: 1, watchers: 20 });
    expect(counts).toEqual({ subscribed: 1, unsubscribed: 0 });
    for (const watcher of watchers) await watcher.return?.();
    expect(counted.watched()).toEqual({ customers: 0, watchers: 0 });
    expect(counts).toEqual({ subscribed: 1, unsubscribed: 1 });
    counted.close();
  });

  it('does not let a listener that fails reach the publisher', async () => {
    await bus.subscribe('c', {
      message: () => {
        throw new Error('A bug.');
      },
      resync: () => undefined,
    });
    expect(() => bus.publish('c', 1)).not.toThrow();
  });
});
