import { MINUTE_MS } from '../../kit/clock.ts';

/** What one socket has asked for and has not been given yet. */
export interface Load {
  /** Called when a message has come; the function it gives, when all that it asked for is over. */
  enter(chars: number): () => void;
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
  function countBeyond(): void {
    const now = performance.now();
    if (now - countedFrom > MINUTE_MS) {
      beyond = 0;
      countedFrom = now;
    }
    beyond += 1;
    // Once: what comes behind it is not heard.
    if (beyond === maxBeyond + 1) onFlood();
  }

  return {
    enter(chars) {
      operations += 1;
      held += chars;
      if (isOver()) countBeyond();
      return () => {
        operations -= 1;
        held -= chars;
      };
    },
    enterControl: countBeyond,
    isOver,
  };
}
