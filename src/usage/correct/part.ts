import type { Exact } from '../../kit/decimal.ts';
import type { CounterKey } from '../../metering/counter.ts';

/** What taking an event back takes back of one thing that it was charged or counted for. */
export interface Part {
  readonly ordinal: number;
  /** Null when nothing is given back. */
  readonly walletId: string | null;
  /** The counter; null for a charge that goes by none. */
  readonly key: CounterKey | null;
  /** What the counter counts less. */
  readonly quantity: Exact;
  /** What is given back. */
  readonly amount: Exact;
}
