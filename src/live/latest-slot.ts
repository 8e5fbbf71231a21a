/**
 * Holds at most one value for a reader: a newer one replaces what was not taken yet. A reader that is slow
 * skips to the latest, and a reader that stops costs one value, never a queue.
 */
export interface LatestSlot<T> {
  put(value: T): void;
  /** The value, as soon as there is one; `done` once the slot is closed. */
  take(): Promise<IteratorResult<T, undefined>>;
  /** Drops the value and answers `done` to everyone who waits. */
  close(): void;
}

type Reader<T> = (result: IteratorResult<T, undefined>) => void;

const DONE = { done: true, value: undefined } as const;

export function createLatestSlot<T>(): LatestSlot<T> {
  const readers: Reader<T>[] = [];
  let pending: { value: T } | null = null;
  let closed = false;

  return {
    put(value) {
      if (closed) return;
      const reader = readers.shift();
      if (reader) reader({ done: false, value });
      else pending = { value };
    },
    take() {
      if (closed) return Promise.resolve(DONE);
      if (!pending) return new Promise((resolve) => readers.push(resolve));
      const { value } = pending;
      pending = null;
      return Promise.resolve({ done: false, value });
    },
    close() {
      closed = true;
      pending = null;
      for (const reader of readers.splice(0)) reader(DONE);
    },
  };
}
