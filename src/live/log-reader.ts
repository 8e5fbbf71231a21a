import type { LoggedEvent } from './event.ts';

/** One subscription to a log: it gives every event that is wanted once, in order, however slow its reader is. */
export interface LogReader extends AsyncIterableIterator<LoggedEvent, undefined> {
  /** To be called before the first `next()`, with the place of the last event that the reader has had. */
  begin(after: number): void;
  /** A new event of the log, told as it happens; kept while there is room. */
  offer(event: LoggedEvent): void;
  /** Something may have been missed: reads again from where the reader is. */
  fallBehind(): void;
}

export interface LogReaderOptions {
  readonly placeOf: (event: LoggedEvent) => number;
  readonly isWanted: (event: LoggedEvent) => boolean;
  /** The events right after a place, oldest first; empty at the end of the log. */
  readonly readAfter: (place: number) => Promise<readonly LoggedEvent[]>;
  /** Called once, when the reader is let go. */
  readonly onEnd: () => void;
}

/** Events kept for a reader that is slow; with more it reads them from the database when it wants them. */
const MAX_KEPT = 1_000;

const DONE = { done: true, value: undefined } as const;

/**
 * Begins by reading the log until it finds nothing more, while what happens meanwhile is kept; then lives
 * on what it is told, without what it has read already. A reader that is too slow begins again like that
 * from where it is, so that it costs neither an event nor memory.
 */
export function createLogReader(options: LogReaderOptions): LogReader {
  const { placeOf, isWanted, readAfter } = options;
  let place = 0;
  let read: LoggedEvent[] = [];
  let kept: LoggedEvent[] = [];
  let isBehind = true;
  let isReading = false;
  let isEnded = false;
  let wake: () => void = () => undefined;

  function offer(event: LoggedEvent): void {
    if (isEnded) return;
    if (!isWanted(event)) passOver(event);
    else if (kept.length < MAX_KEPT) kept.push(event);
    else fallBehind();
    wake();
  }

  /** A reader that waits need not go back before what it does not want: it may be forgotten one day. */
  function passOver(event: LoggedEvent): void {
    const isWaiting = !isBehind && !isReading && read.length === 0 && kept.length === 0;
    if (isWaiting) place = Math.max(place, placeOf(event));
  }

  function fallBehind(): void {
    kept = [];
    isBehind = true;
    wake();
  }

  /** Reads a page. What is told from here on is kept, so nothing falls between the two. */
  async function catchUp(): Promise<void> {
    isBehind = false;
    isReading = true;
    const page = await readAfter(place).finally(() => {
      isReading = false;
    });
    const last = page.at(-1);
    if (!last) return;
    read = page.filter(isWanted);
    // A place behind which nothing is wanted need not be read again.
    if (read.length === 0) place = placeOf(last);
    isBehind = true;
  }

  function takeOne(): LoggedEvent | undefined {
    const fromPage = read.shift();
    if (fromPage || isBehind) return fromPage;
    let event = kept.shift();
    while (event && placeOf(event) <= place) event = kept.shift();
    return event;
  }

  function end() {
    if (!isEnded) options.onEnd();
    isEnded = true;
    read = [];
    kept = [];
    wake();
    return DONE;
  }

  return {
    begin(after) {
      place = after;
    },
    offer,
    fallBehind,
    async next() {
      for (;;) {
        if (isEnded) return DONE;
        const event = takeOne();
        if (event) {
          place = placeOf(event);
          return { done: false, value: event };
        }
        if (isBehind) await catchUp();
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
    return: async () => end(),
    async throw(error) {
      end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
