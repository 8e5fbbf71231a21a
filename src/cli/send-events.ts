import { backoffMs, MAX_RETRIES, pause } from '../sdk/backoff.ts';
import type { Api } from './api.ts';
import { type BatchAnswer, type Outcome, RECORD_BATCH } from './documents/replay.ts';
import { payloadOf } from './result.ts';
import type { TraceEvent } from './trace.ts';

export interface SendOptions {
  /** Batches under way at once. */
  readonly concurrency: number;
  /** Told of each event once, with what finally became of it. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Sends batches of events, a few at a time. The first failure stops the others after their batch. */
export async function sendEvents(
  api: Api,
  batches: readonly (readonly TraceEvent[])[],
  { concurrency, onOutcome }: SendOptions,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let batch = batches[next++]; batch; batch = batches[next++]) {
      try {
        for (const outcome of await sendBatch(api, batch)) onOutcome(outcome);
      } catch (error) {
        next = batches.length;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: concurrency }, lane));
  const failed = lanes.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * What became of each event. Those that may succeed later are sent again a bounded number of times;
 * their ids make that safe.
 */
async function sendBatch(api: Api, events: readonly TraceEvent[]): Promise<Outcome[]> {
  const settled: Outcome[] = [];
  let waiting = events;
  for (let retry = 0; ; retry += 1) {
    const outcomes = await attempt(api, waiting);
    const isFinal = (outcome: Outcome) => retry >= MAX_RETRIES || !isRetryable(outcome);
    settled.push(...outcomes.filter(isFinal));
    waiting = waiting.filter((_event, at) => {
      const outcome = outcomes[at];
      return outcome && !isFinal(outcome);
    });
    if (waiting.length === 0) return settled;
    await pause(backoffMs(retry));
  }
}

async function attempt(api: Api, events: readonly TraceEvent[]): Promise<readonly Outcome[]> {
  const { recordUsageBatch } = await api.send<BatchAnswer>(RECORD_BATCH, { input: { events } });
  if ('retryable' in recordUsageBatch && recordUsageBatch.retryable) {
    return events.map(() => recordUsageBatch);
  }
  return payloadOf(recordUsageBatch).outcomes;
}

function isRetryable(outcome: Outcome): boolean {
  return 'retryable' in outcome && outcome.retryable;
}
