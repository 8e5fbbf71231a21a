import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { LoggedEvent } from '../live/event.ts';
import { loadEvents } from './store.ts';

/** Which usage events to tell; what is not given does not matter. */
export interface UsageFilter {
  readonly type?: string | null | undefined;
  readonly subject?: string | null | undefined;
}

type UsageEventRow = Awaited<ReturnType<typeof loadEvents>>[number];

export interface ToldUsage {
  readonly usageEvent: UsageEventRow;
  /** Whether it is the first of those that were committed together. */
  readonly isFirst: boolean;
}

const DONE = { done: true, value: undefined } as const;

/** The usage events that events of the log name, one by one. */
export function unfold(
  db: Db,
  viewer: Viewer,
  events: AsyncIterator<LoggedEvent, undefined>,
  { type, subject }: UsageFilter,
): AsyncIterableIterator<ToldUsage, undefined> {
  let waiting: ToldUsage[] = [];

  async function read({ fact }: LoggedEvent): Promise<ToldUsage[]> {
    if (fact.type !== 'usage.recorded') return [];
    const rows = await loadEvents(db, viewer, fact.usageEventIds);
    return rows
      .filter(
        (row) =>
          (type == null || row.type === type) && (subject == null || row.subject === subject),
      )
      .map((usageEvent, index) => ({ usageEvent, isFirst: index === 0 }));
  }

  return {
    async next() {
      while (waiting.length === 0) {
        const event = await events.next();
        if (event.done) return DONE;
        waiting = await read(event.value);
      }
      return { done: false, value: waiting.shift() as ToldUsage };
    },
    async return() {
      waiting = [];
      await events.return?.();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
