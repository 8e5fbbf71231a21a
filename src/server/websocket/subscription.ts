import type { ExecutionResult } from 'graphql';
import { type EventExecution, outageIn } from '../graphql/event-executor.ts';
import { type Results, resultsIterator } from '../graphql/results-iterator.ts';
import type { Audience, Outcome } from './audiences.ts';
import type { Flow } from './flow.ts';
import type { TickEnd } from './tick-end.ts';
import type { Turns } from './turns.ts';

const END = { done: true, value: undefined } as const;

export interface Delivery {
  /** The operation's id, which is what the frames of two subscribers differ in. */
  readonly id: string;
  readonly audience: Audience;
  readonly flow: Flow;
  readonly turns: Turns;
  readonly tickEnd: TickEnd;
  readonly execution: EventExecution;
}

/**
 * Sends the results of a subscription to its socket. The text of a result may have been made for another
 * subscriber, so it is put into a frame and sent from here; what comes out of the iterator, for the
 * protocol to present, is results with errors. What waits for a peer that does not read is the event,
 * which is small, and never the result.
 */
export function deliver(events: AsyncIterable<unknown>, delivery: Delivery): Results {
  const { audience, flow, turns, tickEnd, execution } = delivery;
  const source = events[Symbol.asyncIterator]();
  const head = `{"id":${JSON.stringify(delivery.id)},"type":"next","payload":`;
  let isOver = false;

  const isWanted = () => !isOver && flow.isOpen();

  async function end() {
    if (isOver) return END;
    isOver = true;
    audience.leave();
    await source.return?.();
    return END;
  }

  function make(event: unknown, leave: () => void): Outcome | Promise<Outcome> {
    let outcome: Outcome | Promise<Outcome> | null = null;
    try {
      outcome = audience.make(event, () => execution.execute(event));
      return outcome instanceof Promise ? outcome.finally(leave) : outcome;
    } finally {
      if (!(outcome instanceof Promise)) leave();
    }
  }

  /** Null when it is not wanted any more. What was made meanwhile costs no more than asking for it. */
  async function outcomeInTurn(event: unknown): Promise<Outcome | null> {
    for (;;) {
      const made = await audience.find(event);
      if (made !== null && turns.tryPass()) return made;
      const leave = await turns.take();
      const madeMeanwhile = audience.find(event);
      if (!isOver && madeMeanwhile === null) return make(event, leave);
      leave();
      if (isOver) return null;
      if (typeof madeMeanwhile === 'string') return madeMeanwhile;
    }
  }

  /**
   * What came of an event, unless it is an outage: then it is executed again, or taken from another one of the
   * audience who was first. Null when it is not wanted any more. Nobody holds a turn while he waits.
   */
  async function outlastOutages(event: unknown, first: Outcome | null): Promise<Outcome | null> {
    const outlast = execution.beginWait(isWanted);
    let outcome = first;
    for (;;) {
      const outage = outageOf(outcome);
      if (!outage) return outcome;
      await outlast(outage);
      if (!isWanted()) return null;
      outcome = await outcomeInTurn(event);
    }
  }

  /**
   * At once if it can be, so that of all who were handed the event only the first one executes; a promise
   * less for each frame shows. What was executed in one tick is written after it: executing and writing by
   * turns is slower for both, and wakes a reader on the same machine once a frame.
   */
  async function next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    for (;;) {
      const event = await source.next();
      if (event.done || !flow.isOpen()) return end();
      const found = audience.find(event.value);
      const leave = found === null ? turns.tryTake() : null;
      let outcome: Outcome | null;
      if (leave) {
        const made = make(event.value, leave);
        outcome = typeof made === 'string' ? made : await made;
        await tickEnd();
      } else if (typeof found === 'string' && turns.tryPass()) outcome = found;
      else outcome = await outcomeInTurn(event.value);
      if (outageOf(outcome)) outcome = await outlastOutages(event.value, outcome);
      if (isOver || outcome === null) return end();
      if (typeof outcome !== 'string') return { done: false, value: outcome };
      if (!flow.push(`${head}${outcome}}`)) await flow.room();
    }
  }

  return resultsIterator({ next, end, isOver: () => isOver });
}

function outageOf(outcome: Outcome | null) {
  return typeof outcome === 'string' ? undefined : outcome && outageIn(outcome);
}
