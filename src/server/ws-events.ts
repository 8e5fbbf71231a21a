import type { ExecutionResult } from 'graphql';
import type { Turns } from './ws-turns.ts';

const END = { done: true, value: undefined } as const;

/**
 * The results of a subscription, each made of its event when it is the socket's turn. What waits for a
 * peer that does not read is the event, which is small, and never the result.
 */
export function resultsInTurn<Event>(
  events: AsyncIterable<Event>,
  turns: Turns,
  resultOf: (event: Event) => ExecutionResult | Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult, undefined> {
  const source = events[Symbol.asyncIterator]();
  let isOver = false;

  async function end() {
    isOver = true;
    await source.return?.();
    return END;
  }

  return {
    async next() {
      const event = await source.next();
      if (event.done) return END;
      const leave = await turns.take();
      try {
        return isOver ? END : { done: false, value: await resultOf(event.value) };
      } catch (error) {
        await end();
        throw error;
      } finally {
        leave();
      }
    },
    // Unlike a generator's, it reaches the source while an event is awaited.
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
