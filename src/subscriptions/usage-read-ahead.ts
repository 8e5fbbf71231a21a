import type { Queryable } from '../infra/db.ts';
import type { Exact } from '../kit/decimal.ts';
import type { CountedCard } from './counted-cards.ts';
import type { Period } from './periods.ts';
import { type EndedRow, READ_ENDED } from './sql/read-ended.ts';
import { AT_ONCE, type Commitment, readCountedCards, readUsage } from './usage-of-period.ts';

/**
 * What usage of a period that has ended cost by the entries that its wallet had then. Entries never change, so behind
 * the lock only those that came since are read.
 */
export interface UsageAhead {
  readonly of: Commitment;
  readonly period: Period;
  readonly cards: readonly CountedCard[];
  readonly amount: Exact;
  readonly through: number;
}

/** Reads the usage that a minimum is about to be compared with, before anything is locked; null when none is. */
export async function readUsageAhead(
  db: Queryable,
  subscriptionId: string,
  now: Date,
  atOnce = AT_ONCE,
): Promise<UsageAhead | null> {
  const [row] = await db.query<EndedRow>(READ_ENDED, [subscriptionId, now]);
  if (!row) return null;
  const of = {
    subscriptionId,
    customerId: row.customer_id,
    walletId: row.wallet_id,
    assetId: row.asset_id,
  };
  const period = { start: row.period_start, end: row.period_end };
  const cards = await readCountedCards(db, of, period);
  let read = await readUsage(db, of, period, cards, 0, atOnce);
  let { amount } = read;
  while (!read.isAll) {
    read = await readUsage(db, of, period, cards, read.through, atOnce);
    amount += read.amount;
  }
  return { of, period, cards, amount, through: read.through };
}

/** Whether it is of this period and wallet: what was read without a lock may be of another by now. */
export function isReadAhead(
  ahead: UsageAhead | null,
  { walletId }: Commitment,
  { start, end }: Period,
): boolean {
  return (
    ahead !== null &&
    ahead.of.walletId === walletId &&
    ahead.period.start.getTime() === start.getTime() &&
    ahead.period.end.getTime() === end.getTime()
  );
}
