import type { Log } from '../infra/log.ts';
import { type BalanceFeed, createBalanceFeeds } from '../live/balance-feeds.ts';
import type { Bus, BusListener } from '../live/bus.ts';

/** An organization whose balances are listened to. */
export interface OrganizationFeed {
  /** Resolves once everything published from now on will be heard, or when that cannot be had. */
  readonly heard: Promise<void>;
  /** Whether nothing can be missed just now. */
  isConfirmed(): boolean;
  /** Whether it was asked for since the feeds were last gone through. */
  isAsked: boolean;
}

/** The feeds of the organizations that checks come from. */
export interface OrganizationFeeds {
  of(organizationId: string): OrganizationFeed;
  /** Leaves those that nobody has asked for since the last time; answers whose they are. */
  leaveIdle(): string[];
  close(): void;
}

export function createOrganizationFeeds(options: {
  readonly bus: Bus;
  readonly log: Log;
  readonly listenerOf: (organizationId: string) => BusListener;
}): OrganizationFeeds {
  const { bus, log } = options;
  const feeds = createBalanceFeeds(options);
  const joined = new Map<string, OrganizationFeed & { readonly feed: BalanceFeed }>();

  function join(organizationId: string) {
    const feed = feeds.join(organizationId);
    let isHeard = false;
    const heard = feed.heard.then(
      () => {
        isHeard = true;
      },
      (error) => log.error({ error }, 'A subscription to the bus failed.'),
    );
    const fresh = {
      feed,
      heard,
      isConfirmed: () => isHeard && !bus.isDegraded(),
      isAsked: true,
    };
    joined.set(organizationId, fresh);
    return fresh;
  }

  return {
    of(organizationId) {
      const known = joined.get(organizationId) ?? join(organizationId);
      known.isAsked = true;
      return known;
    },
    leaveIdle() {
      const left: string[] = [];
      for (const [organizationId, known] of joined) {
        if (known.isAsked) known.isAsked = false;
        else {
          known.feed.leave();
          joined.delete(organizationId);
          left.push(organizationId);
        }
      }
      return left;
    },
    close() {
      for (const { feed } of joined.values()) feed.leave();
      joined.clear();
    },
  };
}
