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

describe('recheck', () => {
  it('heals a hint that was lost, with one query for all wallets', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `w${index}`);
    for (const id of ids) ledger.commit(id);
    const watchers = ids.map((id) => watch(id));
    await Promise.all(watchers.map((watcher) => watcher.next()));
    for (const id of ids.slice(0, 30)) ledger.commit(id);
    await hub.recheck();
    expect(ledger.versionReads()).toBe(1);
    expect(await Promise.all(watchers.slice(0, 30).map(nextVersion))).toEqual(Array(30).fill(2));
    const silent = nextVersion(watchers[30] as AsyncIterator<BalanceUpdate>);
    change('w30');
    expect(await silent).toBe(2);
    for (const watcher of watchers) await watcher.return?.();
  });

  it('asks nothing while nobody watches', async () => {
    await hub.recheck();
    expect(ledger.versionReads()).toBe(0);
  });

  it('gives an old watcher what a new one has read', async () => {
    ledger.commit('w');
    const old = watch('w');
    await old.next();
    ledger.commit('w');
    const fresh = watch('w');
    expect(await nextVersion(fresh)).toBe(2);
    expect(await nextVersion(old)).toBe(2);
    await old.return?.();
    await fresh.return?.();
  });

  it('goes on after the database was away', async () => {
    let away = true;
    const healing = createTestHub(bus, {
      ...ledger,
      readVersions: async (ids) => {
        if (away) throw new Error('The database is away.');
        return ledger.readVersions(ids);
      },
    });
    ledger.commit('w');
    const watcher = healing.watchBalance(walletOf('w'));
    await watcher.next();
    ledger.commit('w');
    await healing.recheck();
    away = false;
    await healing.recheck();
    expect(await nextVersion(watcher)).toBe(2);
    await watcher.return?.();
    healing.close();
  });

  it('takes back a version that the wallet does not have', async () => {
    ledger.commit('w');
    const watcher = watch('w');
    await watcher.next();
    const [state] = await ledger.readUpdates(['w']);
    bus.publish(balanceChannel(organizationOf('w')), [{ ...state, version: 1_000_000 }]);
    expect(await nextVersion(watcher)).toBe(1_000_000);
    await hub.recheck();
    expect(await nextVersion(watcher)).toBe(1);
    change('w');
    expect(await nextVersion(watcher)).toBe(2);
    await watcher.return?.();
  });
});
