import type { Queryable } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { BalanceUpdate } from './balance-update.ts';
import type { LoggedEvent } from './event.ts';
import { readEvents } from './event-log.ts';
import type { PublishBalances } from './publish.ts';
import { FIND_GONE } from './sql/find-gone.ts';

/** A piece of an organization's log that was numbered in one pass. */
export interface Stretch {
  readonly organizationId: string;
  /** The position before its first event. */
  readonly after: number;
  readonly runs: number;
  /** The connections to the database that wrote it, by their process ids. */
  readonly writers: readonly number[];
}

/** Tells of balances whose own process died between its commit and telling. */
export interface Relay {
  /** To be called with what was numbered. Never throws and never waits. */
  note(stretches: readonly Stretch[]): void;
  /** Forgets what it has noted: who watches compares with the database besides. */
  close(): void;
}

export interface RelayOptions {
  readonly db: Queryable;
  readonly log: Log;
  readonly publishBalances: PublishBalances;
}

/**
 * Between two looks, and the least age of what is looked at, by which whoever lives has told of it: that
 * is done in the turn in which the commit is heard of.
 */
const LOOK_MS = 250;
const FAILED = 'Balances left behind could not be told.';

/**
 * A process that dies takes its connections along, so a connection that is gone says that it may have died, and
 * what was written through it is told again; who has heard of it drops it by its version. It costs one small
 * statement a look, however much was committed: what it tells is read only when somebody died.
 */
export function createRelay({ db, log, publishBalances }: RelayOptions): Relay {
  let fresh: Stretch[] = [];
  let ripe: Stretch[] = [];
  let timer: NodeJS.Timeout | null = null;

  async function look(stretches: readonly Stretch[]): Promise<void> {
    const writers = [...new Set(stretches.flatMap((each) => each.writers))];
    const rows = await db.query<{ writer: number }>(FIND_GONE, [writers]);
    const gone = new Set(rows.map(({ writer }) => writer));
    for (const stretch of stretches) {
      if (stretch.writers.some((writer) => gone.has(writer))) await tell(stretch);
    }
  }

  /** One that was forgotten meanwhile does not keep the others. */
  async function tell(stretch: Stretch): Promise<void> {
    try {
      publishBalances(await balancesOf(db, stretch));
    } catch (error) {
      log.warn({ error, organizationId: stretch.organizationId }, FAILED);
    }
  }

  function onTime(): void {
    const due = ripe;
    ripe = fresh;
    fresh = [];
    timer = ripe.length > 0 ? setTimeout(onTime, LOOK_MS).unref() : null;
    if (due.length === 0) return;
    look(due).catch((error) => log.warn({ error }, FAILED));
  }

  return {
    note(stretches) {
      fresh.push(...stretches);
      if (fresh.length > 0) timer ??= setTimeout(onTime, LOOK_MS).unref();
    },
    close() {
      if (timer) clearTimeout(timer);
    },
  };
}

/** The last of each wallet: older ones nobody needs. */
async function balancesOf(db: Queryable, stretch: Stretch): Promise<BalanceUpdate[]> {
  const { organizationId, after, runs } = stretch;
  const events = await readEvents(db, { organizationId, customerId: null }, after, runs);
  const updates = new Map<string, BalanceUpdate>();
  for (const event of events) {
    const update = updateOf(event);
    if (update) updates.set(update.walletId, update);
  }
  return [...updates.values()];
}

function updateOf({ organizationId, customerId, fact, at }: LoggedEvent): BalanceUpdate | null {
  if (fact.type !== 'balance.changed' || customerId === null) return null;
  const { walletId, version, balance, cause } = fact;
  return { walletId, customerId, organizationId, version, balance, cause, at: at.toISOString() };
}
