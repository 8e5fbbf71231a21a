import type { Clock } from '../kit/clock.ts';

/** The longest delay a timer takes: a longer one fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Runs `action` when the clock reaches `instant`, however far away. Returns how to call it off. */
export function runAt(instant: Date, clock: Clock, action: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    const remainingMs = instant.getTime() - clock.now().getTime();
    if (remainingMs <= 0) action();
    else timer = setTimeout(arm, Math.min(remainingMs, LONGEST_MS)).unref();
  }

  arm();
  return () => clearTimeout(timer);
}
