import type { Viewer } from '../access/viewer.ts';
import { type Conflict, conflict } from '../kit/refusal.ts';

/** Where money is real, so is time. Null in a TEST organization. */
export function liveRefusal({ mode }: Viewer, path: string): Conflict | null {
  if (mode === 'TEST') return null;
  return conflict(path, 'Test clocks are for organizations in TEST mode; this one is LIVE.');
}
