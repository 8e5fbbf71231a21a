import type { Db } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import { isOutage } from '../infra/outage.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import { createSharedReads } from '../kit/shared-reads.ts';
import { MAX_GRANTS_PER_WALLET } from '../ledger/wallet-memory.ts';
import type { Bus } from '../live/bus.ts';
import { coalesce } from '../live/coalesce.ts';
import type { Promised } from '../subscriptions/read-terms.ts';
import { createMeanwhile } from './meanwhile.ts';
import { createOrganizationFeeds } from './organization-feeds.ts';
import { readSignatures, readStandings, type StoredStanding } from './read-standings.ts';
import { isNewer, type Standing } from './standing.ts';

export interface StandingsDeps {
  readonly db: Db;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly promised: Promised;
}

/** What customers have, kept in this process between checks. */
export interface Standings {
  /**
   * Those of customers of one organization, in order; null where the database is away and nothing is known,
   * and for nobody.
   */
  of(
    organizationId: Id<'organization'>,
    customers: readonly ({ readonly id: Id<'customer'> } | null)[],
  ): Promise<readonly (Standing | null)[]>;
  /** Compares what is kept with the database, and forgets what nobody asks for any more. */
  recheck(): Promise<void>;
  close(): void;
}

/** About a kilobyte and a half each, with a few grants. */
const MAX_KEPT = 20_000;
/** One of whom more is counted is read each time. */
const MAX_COUNTS = 500;
/** How often what is kept is compared with the database: so long may a hint that was lost go unnoticed. */
const RECHECK_MS = 5 * SECOND_MS;
/** Read again when older, though every change is heard of: the comparison must have failed. */
const MAX_AGE_MS = 3 * RECHECK_MS;
/** The same while changes in other processes may not be heard of. */
const MAX_AGE_UNHEARD_MS = SECOND_MS;
/** Served so long while the database is away, when next to nothing can change. */
const MAX_AGE_IN_OUTAGE_MS = MINUTE_MS;
/** Those that nobody asks for are compared no longer than this. */
const FORGOTTEN_AFTER_MS = MINUTE_MS;
/** Customers who are compared in one query. */
const COMPARED_AT_ONCE = 1_000;

/**
 * A standing is kept until a balance of its customer changes, in this process or in another: whoever
 * changes one tells the bus after his commit. What is lost on the way is found by comparing versions.
 */
export function createStandings(deps: StandingsDeps): Standings {
  const { db, bus, clock, log, promised } = deps;
  const kept = new Map<string, Standing>();
  const meanwhile = createMeanwhile();
  const reads = deps.metrics.counter('standings_read_total', 'Customers read for a check.');
  const feeds = createOrganizationFeeds({
    bus,
    log,
    listenerOf: (organizationId) => ({ message: hear, resync: () => forget(organizationId) }),
  });
  const recheck = coalesce(compareAll);
  const timer = setInterval(() => void recheck(), RECHECK_MS).unref();

  function hear(message: unknown): void {
    if (!Array.isArray(message)) return;
    for (const update of message) {
      if (typeof update !== 'object' || update === null) continue;
      meanwhile.hear(update);
      const standing = kept.get(update.customerId);
      if (standing && isNewer(standing, update)) kept.delete(standing.customerId);
    }
  }

  function forget(organizationId: string): void {
    meanwhile.miss();
    for (const [customerId, standing] of kept) {
      if (standing.organizationId === organizationId) kept.delete(customerId);
    }
  }

  const read = createSharedReads(async (customerIds) => {
    const [asOf, confirmedMs] = [clock.now(), performance.now()];
    meanwhile.begin();
    try {
      const found = await readStandings(db, promised, customerIds, asOf);
      reads.inc(found.length);
      return new Map(found.map((one) => [one.customerId as string, take(one, asOf, confirmedMs)]));
    } finally {
      meanwhile.end();
    }
  });

  /** Keeps it unless it has changed since; whoever asked is given what was read after he asked either way. */
  function take(stored: StoredStanding, asOf: Date, confirmedMs: number): Standing {
    const { customerId, wallets, counts } = stored;
    const standing = Object.assign(stored, { asOf, confirmedMs, askedMs: performance.now() });
    kept.delete(customerId);
    const isSmall =
      wallets.every(({ grants }) => grants.length <= MAX_GRANTS_PER_WALLET) &&
      counts.size <= MAX_COUNTS;
    if (isSmall && meanwhile.isCurrent(stored)) keep(standing);
    return standing;
  }

  function keep(standing: Standing): void {
    const [oldest] = kept.keys();
    if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(standing.customerId, standing);
  }

  /** What is kept of a customer, if it is younger than this. */
  function find(customerId: string, maxAgeMs: number): Standing | null {
    const standing = kept.get(customerId);
    const nowMs = performance.now();
    if (!standing || nowMs - standing.confirmedMs > maxAgeMs) return null;
    standing.askedMs = nowMs;
    return standing;
  }

  async function readOr(customerId: string): Promise<Standing | null> {
    const before = find(customerId, MAX_AGE_IN_OUTAGE_MS);
    try {
      return (await read(customerId)) ?? null;
    } catch (error) {
      if (!isOutage(error)) throw error;
      return before;
    }
  }

  async function compareAll(): Promise<void> {
    for (const organizationId of feeds.leaveIdle(FORGOTTEN_AFTER_MS)) forget(organizationId);
    const sinceMs = performance.now() - FORGOTTEN_AFTER_MS;
    for (const [customerId, { askedMs }] of kept) if (askedMs < sinceMs) kept.delete(customerId);
    const asked = [...kept.values()];
    try {
      for (let from = 0; from < asked.length; from += COMPARED_AT_ONCE)
        await compare(asked.slice(from, from + COMPARED_AT_ONCE));
    } catch (error) {
      log.warn({ error }, 'What checks are decided on could not be compared with the database.');
    }
  }

  async function compare(standings: readonly Standing[]): Promise<void> {
    const [asOf, confirmedMs] = [clock.now(), performance.now()];
    const ids = standings.map(({ customerId }) => customerId);
    const signatures = await readSignatures(db.direct, ids, asOf);
    for (const standing of standings) {
      const { customerId } = standing;
      if (kept.get(customerId) !== standing) continue;
      if (standing.signature === signatures.get(customerId)) {
        standing.asOf = asOf;
        standing.confirmedMs = confirmedMs;
      } else kept.delete(customerId);
    }
  }

  return {
    async of(organizationId, customers) {
      const feed = feeds.of(organizationId);
      const maxAgeMs = feed.isConfirmed() ? MAX_AGE_MS : MAX_AGE_UNHEARD_MS;
      let isMissing = false;
      const found = customers.map((customer) => {
        const standing = customer && find(customer.id, maxAgeMs);
        isMissing ||= customer !== null && standing === null;
        return standing;
      });
      if (!isMissing) return found;
      await feed.heard;
      return Promise.all(
        customers.map((customer, at) => customer && (found[at] ?? readOr(customer.id))),
      );
    },
    recheck,
    close() {
      clearInterval(timer);
      feeds.close();
      kept.clear();
    },
  };
}
