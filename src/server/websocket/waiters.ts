/** Those who wait for the same thing. Whoever is released looks whether it is there. */
export interface Waiters {
  wait(): Promise<void>;
  release(): void;
}

export function createWaiters(): Waiters {
  let waiting: (() => void)[] = [];
  return {
    wait: () => new Promise((resolve) => waiting.push(resolve)),
    release() {
      if (waiting.length === 0) return;
      const released = waiting;
      waiting = [];
      for (const resolve of released) resolve();
    },
  };
}
