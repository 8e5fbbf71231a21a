import type { Queryable } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { WaitOut } from '../infra/wait-out.ts';
import type { Bus } from './bus.ts';
import type { LoggedEvent } from './event.ts';
import { checkPlace, type LogScope, placeOf, readEvents, readExtent } from './event-log.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { createLogTail, type LogTail } from './log-tail.ts';
import { type RecheckTimes, startRechecks } from './rechecks.ts';

export interface ReadLog {
  readonly scope: LogScope;
  /** The place of the last event that the reader has had; null: from now on. */
  readonly after: number | null;
  readonly isWanted: (event: LoggedEvent) => boolean;
}

export interface LogHub {
  /**
   * The wanted events after a place, then those that happen, each once and in order. Throws CursorExpired
   * when events after that place were forgotten, or when the log does not reach it. The caller has checked
   * that the viewer may see what is in scope. Everything is held from the start until `return()`.
   */
  read(request: ReadLog): Promise<AsyncIterableIterator<LoggedEvent, undefined>>;
  /** Reads on in all logs that are followed: whatever hint was lost is made good. */
  recheck(): Promise<void>;
  /** How many logs are followed. */
  followed(): number;
  close(): void;
}

export interface LogHubOptions extends RecheckTimes {
  readonly db: Queryable;
  readonly waitOut: WaitOut;
  readonly bus: Bus;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Transactions read at a time by a reader that catches up. */
const PAGE = 100;

export function createLogHub(options: LogHubOptions): LogHub {
  const { db, waitOut } = options;
  const tails = new Map<string, LogTail>();
  const gauge = options.metrics.gauge(
    'log_readers',
    'Subscriptions to an event log that are open.',
  );
  const readers = new Set<LogReader>();
  const stopRechecks = startRechecks(options.bus, recheck, options);

  async function recheck(): Promise<void> {
    await Promise.all([...tails.values()].map((tail) => tail.advance()));
  }

  function tailOf(organizationId: string): LogTail {
    const tail = tails.get(organizationId) ?? createLogTail(organizationId, options);
    tails.set(organizationId, tail);
    return tail;
  }

  /** A reader is added before the log's extent is read: what is numbered later is offered to it. */
  function join({ scope, isWanted }: ReadLog): LogReader {
    const { organizationId, customerId } = scope;
    const tail = tailOf(organizationId);
    const reader = createLogReader({
      isWanted,
      placeOf: (event) => placeOf(scope, event),
      readAfter: (place) =>
        waitOut.run(
          () => readEvents(db, scope, place, PAGE),
          () => readers.has(reader),
        ),
      onEnd() {
        gauge.dec();
        readers.delete(reader);
        if (!tail.remove(reader, customerId)) return;
        tails.delete(organizationId);
        tail.close();
      },
    });
    gauge.inc();
    readers.add(reader);
    tail.add(reader, customerId);
    return reader;
  }

  return {
    async read(request) {
      const { scope } = request;
      const reader = join(request);
      try {
        await tailOf(scope.organizationId).following;
        const extent = await readExtent(db, scope);
        const place = request.after ?? extent.last;
        checkPlace(place, extent);
        reader.begin(place);
        return reader;
      } catch (error) {
        await reader.return?.();
        throw error;
      }
    },
    recheck,
    followed: () => tails.size,
    close() {
      stopRechecks();
      for (const reader of readers) void reader.return?.();
    },
  };
}
