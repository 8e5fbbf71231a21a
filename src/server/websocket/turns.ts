import type { LoopTurn } from './loop-turn.ts';

/** When the work of one socket may begin: one piece after the other, so that it starves nobody else. */
export interface Turns {
  /** Resolves when it is the caller's turn; the function it gives ends the turn, once or more. */
  take(): Promise<() => void>;
  /** The turn, if it is the caller's at once; null when it has to be waited for. */
  tryTake(): (() => void) | null;
  /** Whether something that costs next to nothing may be done at once, without a turn of its own. */
  tryPass(): boolean;
  /** To be called when what held the work back may be over. */
  wake(): void;
}

export interface TurnsOptions {
  /** Pieces of work that run at the same time. */
  readonly maxRunning: number;
  /** Whether nothing may begin just now. */
  readonly isHeld: () => boolean;
  readonly loopTurn: LoopTurn;
}

/** Frames that are ready and are sent for one socket in one turn of the event loop. */
const MAX_PASSES = 16;

/**
 * First come, first served. At most one piece begins in a turn of the event loop, because everything that
 * a thousand messages ask for would otherwise be executed before anybody else's message is read.
 */
export function createTurns({ maxRunning, isHeld, loopTurn }: TurnsOptions): Turns {
  const waiting: ((leave: () => void) => void)[] = [];
  let running = 0;
  let begunIn = -1;
  let passedIn = -1;
  let passes = 0;
  let isArmed = false;

  const mayBegin = () => running < maxRunning && !isHeld() && loopTurn() !== begunIn;

  function begin(): () => void {
    running += 1;
    begunIn = loopTurn();
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      running -= 1;
      wake();
    };
  }

  function wake(): void {
    if (waiting.length > 0 && mayBegin()) waiting.shift()?.(begin());
    if (waiting.length === 0 || isArmed || running >= maxRunning || isHeld()) return;
    isArmed = true;
    setImmediate(() => {
      isArmed = false;
      wake();
    });
  }

  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        wake();
      }),
    tryTake: () => (waiting.length === 0 && mayBegin() ? begin() : null),
    tryPass() {
      if (waiting.length > 0 || isHeld()) return false;
      if (passedIn !== loopTurn()) {
        passedIn = loopTurn();
        passes = 0;
      }
      passes += 1;
      return passes <= MAX_PASSES;
    },
    wake,
  };
}
