import { type Exact, exact, ZERO } from '../kit/decimal.ts';
import type { Outcome, Recorded } from './documents/replay.ts';

/** What became of the events of a replay. */
export interface Tally {
  recorded: number;
  duplicates: number;
  refused: number;
  /** The charges of recorded and duplicate events in one asset: equal however often it is replayed. */
  total: Exact;
  firstRefusal: string | null;
}

export function emptyTally(): Tally {
  return { recorded: 0, duplicates: 0, refused: 0, total: ZERO, firstRefusal: null };
}

/** Adds one outcome to the tally. */
export function count(tally: Tally, outcome: Outcome, asset: string): void {
  if (!isRecorded(outcome)) {
    tally.refused += 1;
    tally.firstRefusal ??= outcome.message;
    return;
  }
  if (outcome.duplicate) tally.duplicates += 1;
  else tally.recorded += 1;
  for (const charge of outcome.charges) {
    if (charge.asset.code === asset) tally.total += exact(charge.amount);
  }
}

function isRecorded(outcome: Outcome): outcome is Recorded {
  return 'charges' in outcome;
}
