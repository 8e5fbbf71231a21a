import { MINUTE_MS } from '../../kit/clock.ts';

/** What one socket has asked for and has not been given yet. */
export interface Load {
  /**
   * Called when a message has come; the function it gives, when all that it asked for is over. One that is
   * too large comes beyond the limits, whatever else there is.
   */
  enter(chars: number, isTooLarge?: boolean): () => void;
  /** Called for a ping or a pong. Nobody needs many: each counts as one that comes beyond the limits. */
  enterControl(): void;
  /** Whether it is more than one socket may ask for. */
  isOver(): boolean;
}

export interface LoadOptions {
  /** Messages that are not settled: subscriptions, and operations that were not answered. */
  readonly maxOperations: number;
  /** Characters of these messages: their documents and variables are kept until they are settled. */
  readonly maxChars: number;
  /** Messages in a minute that may come while it is over. To refuse one is work too. */
  readonly maxBeyond: number;
  /** Called for a message that is one too many of these. */
  readonly onFlood: () => void;
}

/** Messages beyond the limits: to read one that is too large may cost as much as to refuse so many others. */
const TOO_LARGE_COUNTS = 40;

/**
 * Counts until the work is over, not until the peer says `complete`: a query that nobody waits for any
 * more is still being executed.
 */
export function createLoad({ maxOperations, maxChars, maxBeyond, onFlood }: LoadOptions): Load {
  let operations = 0;
  let held = 0;
  let beyond = 0;
  let countedFrom = Number.NEGATIVE_INFINITY;

  const isOver = () => operations > maxOperations || held > maxChars;

  /** From the first on, a minute at a time: who tries again now and then may do so for ever. */
  function countBeyond(count: number): void {
    const now = performance.now();
    if (now - countedFrom > MINUTE_MS) {
      beyond = 0;
      countedFrom = now;
    }
    const wasFlood = beyond > maxBeyond;
    beyond += count;
    // Once: what comes behind it is not heard.
    if (!wasFlood && beyond > maxBeyond) onFlood();
  }

  return {
    enter(chars, isTooLarge = false) {
      operations += 1;
      held += chars;
      if (isTooLarge) countBeyond(TOO_LARGE_COUNTS);
      else if (isOver()) countBeyond(1);
      return () => {
        operations -= 1;
        held -= chars;
      };
    },
    enterControl: () => countBeyond(1),
    isOver,
  };
}
