/**
 * Holds at most one value of each key for a reader: a newer one replaces what was not taken yet, in its
 * place. A reader that is slow skips to the latest, and a reader that stops costs one value a key, never a
 * queue.
 */
export interface LatestSlots<T> {
  put(key: string, value: T): void;
  /** The value that waits longest, as soon as there is one; `done` once the slots are closed. */
  take(): Promise<IteratorResult<T, undefined>>;
  /** Drops the values and answers `done` to everyone who waits. */
  close(): void;
}

type Reader<T> = (result: IteratorResult<T, undefined>) => void;

const DONE = { done: true, value: undefined } as const;

export function createLatestSlots<T>(): LatestSlots<T> {
  const readers: Reader<T>[] = [];
  const pending = new Map<string, T>();
  let isClosed = false;

  return {
    put(key, value) {
      if (isClosed) return;
      const reader = readers.shift();
      if (reader) reader({ done: false, value });
      else pending.set(key, value);
    },
    take() {
      if (isClosed) return Promise.resolve(DONE);
      for (const [key, value] of pending) {
        pending.delete(key);
        return Promise.resolve({ done: false, value });
      }
      return new Promise((resolve) => readers.push(resolve));
    },
    close() {
      isClosed = true;
      pending.clear();
      for (const reader of readers.splice(0)) reader(DONE);
    },
  };
}
