import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import { type BalanceHubOptions, createBalanceHub } from './balance-hub.ts';
import type { Bus } from './bus.ts';
import { fromCursor, toCursor } from './cursor.ts';
import type { EventType, LoggedEvent } from './event.ts';
import { type LogPage, type LogScope, readExtent, readPage } from './event-log.ts';
import { createLogHub } from './log-hub.ts';

export type Live = ReturnType<typeof createLive>;

export interface LiveDeps extends Pick<BalanceHubOptions, 'readVersions' | 'readUpdates'> {
  readonly db: Db;
  readonly bus: Bus;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Which events of a log, and from where on. */
export interface WantedEvents {
  /** A cursor of the log that the viewer reads; null: from now on. */
  readonly after: string | null;
  /** Null: of any type. */
  readonly types: readonly EventType[] | null;
  /** One customer's, for a viewer who may see others too; null: all that the viewer may see. */
  readonly customerId: string | null;
}

/** The part of the log that a viewer sees: the organization's, or the token's own customer's. */
export function logScopeOf({ organizationId, customerId }: Viewer): LogScope {
  return { organizationId, customerId };
}

/** Room 4: the world is told. */
export function createLive({ db, bus, log, metrics, ...reads }: LiveDeps) {
  const { waitOut } = db;
  const balances = createBalanceHub({ bus, log, metrics, waitOut, ...reads });
  const logs = createLogHub({ db: db.direct, waitOut, bus, log, metrics });

  return {
    watchBalance: balances.watchBalance,
    /**
     * The wanted events after the cursor, then those that happen, each once and in order. Null when the
     * cursor is none of this log; throws CursorExpired when what follows it was forgotten.
     */
    async followLog(viewer: Viewer, wanted: WantedEvents) {
      const scope = {
        ...logScopeOf(viewer),
        ...(wanted.customerId && { customerId: wanted.customerId }),
      };
      const after = wanted.after === null ? null : fromCursor(scope, wanted.after);
      if (wanted.after !== null && after === null) return null;
      return logs.read({ scope, after, isWanted: isOfTypes(wanted.types) });
    },
    /** The cursor of the end of the log that the viewer reads. */
    async endOfLog(viewer: Viewer): Promise<string> {
      const scope = logScopeOf(viewer);
      return toCursor(scope, (await readExtent(db.direct, scope)).last);
    },
    /** A part of the log that the viewer reads, as far as it is kept. */
    readPage: (viewer: Viewer, page: LogPage) => readPage(db.direct, logScopeOf(viewer), page),
    close() {
      balances.close();
      logs.close();
    },
  };
}

function isOfTypes(types: readonly EventType[] | null): (event: LoggedEvent) => boolean {
  if (types === null) return () => true;
  const wanted = new Set(types);
  return ({ fact }) => wanted.has(fact.type);
}
