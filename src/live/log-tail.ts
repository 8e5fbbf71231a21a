import type { Queryable } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Bus, Unsubscribe } from './bus.ts';
import { coalesce } from './coalesce.ts';
import type { LoggedEvent } from './event.ts';
import { CursorExpired, readEvents, readExtent } from './event-log.ts';
import type { LogReader } from './log-reader.ts';
import { logChannel } from './publish.ts';

/** The end of one organization's log, followed once for all its readers in this process. */
export interface LogTail {
  /** Resolves when everything that is numbered from now on will be offered to its readers. */
  readonly following: Promise<void>;
  /** A null customer is all of the organization. */
  add(reader: LogReader, customerId: string | null): void;
  /** True when it was the last. */
  remove(reader: LogReader, customerId: string | null): boolean;
  /** Reads on, whether or not a hint has come. */
  advance(): Promise<void>;
  close(): void;
}

export interface LogTailOptions {
  readonly db: Queryable;
  readonly bus: Bus;
  readonly log: Log;
}

/** Transactions read at a time. */
const PAGE = 500;

export function createLogTail(organizationId: string, { db, bus, log }: LogTailOptions): LogTail {
  const scope = { organizationId, customerId: null };
  const readers = new Map<string | null, Set<LogReader>>();
  let position: number | null = null;
  /** How far the log goes, as far as was told; -1: nobody told, so that it has to be looked for. */
  let told = -1;
  const readAll = coalesce(readOn);
  const advance = (): Promise<void> => {
    told = -1;
    return readAll();
  };
  const listener = {
    message(message: unknown) {
      told = Number.isSafeInteger(message) ? (message as number) : -1;
      void readAll();
    },
    resync: () => void advance(),
  };
  const subscribed: Promise<Unsubscribe> = bus.subscribe(logChannel(organizationId), listener);

  function offer(event: LoggedEvent): void {
    for (const reader of readers.get(null) ?? []) reader.offer(event);
    if (event.customerId === null) return;
    for (const reader of readers.get(event.customerId) ?? []) reader.offer(event);
  }

  /** Failing is no harm: the next hint, or the next round, does it again. */
  async function readOn(): Promise<void> {
    try {
      position ??= (await readExtent(db, scope)).last;
      // A log that ends before it did has lost something; reading behind its end finds that out.
      while (told === -1 || told !== position) {
        const events = await readEvents(db, scope, position, PAGE);
        const last = events.at(-1);
        if (!last) return;
        for (const event of events) offer(event);
        position = last.position;
      }
    } catch (error) {
      log.warn({ error, organizationId }, 'The event log could not be followed.');
      if (error instanceof CursorExpired) await startOver();
    }
  }

  /** Whoever missed something reads it for himself, and is told what cannot be read any more. */
  async function startOver(): Promise<void> {
    position = await readExtent(db, scope).then(
      ({ last }) => last,
      () => null,
    );
    for (const each of readers.values()) for (const reader of each) reader.fallBehind();
  }

  async function follow(): Promise<void> {
    await subscribed;
    position = (await readExtent(db, scope)).last;
  }

  return {
    following: follow(),
    add(reader, customerId) {
      const others = readers.get(customerId);
      if (others) others.add(reader);
      else readers.set(customerId, new Set([reader]));
    },
    remove(reader, customerId) {
      const others = readers.get(customerId);
      others?.delete(reader);
      if (others?.size === 0) readers.delete(customerId);
      return readers.size === 0;
    },
    advance,
    close() {
      subscribed.then(
        (unsubscribe) => unsubscribe(),
        (error) => log.error({ error }, 'A subscription to the bus failed.'),
      );
    },
  };
}
