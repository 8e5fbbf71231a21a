import type { Queryable } from '../infra/db.ts';
import { type Exact, exact } from '../kit/decimal.ts';
import { type CountedCard, countedCards } from './counted-cards.ts';
import type { Period } from './periods.ts';
import { type HoldingRow, READ_HOLDINGS } from './sql/read-holdings.ts';
import { READ_USAGE, type UsageRow } from './sql/read-usage.ts';

/** A subscription, and the wallet that a minimum of it is paid from. */
export interface Commitment {
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly walletId: string;
  readonly assetId: string;
}

/** What usage has cost, as far as it counts for a minimum. */
export interface CountedUsage {
  /** By the entries of the wallet. */
  readonly amount: Exact;
  /** What prices that have fallen charged too much of it, and is not given back yet. */
  readonly surplus: Exact;
  /** The last entry of the wallet that is known in it. */
  readonly through: number;
  /** Whether that is the last one that there is. */
  readonly isAll: boolean;
}

/** More than a wallet can have. */
const ALL = 2 ** 52;

/** Entries that one statement reads: some seconds of work, whatever a wallet has. */
export const AT_ONCE = 100_000;

/** Whose usage within a time counts for a minimum: see `countedCards`. */
export async function readCountedCards(
  db: Queryable,
  { subscriptionId, customerId, assetId }: Commitment,
  within: Period,
): Promise<CountedCard[]> {
  const rows = await db.query<HoldingRow>(READ_HOLDINGS, [customerId, assetId]);
  const holdings = rows.map((row) => ({
    subscriptionId: row.subscription_id,
    from: row.effective_from,
    until: row.effective_until,
    cards: row.cards,
    owesFrom: row.owes_from,
    hasPrices: row.has_prices,
  }));
  return countedCards(subscriptionId, within, holdings, rows[0]?.default_card ?? null);
}

/** What usage within a time has cost by the wallet's entries behind one of them, 0 for all; so many are enough. */
export async function readUsage(
  db: Queryable,
  { customerId, walletId, assetId }: Commitment,
  within: Period,
  cards: readonly CountedCard[],
  behind: number,
  enough = ALL,
): Promise<CountedUsage> {
  const [row] = await db.query<UsageRow>(READ_USAGE, [
    walletId,
    behind,
    within.start,
    within.end,
    customerId,
    assetId,
    cards.map(({ card }) => card),
    cards.map(({ start }) => start),
    cards.map(({ end }) => end),
    cards.map(({ countersFrom }) => countersFrom),
    enough,
  ]);
  if (!row) throw new Error('A minimum is paid from a wallet that is not there.');
  const { through, is_all: isAll } = row;
  return { amount: exact(row.amount), surplus: exact(row.surplus), through, isAll };
}
