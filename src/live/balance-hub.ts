import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { WaitOut } from '../infra/wait-out.ts';
import { type BalanceFeed, createBalanceFeeds } from './balance-feeds.ts';
import { type BalanceUpdate, isBalanceUpdate } from './balance-update.ts';
import { type BalanceWatcher, createBalanceWatcher } from './balance-watcher.ts';
import type { Bus } from './bus.ts';
import { coalesce } from './coalesce.ts';
import { type RecheckTimes, startRechecks } from './rechecks.ts';
import { createSnapshotReads } from './snapshot-reads.ts';

export interface WatchBalance {
  readonly organizationId: string;
  readonly customerId: string;
  /** Null: all wallets of the customer, also those that are opened later. */
  readonly walletId: string | null;
  /** Skips the state of the one wallet at the start unless it is newer than this. */
  readonly sinceVersion?: number | null | undefined;
}

export interface BalanceHub {
  /**
   * The state now, then the changes, with strictly increasing versions of each wallet. A reader that is
   * slow skips to the latest of each. Nothing is held until the first `next()`; `return()` lets everything go. The
   * caller has checked that the viewer may see what is watched.
   */
  watchBalance(request: WatchBalance): AsyncIterableIterator<BalanceUpdate, undefined>;
  /** Compares what is watched with the database and tells the watchers what they missed. */
  recheck(): Promise<void>;
  /** How many customers are watched, and by how many subscriptions. */
  watched(): { customers: number; watchers: number };
  close(): void;
}

export interface BalanceHubOptions extends RecheckTimes {
  readonly bus: Bus;
  /** The wallets of these customers and their versions, in one query. */
  readonly readVersions: (customerIds: readonly string[]) => Promise<readonly WalletVersion[]>;
  /** The committed state of these wallets; those that do not exist are left out. */
  readonly readUpdates: (walletIds: readonly string[]) => Promise<readonly BalanceUpdate[]>;
  /** For the state at the start, which is read when the subscription has begun. */
  readonly waitOut: WaitOut;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface WalletVersion {
  readonly walletId: string;
  readonly customerId: string;
  readonly version: number;
}

/** A customer that somebody watches. */
interface Topic {
  readonly customerId: string;
  readonly organizationId: string;
  readonly watchers: Set<BalanceWatcher>;
  readonly feed: BalanceFeed;
  /** The highest version of each wallet that every watcher has been offered. */
  readonly newest: Map<string, number>;
}

/** Wallets read at one time after an outage: the database has charges to do. */
const READ_AT_ONCE = 100;

export function createBalanceHub(options: BalanceHubOptions): BalanceHub {
  const { bus, log } = options;
  const topics = new Map<string, Topic>();
  const gauge = options.metrics.gauge(
    'balance_watchers',
    'Subscriptions to a balance that are open.',
  );
  const recheck = coalesce(() => catchUp(topics, options));
  const readState = createSnapshotReads(options.readUpdates);
  const stopRechecks = startRechecks(bus, recheck, options);

  const feeds = createBalanceFeeds({
    bus,
    log,
    listenerOf: (organizationId) => ({
      message: (message) => hear(organizationId, message),
      resync: () => void recheck(),
    }),
  });

  /** Of the customers that nobody watches here nothing more is looked at. */
  function hear(organizationId: string, message: unknown): void {
    if (!Array.isArray(message)) return;
    for (const update of message) {
      const topic = topics.get(update?.customerId);
      if (topic?.organizationId !== organizationId) continue;
      if (isBalanceUpdate(update, topic)) offerAll(topic, update);
    }
  }

  function open({ organizationId, customerId }: WatchBalance): Topic {
    const feed = feeds.join(organizationId);
    const topic: Topic = {
      organizationId,
      customerId,
      watchers: new Set(),
      feed,
      newest: new Map(),
    };
    topics.set(customerId, topic);
    return topic;
  }

  function join(request: WatchBalance, watcher: BalanceWatcher): Topic {
    const topic = topics.get(request.customerId) ?? open(request);
    topic.watchers.add(watcher);
    gauge.inc();
    return topic;
  }

  function leave(topic: Topic, watcher: BalanceWatcher): void {
    watcher.close();
    if (!topic.watchers.delete(watcher)) return;
    gauge.dec();
    if (topic.watchers.size > 0) return;
    topics.delete(topic.customerId);
    topic.feed.leave();
  }

  async function readSnapshot({ customerId, walletId }: WatchBalance): Promise<BalanceUpdate[]> {
    const walletIds =
      walletId === null
        ? (await options.readVersions([customerId])).map((wallet) => wallet.walletId)
        : [walletId];
    const states = await Promise.all(walletIds.map(readState));
    return states.filter((state) => state !== null);
  }

  /** The order is what makes it safe: a change after SUBSCRIBE is heard, one before is in the snapshot. */
  async function begin(
    topic: Topic,
    request: WatchBalance,
    watcher: BalanceWatcher,
  ): Promise<void> {
    try {
      await topic.feed.heard;
      const snapshot = await options.waitOut.run(
        () => readSnapshot(request),
        () => topic.watchers.has(watcher),
      );
      if (snapshot.length === 0 && request.walletId !== null) return leave(topic, watcher);
      watcher.begin(snapshot);
      // The others may have lost the hint that this read makes good.
      for (const state of snapshot) offerAll(topic, state);
    } catch (error) {
      leave(topic, watcher);
      throw error;
    }
  }

  function watchBalance(request: WatchBalance): AsyncIterableIterator<BalanceUpdate, undefined> {
    const { walletId, sinceVersion = null } = request;
    const watcher = createBalanceWatcher({ walletId, sinceVersion });
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
      customers: topics.size,
      watchers: [...topics.values()].reduce((sum, topic) => sum + topic.watchers.size, 0),
    }),
    close() {
      stopRechecks();
      for (const topic of topics.values())
        for (const watcher of topic.watchers) leave(topic, watcher);
    },
  };
}

function offerAll(topic: Topic, update: BalanceUpdate): void {
  const { walletId, version } = update;
  topic.newest.set(walletId, Math.max(topic.newest.get(walletId) ?? -1, version));
  for (const watcher of topic.watchers) watcher.offer(update);
}

/** A wallet of a topic that was told otherwise than the database has it. */
interface Astray {
  readonly walletId: string;
  /** Told of a version that is not there: the database went back, or somebody else spoke for it. */
  readonly isAhead: boolean;
}

/** Failing is no harm: the next round does it again. */
async function catchUp(
  topics: ReadonlyMap<string, Topic>,
  options: BalanceHubOptions,
): Promise<void> {
  if (topics.size === 0) return;
  try {
    // As of before the question: whatever was told by then is in the answer.
    const told = new Map([...topics].map(([id, { newest }]) => [id, new Map(newest)]));
    const versions = await options.readVersions([...topics.keys()]);
    const astray = versions.flatMap(({ customerId, walletId, version }): Astray[] => {
      const known = told.get(customerId)?.get(walletId) ?? -1;
      return known === version ? [] : [{ walletId, isAhead: known > version }];
    });
    for (let from = 0; from < astray.length; from += READ_AT_ONCE) {
      await putRight(topics, astray.slice(from, from + READ_AT_ONCE), options);
    }
  } catch (error) {
    options.log.warn({ error }, 'Watched balances could not be compared with the database.');
  }
}

async function putRight(
  topics: ReadonlyMap<string, Topic>,
  astray: readonly Astray[],
  { readUpdates }: BalanceHubOptions,
): Promise<void> {
  const ahead = new Set(astray.filter(({ isAhead }) => isAhead).map(({ walletId }) => walletId));
  for (const update of await readUpdates(astray.map(({ walletId }) => walletId))) {
    const topic = topics.get(update.customerId);
    if (!topic) continue;
    if (!ahead.has(update.walletId)) offerAll(topic, update);
    else {
      topic.newest.set(update.walletId, update.version);
      for (const watcher of topic.watchers) watcher.correct(update);
    }
  }
}
