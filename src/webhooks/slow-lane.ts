import { SECOND_MS } from '../kit/clock.ts';
import { createRecent } from '../kit/recent.ts';

/** Keeps endpoints that are slow to answer from holding the places of all others. */
export interface SlowLane {
  /** A place for an attempt; the function it gives leaves it. Null: it is slow, and no place is left. */
  enter(endpointId: string): (() => void) | null;
  /** How long an attempt took. */
  note(endpointId: string, latencyMs: number): void;
  /** Whether its last attempt took long, as far as this process knows. */
  isSlow(endpointId: string): boolean;
  /** When one that has found no place, or has had its turn, is to come back, in milliseconds. */
  comeBackMs(): number;
}

/** Most receivers answer within a fraction of it, and one that hangs is known after one attempt. */
const SLOW_MS = 2 * SECOND_MS;
const REMEMBERED = 10_000;
/** As many as there are places come back in each: the wait grows with how many wait, and their work does not. */
const BEHIND_MS = SECOND_MS;
const MOST_BEHIND_MS = 30 * SECOND_MS;

export function createSlowLane(places: number): SlowLane {
  const slow = createRecent<boolean>(REMEMBERED);
  let taken = 0;
  /** When the last of those that were sent away comes back. */
  let lastBackAt = 0;

  const isSlow = (endpointId: string) => slow.get(endpointId) === true;

  return {
    isSlow,
    enter(endpointId) {
      if (!isSlow(endpointId)) return () => undefined;
      if (taken >= places) return null;
      taken += 1;
      return () => {
        taken -= 1;
      };
    },
    comeBackMs() {
      const now = performance.now();
      const inTurn = Math.max(lastBackAt, now + BEHIND_MS) + BEHIND_MS / places;
      lastBackAt = Math.min(inTurn, now + MOST_BEHIND_MS);
      return Math.round(lastBackAt - now);
    },
    note: (endpointId, latencyMs) => slow.set(endpointId, latencyMs > SLOW_MS),
  };
}
