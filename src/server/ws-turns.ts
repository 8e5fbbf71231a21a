/** When the work of one socket may begin: one piece after the other, so that it starves nobody else. */
export interface Turns {
  /** Resolves when it is the caller's turn; the function it gives ends the turn, once or more. */
  take(): Promise<() => void>;
  /** To be called when what held the work back may be over. */
  wake(): void;
}

export interface TurnsOptions {
  /** Pieces of work that run at the same time. */
  readonly maxRunning: number;
  /** Whether nothing may begin just now. */
  readonly isHeld: () => boolean;
}

/**
 * First come, first served. At most one piece begins in a turn of the event loop, because everything that
 * a thousand messages ask for would otherwise be executed before anybody else's message is read.
 */
export function createTurns({ maxRunning, isHeld }: TurnsOptions): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  let hasBegun = false;

  function wake(): void {
    if (hasBegun || running >= maxRunning || isHeld()) return;
    const begin = waiting.shift();
    if (!begin) return;
    running += 1;
    hasBegun = true;
    setImmediate(() => {
      hasBegun = false;
      wake();
    });
    begin();
  }

  function leaver(): () => void {
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      running -= 1;
      wake();
    };
  }

  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(leaver()));
        wake();
      }),
    wake,
  };
}
