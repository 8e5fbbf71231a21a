import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BalanceHub } from '../../src/live/balance-hub.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import type { Bus } from '../../src/live/bus.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { createPublishBalances } from '../../src/live/publish.ts';
import { createLedger, createTestHub, type Ledger, silentLog, turn, walletOf } from './harness.ts';

let bus: Bus;
let ledger: Ledger;
let hub: BalanceHub;

beforeEach(() => {
  bus = createLocalBus({ log: silentLog });
  ledger = createLedger();
  hub = createTestHub(bus, ledger);
});
afterEach(() => {
  expect(hub.watched(), 'every watcher was let go').toEqual({ customers: 0, watchers: 0 });
  hub.close();
});

function change(walletId: string): BalanceUpdate {
  const update = ledger.commit(walletId);
  createPublishBalances({ bus })([update]);
  return update;
}

describe('watching a customer', () => {
  const watchAll = () => hub.watchBalance({ ...walletOf('c/a'), walletId: null });

  it('tells the state of all wallets, then their changes, also of wallets opened later', async () => {
    ledger.commit('c/a');
    ledger.commit('c/b');
    ledger.commit('other/a');
    const watcher = watchAll();
    const begin = [(await watcher.next()).value, (await watcher.next()).value];
    expect(begin.map((update) => update?.walletId)).toEqual(['c/a', 'c/b']);
    change('other/a');
    const opened = change('c/new');
    expect((await watcher.next()).value).toBe(opened);
    await watcher.return?.();
  });

  it('keeps the latest of each wallet for a reader that is slow', async () => {
    ledger.commit('c/a');
    const watcher = watchAll();
    await watcher.next();
    for (let round = 0; round < 1_000; round += 1) for (const id of ['c/a', 'c/b']) change(id);
    const seen = [(await watcher.next()).value, (await watcher.next()).value];
    expect(seen.map((update) => [update?.walletId, update?.version])).toEqual([
      ['c/a', 1_001],
      ['c/b', 1_000],
    ]);
    const waiting = watcher.next();
    const next = change('c/a');
    expect((await waiting).value).toBe(next);
    await watcher.return?.();
  });

  it('waits for the first wallet of a customer that has none', async () => {
    const watcher = watchAll();
    const waiting = watcher.next();
    await turn();
    const first = change('c/a');
    expect((await waiting).value).toBe(first);
    await watcher.return?.();
  });

  it('learns of a wallet whose hint was lost', async () => {
    const watcher = watchAll();
    const waiting = watcher.next();
    await turn();
    ledger.commit('c/a');
    await hub.recheck();
    expect((await waiting).value?.version).toBe(1);
    await watcher.return?.();
  });
});
