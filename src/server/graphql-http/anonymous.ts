import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { SECOND_MS } from '../../kit/clock.ts';

/** The turns of callers without a credential, who may introspect and nothing else. */
export interface AnonymousTurns {
  /** Runs `work` when it is its turn; null: too many wait. */
  run(work: () => Promise<void>): Promise<void> | null;
}

/** Of the time of the process. */
const SHARE = 0.2;
/** What may be used at once after a while of silence: some tools introspect several times in a row. */
const BURST_MS = 500;
const MAX_WAITING = 50;
/** Whoever does not read his answer keeps his turn no longer. */
const MAX_TURN_MS = SECOND_MS;

/**
 * One at a time, and when they have used up their share, not before it has grown again. A short query of the
 * schema may take thirty milliseconds and answer a megabyte, and nobody knows who asks.
 */
export function createAnonymousTurns(): AnonymousTurns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let leftMs = BURST_MS;
  let countedAt = performance.now();

  function count(usedMs: number): void {
    const now = performance.now();
    leftMs = Math.min(BURST_MS, leftMs + (now - countedAt) * SHARE) - usedMs;
    countedAt = now;
  }

  /** When it was begun. */
  async function begin(before: Promise<unknown>): Promise<number> {
    await before;
    // Others are heard in between.
    await nextTurn();
    count(0);
    if (leftMs < 0) await pause(-leftMs / SHARE);
    return performance.now();
  }

  /** Until the work is done, or the turn has lasted long enough. */
  async function end(started: number, done: Promise<unknown>): Promise<void> {
    await Promise.race([
      done.catch(() => undefined),
      pause(MAX_TURN_MS, undefined, { ref: false }),
    ]);
    waiting -= 1;
    count(performance.now() - started);
  }

  return {
    run(work) {
      if (waiting === MAX_WAITING) return null;
      waiting += 1;
      const begun = begin(last);
      const done = begun.then(work);
      last = begun.then((started) => end(started, done));
      return done;
    },
  };
}
