import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BalanceHub } from '../../src/live/balance-hub.ts';
import { balanceChannel } from '../../src/live/balance-update.ts';
import type { Bus } from '../../src/live/bus.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import {
  createLedger,
  createTestHub,
  type Ledger,
  organizationOf,
  silentLog,
  walletOf,
} from './harness.ts';

// Whoever reaches the Redis can write to the channels of ours.

let ledger: Ledger;
let bus: Bus;
let hub: BalanceHub;

beforeEach(() => {
  ledger = createLedger();
  bus = createLocalBus({ log: silentLog });
  hub = createTestHub(bus, ledger);
});
afterEach(() => hub.close());

const watch = (walletId: string) => hub.watchBalance(walletOf(walletId));

/** Commits a change and tells it. */
function change(walletId: string) {
  const update = ledger.commit(walletId);
  bus.publish(balanceChannel(organizationOf(walletId)), [update]);
  return update;
}

describe('the balance hub', () => {
  it.each([null, 'text', 7, {}, { walletId: 'w', version: 'x' }, { walletId: 'w', version: 9 }])(
    'pays no attention to a message that is no update: %j',
    async (message) => {
      ledger.commit('w');
      const watcher = watch('w');
      await watcher.next();
      bus.publish(balanceChannel(organizationOf('w')), message);
      bus.publish(balanceChannel(organizationOf('w')), [message]);
      const update = change('w');
      expect((await watcher.next()).value).toBe(update);
      await watcher.return?.();
    },
  );

  it.each([
    ['a cause that there is not', { cause: 'constructor' }],
    ['a cause that is no text', { cause: ['USAGE'] }],
    ['no cause', { cause: undefined }],
    ['an instant that is none', { at: 'soon' }],
    ['an instant without a zone', { at: '2026-03-01T00:00:00.000' }],
    ['an instant with something behind it', { at: '2026-03-01T00:00:00.000Z\n' }],
    ['an instant on no calendar', { at: '2026-13-01T00:00:00.000Z' }],
    ['an instant in a list', { at: ['2026-03-01T00:00:00.000Z'] }],
    ['no instant', { at: undefined }],
    ['a balance that is no decimal', { balance: { settled: '1e9' } }],
    ['a version that is no number', { version: '9' }],
    ['another customer', { customerId: 'other' }],
  ])('pays no attention to an update with %s', async (_, forged) => {
    const { balance, ...first } = ledger.commit('w');
    const watcher = watch('w');
    await watcher.next();
    const message = { ...first, version: 9, ...forged };
    const figures = { ...balance, ...(forged as { balance?: object }).balance };
    bus.publish(balanceChannel(organizationOf('w')), [{ ...message, balance: figures }]);
    const update = change('w');
    expect((await watcher.next()).value).toBe(update);
    await watcher.return?.();
  });

  it('takes such an update when nothing is wrong with it', async () => {
    const first = ledger.commit('w');
    const watcher = watch('w');
    await watcher.next();
    bus.publish(balanceChannel(organizationOf('w')), [{ ...first, version: 9 }]);
    expect((await watcher.next()).value?.version).toBe(9);
    await watcher.return?.();
  });
});
