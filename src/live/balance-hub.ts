import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import { type BalanceUpdate, balanceChannel, isBalanceUpdate } from './balance-update.ts';
import { type BalanceWatcher, createBalanceWatcher } from './balance-watcher.ts';
import type { Bus, Unsubscribe } from './bus.ts';
import { coalesce } from './coalesce.ts';

/** Reads a wallet's committed state from the database; null when there is no such wallet. */
export type ReadSnapshot = (walletId: string) => Promise<BalanceUpdate | null>;

export interface WatchBalance {
  readonly walletId: string;
  /** Skips the state at the start unless it is newer than this. */
  readonly sinceVersion?: number | null | undefined;
  readonly readSnapshot: ReadSnapshot;
}

export interface BalanceHub {
  /**
   * The wallet's state now, then its changes, with strictly increasing versions. A reader that is slow
   * skips to the latest. Nothing is held until the first `next()`; `return()` lets everything go. The
   * caller has checked that the viewer may see the wallet.
   */
  watchBalance(request: WatchBalance): AsyncIterableIterator<BalanceUpdate, undefined>;
  /** Compares all watched wallets with the database and tells the watchers what they missed. */
  recheck(): Promise<void>;
  /** How many wallets are watched, and by how many subscriptions. */
  watched(): { wallets: number; watchers: number };
  close(): void;
}

export interface BalanceHubOptions {
  readonly bus: Bus;
  /** The versions of these wallets, in one query. */
  readonly readVersions: (walletIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly log: Log;
  readonly metrics: Metrics;
  /**
   * How often all watched wallets are compared with the database, in milliseconds. It bounds how long a
   * hint that was lost with the process that should have sent it can go unnoticed.
   * @default 5000
   */
  readonly recheckMs?: number;
}

/** A wallet that somebody watches: one subscription to the bus, shared by all its watchers. */
interface Topic {
  readonly walletId: string;
  readonly readSnapshot: ReadSnapshot;
  readonly watchers: Set<BalanceWatcher>;
  readonly subscribed: Promise<Unsubscribe>;
  /** The highest version that every watcher has been offered. */
  newest: number;
}

const RECHECK_MS = 5_000;
/** Snapshots read at one time after an outage: the database has charges to do. */
const READS_AT_ONCE = 8;

export function createBalanceHub(options: BalanceHubOptions): BalanceHub {
  const { bus, log } = options;
  const topics = new Map<string, Topic>();
  const gauge = options.metrics.gauge(
    'balance_watchers',
    'Subscriptions to a balance that are open.',
  );
  const recheck = coalesce(() => catchUp(topics, options));
  const timer = setInterval(recheck, options.recheckMs ?? RECHECK_MS).unref();

  function open(walletId: string, readSnapshot: ReadSnapshot): Topic {
    const listener = {
      message: (message: unknown) => {
        if (isBalanceUpdate(message, walletId)) offerAll(topic, message);
      },
      resync: () => void recheck(),
    };
    const subscribed = bus.subscribe(balanceChannel(walletId), listener);
    const topic: Topic = { walletId, readSnapshot, watchers: new Set(), subscribed, newest: -1 };
    topics.set(walletId, topic);
    return topic;
  }

  function join(request: WatchBalance, watcher: BalanceWatcher): Topic {
    const topic = topics.get(request.walletId) ?? open(request.walletId, request.readSnapshot);
    topic.watchers.add(watcher);
    gauge.inc();
    return topic;
  }

  function leave(topic: Topic, watcher: BalanceWatcher): void {
    watcher.close();
    if (!topic.watchers.delete(watcher)) return;
    gauge.dec();
    if (topic.watchers.size > 0) return;
    topics.delete(topic.walletId);
    topic.subscribed.then(
      (unsubscribe) => unsubscribe(),
      (error) => log.error({ error }, 'A subscription to the bus failed.'),
    );
  }

  /** The order is what makes it safe: a change after SUBSCRIBE is heard, one before is in the snapshot. */
  async function begin(
    topic: Topic,
    request: WatchBalance,
    watcher: BalanceWatcher,
  ): Promise<void> {
    try {
      await topic.subscribed;
      const snapshot = await request.readSnapshot(request.walletId);
      if (!snapshot) return leave(topic, watcher);
      watcher.begin(snapshot);
      // The others may have lost the hint that this read makes good.
      offerAll(topic, snapshot);
    } catch (error) {
      leave(topic, watcher);
      throw error;
    }
  }

  function watchBalance(request: WatchBalance): AsyncIterableIterator<BalanceUpdate, undefined> {
    const watcher = createBalanceWatcher(request.sinceVersion ?? null);
    let topic: Topic | null = null;
    let begun: Promise<void> | null = null;
    let isServed = false;

    function stop() {
      if (topic) leave(topic, watcher);
      else watcher.close();
      begun ??= Promise.resolve();
      return { done: true as const, value: undefined };
    }

    return {
      next() {
        if (isServed) return watcher.take();
        if (!begun) {
          topic = join(request, watcher);
          begun = begin(topic, request, watcher);
        }
        return begun.then(() => {
          isServed = true;
          return watcher.take();
        });
      },
      return: async () => stop(),
      async throw(error) {
        stop();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  return {
    watchBalance,
    recheck,
    watched: () => ({
      wallets: topics.size,
      watchers: [...topics.values()].reduce((sum, topic) => sum + topic.watchers.size, 0),
    }),
    close() {
      clearInterval(timer);
      for (const topic of topics.values())
        for (const watcher of topic.watchers) leave(topic, watcher);
    },
  };
}

function offerAll(topic: Topic, update: BalanceUpdate): void {
  topic.newest = Math.max(topic.newest, update.version);
  for (const watcher of topic.watchers) watcher.offer(update);
}

/** Failing is no harm: the next round does it again. */
async function catchUp(
  topics: ReadonlyMap<string, Topic>,
  options: BalanceHubOptions,
): Promise<void> {
  if (topics.size === 0) return;
  try {
    const versions = await options.readVersions([...topics.keys()]);
    const behind = [...topics.values()].filter((t) => (versions.get(t.walletId) ?? -1) > t.newest);
    for (let from = 0; from < behind.length; from += READS_AT_ONCE) {
      await Promise.all(behind.slice(from, from + READS_AT_ONCE).map(refresh));
    }
  } catch (error) {
    options.log.warn({ error }, 'Watched balances could not be compared with the database.');
  }
}

async function refresh(topic: Topic): Promise<void> {
  const snapshot = await topic.readSnapshot(topic.walletId);
  if (snapshot) offerAll(topic, snapshot);
}
