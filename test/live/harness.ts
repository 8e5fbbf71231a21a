import { createLog, type Log } from '../../src/infra/log.ts';
import { createMetrics, type Metrics } from '../../src/infra/metrics.ts';
import { createWaitOut } from '../../src/infra/wait-out.ts';
import {
  type BalanceHub,
  createBalanceHub,
  type WalletVersion,
} from '../../src/live/balance-hub.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import type { Bus } from '../../src/live/bus.ts';

/** The stored side of the story: what is committed, whether or not anybody was told. */
export interface Ledger {
  /** Commits one more change of the wallet, and returns it untold. */
  commit(walletId: string): BalanceUpdate;
  readUpdates(walletIds: readonly string[]): Promise<BalanceUpdate[]>;
  readVersions(customerIds: readonly string[]): Promise<WalletVersion[]>;
  /** How often the versions were asked for. */
  versionReads(): number;
}

/** Each wallet has a customer of its own, unless it is named after one: `customer/wallet`. */
export function customerOf(walletId: string): string {
  return walletId.includes('/') ? (walletId.split('/')[0] as string) : `customer of ${walletId}`;
}

/** As each customer has an organization of its own, unless a test says otherwise. */
export function organizationOf(walletId: string): string {
  return `organization of ${customerOf(walletId)}`;
}

/** What is asked of a hub to watch this wallet. */
export function walletOf(walletId: string) {
  return { organizationId: organizationOf(walletId), customerId: customerOf(walletId), walletId };
}

export function createLedger(ownerOf = organizationOf): Ledger {
  const wallets = new Map<string, BalanceUpdate>();
  let versionReads = 0;

  function state(walletId: string, version: number): BalanceUpdate {
    const settled = String(1_000_000 - version);
    return {
      walletId,
      customerId: customerOf(walletId),
      organizationId: ownerOf(walletId),
      version,
      balance: { settled, held: '0', available: settled, pending: '0' },
      cause: 'USAGE',
      at: new Date().toISOString(),
    };
  }

  return {
    commit(walletId) {
      const update = state(walletId, (wallets.get(walletId)?.version ?? 0) + 1);
      wallets.set(walletId, update);
      return update;
    },
    readUpdates: async (walletIds) => walletIds.flatMap((walletId) => wallets.get(walletId) ?? []),
    async readVersions(customerIds) {
      versionReads += 1;
      return [...wallets.values()].filter(({ customerId }) => customerIds.includes(customerId));
    },
    versionReads: () => versionReads,
  };
}

/** Lets everything that is ready to run do so. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Waits until it is so; the test's own time limit says when to give up. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

export const silentLog: Log = createLog({ level: 'silent' });

/** For a database that is never away. */
export const alwaysThere = createWaitOut(async () => undefined);

/** A long-lived recheck, so that only what a test does itself makes a watcher catch up. */
export function createTestHub(
  bus: Bus,
  ledger: Ledger,
  metrics: Metrics = createMetrics(),
): BalanceHub {
  return createBalanceHub({
    bus,
    log: silentLog,
    metrics,
    waitOut: alwaysThere,
    readVersions: ledger.readVersions,
    readUpdates: ledger.readUpdates,
    recheckMs: 3_600_000,
  });
}
