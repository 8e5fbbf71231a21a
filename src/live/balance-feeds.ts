import type { Log } from '../infra/log.ts';
import { balanceChannel } from './balance-update.ts';
import type { Bus, BusListener, Unsubscribe } from './bus.ts';

/** What is heard of an organization's balances, for one who wants to know. */
export interface BalanceFeed {
  /** Resolves once everything published from now on will be heard. */
  readonly heard: Promise<unknown>;
  leave(): void;
}

interface SharedFeed {
  members: number;
  readonly subscribed: Promise<Unsubscribe>;
}

export interface BalanceFeedsOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly listenerOf: (organizationId: string) => BusListener;
}

/** One subscription to the bus for all who join an organization, until the last one has left. */
export function createBalanceFeeds({ bus, log, listenerOf }: BalanceFeedsOptions) {
  const feeds = new Map<string, SharedFeed>();

  function open(organizationId: string): SharedFeed {
    const subscribed = bus.subscribe(balanceChannel(organizationId), listenerOf(organizationId));
    const feed = { members: 0, subscribed };
    feeds.set(organizationId, feed);
    return feed;
  }

  return {
    /** To be left once. */
    join(organizationId: string): BalanceFeed {
      const feed = feeds.get(organizationId) ?? open(organizationId);
      feed.members += 1;
      return {
        heard: feed.subscribed,
        leave() {
          feed.members -= 1;
          if (feed.members > 0) return;
          feeds.delete(organizationId);
          feed.subscribed.then(
            (unsubscribe) => unsubscribe(),
            (error) => log.error({ error }, 'A subscription to the bus failed.'),
          );
        },
      };
    },
  };
}
