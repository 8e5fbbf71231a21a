import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { type EventExecution, type EventExecutor, outageIn } from './event-executor.ts';
import { type Results, resultsIterator } from './results-iterator.ts';

/** What `subscribe` of graphql-js does. */
export type Subscribe = (args: ExecutionArgs) => Promise<ExecutionResult | Results>;

const END = { done: true, value: undefined } as const;

/** Like that of graphql-js, but that no outage is told before it has been waited out. */
export function createSubscribe(executor: EventExecutor): Subscribe {
  return async (args) => {
    const events = await createSourceEventStream(args);
    return Symbol.asyncIterator in events ? resultsOf(events, executor.prepare(args)) : events;
  };
}

function resultsOf(events: AsyncIterable<unknown>, execution: EventExecution): Results {
  const source = events[Symbol.asyncIterator]();
  let isOver = false;

  async function end() {
    if (!isOver) {
      isOver = true;
      await source.return?.();
    }
    return END;
  }

  /** Null when it is not wanted any more. */
  async function execute(event: unknown): Promise<ExecutionResult | null> {
    const outlast = execution.beginWait(() => !isOver);
    while (!isOver) {
      const result = await execution.execute(event);
      const outage = outageIn(result);
      if (!outage) return result;
      await outlast(outage);
    }
    return null;
  }

  async function next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (isOver) return END;
    const event = await source.next();
    const value = event.done ? null : await execute(event.value);
    return value ? { done: false, value } : end();
  }

  return resultsIterator({ next, end, isOver: () => isOver });
}
