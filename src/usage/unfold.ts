import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { WaitOut } from '../infra/wait-out.ts';
import type { LoggedEvent } from '../live/event.ts';
import type { ReadRecorded, ToldUsage } from './recorded.ts';

/** Which usage events to tell; what is not given does not matter. */
export interface UsageFilter {
  readonly type?: string | null | undefined;
  readonly subject?: string | null | undefined;
}

const DONE = { done: true, value: undefined } as const;

/**
 * The usage events that events of the log name, one by one, as far as the viewer may see. An event of the log
 * that was taken is not given again: what it names is read until it has been.
 */
export function unfold(
  readRecorded: ReadRecorded,
  waitOut: WaitOut,
  viewer: Viewer,
  events: AsyncIterator<LoggedEvent, undefined>,
  { type, subject }: UsageFilter,
): AsyncIterableIterator<ToldUsage, undefined> {
  const visible = ofVisibleCustomers(viewer);
  let waiting: ToldUsage[] = [];
  let isEnded = false;

  function isWanted({ usageEvent }: ToldUsage): boolean {
    if (usageEvent.organizationId !== visible.organizationId) return false;
    if (visible.customerId && usageEvent.customerId !== visible.customerId) return false;
    if (type != null && usageEvent.type !== type) return false;
    return subject == null || usageEvent.subject === subject;
  }

  return {
    async next() {
      while (waiting.length === 0) {
        const event = await events.next();
        if (event.done) return DONE;
        const told = await waitOut.run(
          () => readRecorded(event.value),
          () => !isEnded,
        );
        waiting = told.filter(isWanted);
      }
      return { done: false, value: waiting.shift() as ToldUsage };
    },
    async return() {
      isEnded = true;
      waiting = [];
      await events.return?.();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
