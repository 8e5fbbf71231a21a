import type { Db, Queryable } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { Bus } from './bus.ts';
import { type PublishBalances, publishLogGrowth } from './publish.ts';
import { createRelay, type Stretch } from './relay.ts';
import { CLAIM_SEQUENCER, NUMBER_EVENTS, type NumberedRow } from './sql/number-events.ts';

export interface Sequencer {
  /** To be called after each commit that has something to tell. Never throws and never waits. */
  wake(): void;
  /** One pass, for the worker: finds what a process that died has left. True when there may be more. */
  pass(): Promise<boolean>;
  /** Numbers what was committed so far, then sleeps for good. */
  close(): Promise<void>;
}

export interface SequencerOptions {
  readonly db: Db;
  readonly bus: Bus;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly publishBalances: PublishBalances;
  readonly alongside: Alongside;
}

/** What an organization's log has got: so many runs, the last of which ends at the position. */
export interface LogGrowth {
  readonly organizationId: string;
  readonly lastPosition: number;
  readonly runs: number;
}

/**
 * What has to happen with the numbering, in its transaction. It waits
 * for nobody, because everybody waits for it: what it cannot do at once it gives back, to be done behind
 * the commit.
 */
export type Alongside = (
  tx: Queryable,
  grown: readonly LogGrowth[],
) => Promise<(() => Promise<unknown>) | null>;

/** Rows in one pass: enough to be quick, few enough to commit soon. */
const MAX_ROWS = 2_000;
/** From the end of a pass to the next: under load many commits share one. */
const PAUSE_MS = 20;

type Pass = { readonly claimed: boolean; readonly isMore: boolean };

/**
 * Gives the events of committed transactions their place in the log. Any process may do it, one at a time;
 * nobody who charges waits for it.
 */
export function createSequencer(options: SequencerOptions): Sequencer {
  const { log } = options;
  const numbered = options.metrics.counter(
    'events_numbered_total',
    'Runs of events that were given their place in the log.',
  );
  const relay = createRelay({ ...options, db: options.db.direct });
  let isWanted = false;
  let isClosed = false;
  let running: Promise<void> | null = null;

  async function pass(): Promise<Pass> {
    const done = await options.db.backgroundTransaction((tx) => numberEvents(tx, options));
    if (done === null) return { claimed: false, isMore: false };
    for (const row of done.rows) {
      publishLogGrowth(options.bus, row.organization_id, Number(row.last_position));
    }
    done.afterwards?.().catch((error) => log.warn({ error }, 'Something beside the log failed.'));
    const count = done.rows.reduce((sum, row) => sum + row.runs, 0);
    numbered.inc(count);
    const isMore = count >= MAX_ROWS;
    // In a backlog everything is late, and telling it again would only add to it.
    if (!isMore) relay.note(done.rows.map(stretchOf));
    return { claimed: true, isMore };
  }

  async function loop(): Promise<void> {
    while (isWanted) {
      isWanted = false;
      try {
        const { claimed, isMore } = await pass();
        // Whoever is at it may have looked before our commit; after our time a worker will.
        if (isMore || (!claimed && !isClosed)) isWanted = true;
      } catch (error) {
        log.warn({ error }, 'Events could not be numbered; the worker will try again.');
      }
      if (!isClosed) await pause();
    }
    running = null;
  }

  return {
    wake() {
      isWanted = true;
      if (!isClosed) running ??= loop();
    },
    pass: async () => (await pass()).isMore,
    async close() {
      isClosed = true;
      await running;
      relay.close();
    },
  };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

interface Numbered {
  readonly rows: readonly NumberedRow[];
  readonly afterwards: (() => Promise<unknown>) | null;
}

/** Null when somebody else is at it. */
async function numberEvents(
  tx: Queryable,
  { alongside }: SequencerOptions,
): Promise<Numbered | null> {
  const [claim] = await tx.query<{ claimed: boolean }>(CLAIM_SEQUENCER, []);
  if (!claim?.claimed) return null;
  const rows = await tx.query<NumberedRow>(NUMBER_EVENTS, [MAX_ROWS]);
  if (rows.length === 0) return { rows, afterwards: null };
  return { rows, afterwards: await alongside(tx, rows.map(growthOf)) };
}

function growthOf(row: NumberedRow): LogGrowth {
  const { organization_id: organizationId, last_position, runs } = row;
  return { organizationId, lastPosition: Number(last_position), runs };
}

function stretchOf(row: NumberedRow): Stretch {
  const { organization_id: organizationId, last_position, events, runs, writers } = row;
  return { organizationId, after: Number(last_position) - events, runs, writers };
}
