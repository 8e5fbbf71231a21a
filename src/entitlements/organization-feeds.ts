import type { Log } from '../infra/log.ts';
import { type BalanceFeed, createBalanceFeeds } from '../live/balance-feeds.ts';
import type { Bus, BusListener } from '../live/bus.ts';

/** An organization whose balances are listened to. */
export interface OrganizationFeed {
  /** Resolves once everything published from now on will be heard, or when that cannot be had. */
  readonly heard: Promise<void>;
  /** Whether nothing can be missed just now. */
  isConfirmed(): boolean;
  /** When it was last asked for, on a clock that only goes forward. */
  askedMs: number;
}

/** The feeds of the organizations that checks come from. */
export interface OrganizationFeeds {
  of(organizationId: string): OrganizationFeed;
  /** Leaves those that nobody has asked for so long; answers whose they are. */
  leaveIdle(idleMs: number): string[];
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
      askedMs: performance.now(),
    };
    joined.set(organizationId, fresh);
    return fresh;
  }

  return {
    of(organizationId) {
      const known = joined.get(organizationId) ?? join(organizationId);
      known.askedMs = performance.now();
      return known;
    },
    leaveIdle(idleMs) {
      const sinceMs = performance.now() - idleMs;
      const idle = [...joined].filter(([, { askedMs }]) => askedMs < sinceMs);
      for (const [organizationId, { feed }] of idle) {
        feed.leave();
        joined.delete(organizationId);
      }
      return idle.map(([organizationId]) => organizationId);
    },
    close() {
      for (const { feed } of joined.values()) feed.leave();
      joined.clear();
    },
  };
}
