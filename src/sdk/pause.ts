import { backoffMs } from './backoff.ts';

/** Growing time between attempts at something that does not work just now. */
export interface Pause {
  readonly failures: number;
  /** When to try again; 0 when nothing has failed. */
  readonly untilMs: number;
  failed(atLeastMs?: number): void;
  succeeded(): void;
}

export function createPause(nowMs: () => number): Pause {
  let failures = 0;
  let untilMs = 0;
  return {
    get failures() {
      return failures;
    },
    get untilMs() {
      return untilMs;
    },
    failed(atLeastMs = 0) {
      untilMs = nowMs() + Math.max(backoffMs(failures), atLeastMs);
      failures += 1;
    },
    succeeded() {
      failures = 0;
      untilMs = 0;
    },
  };
}
