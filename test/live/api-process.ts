import { createMetrics } from '../../src/infra/metrics.ts';
import { type BalanceHub, createBalanceHub } from '../../src/live/balance-hub.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import type { Bus } from '../../src/live/bus.ts';
import { createPublishBalances } from '../../src/live/publish.ts';
import { createRedisBus } from '../../src/live/redis-bus.ts';
import { alwaysThere, type Ledger, silentLog, until, walletOf } from './harness.ts';

/** What one API process has: its own connections, bus and hub, over the common database. */
export interface ApiProcess {
  readonly bus: Bus;
  readonly hub: BalanceHub;
  connected(): boolean;
  /** Commits a change and tells it. */
  change(walletId: string): BalanceUpdate;
  watch(walletId: string): AsyncIterableIterator<BalanceUpdate, undefined>;
  close(): void;
}

export interface ApiProcessOptions {
  readonly urls: readonly string[];
  readonly ledger: Ledger;
  /** @default never, so that nothing but hints and resyncs makes a watcher catch up */
  readonly degradedRecheckMs?: number;
}

const NEVER_MS = 3_600_000;

export function startProcess({ urls, ledger, degradedRecheckMs }: ApiProcessOptions): ApiProcess {
  const metrics = createMetrics();
  const bus = createRedisBus({ urls, log: silentLog, metrics });
  const hub = createBalanceHub({
    bus,
    log: silentLog,
    metrics,
    waitOut: alwaysThere,
    readVersions: ledger.readVersions,
    readUpdates: ledger.readUpdates,
    recheckMs: NEVER_MS,
    degradedRecheckMs: degradedRecheckMs ?? NEVER_MS,
  });
  const publish = createPublishBalances({ bus });
  return {
    bus,
    hub,
    connected: () => !bus.isDegraded(),
    change(walletId) {
      const update = ledger.commit(walletId);
      publish([update]);
      return update;
    },
    watch: (walletId) => hub.watchBalance(walletOf(walletId)),
    close() {
      hub.close();
      bus.close();
    },
  };
}

export async function startConnected(options: ApiProcessOptions): Promise<ApiProcess> {
  const process = startProcess(options);
  await until(process.connected);
  return process;
}

export async function nextVersion(
  watcher: AsyncIterator<BalanceUpdate>,
): Promise<number | undefined> {
  return (await watcher.next()).value?.version;
}

/** Reads on until the watcher has this version. */
export async function readUntil(
  watcher: AsyncIterator<BalanceUpdate>,
  version: number,
): Promise<void> {
  while ((await nextVersion(watcher)) !== version);
}
