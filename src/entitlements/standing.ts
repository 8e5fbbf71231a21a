import { ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Running } from '../rating/running-cost.ts';
import type { CustomerTerms } from '../subscriptions/terms.ts';

/** What a customer has, as one snapshot of the database showed it. It is replaced, never changed. */
export interface Standing {
  readonly customerId: Id<'customer'>;
  readonly organizationId: Id<'organization'>;
  /** Those that usage draws on, with their open grants. */
  readonly wallets: readonly WalletState[];
  /** The versions of all its wallets, by id. */
  readonly versions: ReadonlyMap<string, number>;
  /** What its subscriptions come to: prices and rights. */
  readonly terms: CustomerTerms;
  /** What was used in periods that usage may still be of, but for that of single subjects: see `countName`. */
  readonly counts: ReadonlyMap<string, Running>;
  /** Equal for as long as nothing has changed. */
  readonly signature: string;
  /** When it was read, or last found to be what is stored: the time before that was asked. */
  asOf: Date;
  /** The same on a clock that only goes forward. */
  confirmedMs: number;
  /** When somebody last asked for it, on that clock. */
  askedMs: number;
}

/** Whether an update tells of something that the standing does not show. One that makes no sense does. */
export function isNewer(
  { versions }: Pick<Standing, 'versions'>,
  update: Partial<BalanceUpdate>,
): boolean {
  const known = versions.get(update.walletId ?? '') ?? -1;
  return !(typeof update.version === 'number' && update.version <= known);
}

/** Names what is counted of a customer: a price or a feature, a part of it, in a period. */
export function countName(countedId: string, slice: string, startMs: number): string {
  return `${countedId}/${startMs}/${slice}`;
}

export const NOTHING: Running = { quantity: ZERO, charged: ZERO };

/** What was used of it so far. */
export function countOf(
  { counts }: Pick<Standing, 'counts'>,
  countedId: string,
  slice: string,
  start: Date,
): Running {
  return counts.get(countName(countedId, slice, start.getTime())) ?? NOTHING;
}
