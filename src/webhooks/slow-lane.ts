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
}

/** Most receivers answer within a fraction of it, and one that hangs is known after one attempt. */
const SLOW_MS = 2 * SECOND_MS;
const REMEMBERED = 10_000;

export function createSlowLane(places: number): SlowLane {
  const slow = createRecent<boolean>(REMEMBERED);
  let taken = 0;

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
    note: (endpointId, latencyMs) => slow.set(endpointId, latencyMs > SLOW_MS),
  };
}
