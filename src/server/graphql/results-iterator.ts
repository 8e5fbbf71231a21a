import type { ExecutionResult } from 'graphql';

export type Results = AsyncIterableIterator<ExecutionResult, undefined>;

export interface ResultsSource {
  next(): Promise<IteratorResult<ExecutionResult, undefined>>;
  /** Lets go of everything, once or more. */
  end(): Promise<IteratorResult<ExecutionResult, undefined>>;
  isOver(): boolean;
}

/** The results of a subscription. What fails ends them, unless they were over by then. */
export function resultsIterator({ next, end, isOver }: ResultsSource): Results {
  return {
    async next() {
      try {
        return await next();
      } catch (error) {
        if (isOver()) return { done: true, value: undefined };
        await end();
        throw error;
      }
    },
    // Unlike a generator's, it reaches the source while an event is awaited.
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
