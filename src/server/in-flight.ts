/** Counts what is being worked on, so that a stop can wait for it. */
export interface InFlight {
  /** Called at the start; the function it returns at the end, once or more. */
  enter(): () => void;
  /** Resolves when nothing is in flight, or when the time is over. */
  idle(timeoutMs: number): Promise<void>;
}

export function createInFlight(): InFlight {
  let count = 0;
  let waiting: (() => void)[] = [];

  function settle(): void {
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    enter() {
      let inside = true;
      count += 1;
      return () => {
        if (!inside) return;
        inside = false;
        count -= 1;
        settle();
      };
    },
    async idle(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
        waiting.push(resolve);
        settle();
      });
      clearTimeout(timer);
    },
  };
}
