/** What one socket has asked for and has not been given yet. */
export interface Load {
  /** Called when a message has come; the function it gives, when all that it asked for is over. */
  enter(chars: number): () => void;
  /** Whether it is more than one socket may ask for. */
  isOver(): boolean;
}

export interface LoadOptions {
  /** Messages that are not settled: subscriptions, and operations that were not answered. */
  readonly maxOperations: number;
  /** Characters of these messages: their documents and variables are kept until they are settled. */
  readonly maxChars: number;
}

/**
 * Counts until the work is over, not until the peer says `complete`: a query that nobody waits for any
 * more is still being executed.
 */
export function createLoad({ maxOperations, maxChars }: LoadOptions): Load {
  let operations = 0;
  let held = 0;

  return {
    enter(chars) {
      operations += 1;
      held += chars;
      return () => {
        operations -= 1;
        held -= chars;
      };
    },
    isOver: () => operations > maxOperations || held > maxChars,
  };
}
