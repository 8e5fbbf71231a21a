import type { Queryable } from '../infra/db.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import type { CountedCard } from './counted-cards.ts';
import type { Period } from './periods.ts';
import { type OwingRow, READ_OWING } from './sql/read-owing.ts';
import {
  AT_ONCE,
  type Commitment,
  type CountedUsage,
  readCountedCards,
  readUsage,
} from './usage-of-period.ts';

/**
 * What usage of a period cost up to when it was read, by the entries that its wallet had then. Entries never change, so
 * behind the lock only what came since is read.
 */
export interface UsageAhead {
  readonly of: Commitment;
  readonly period: Period;
  readonly cards: readonly CountedCard[];
  /** What occurred before this is in it: the end of the period, where that was over. */
  readonly until: Date;
  readonly amount: Exact;
  readonly through: number;
}

/** The subscription whose usage is read ahead, for whoever sees it. */
export interface ReadAhead {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly customerId?: string | undefined;
  /** Whether its period is about to be ended, if it has not: otherwise only one that has is read. */
  readonly isEnding?: boolean;
}

/** Reads the usage that a minimum is about to be compared with, before anything is locked; null when none is. */
export async function readUsageAhead(
  db: Queryable,
  { subscriptionId, organizationId, customerId, isEnding = false }: ReadAhead,
  now: Date,
  atOnce = AT_ONCE,
): Promise<UsageAhead | null> {
  const values = [subscriptionId, organizationId, customerId ?? null, now, isEnding];
  const [row] = await db.query<OwingRow>(READ_OWING, values);
  if (!row) return null;
  const of = {
    subscriptionId,
    customerId: row.customer_id,
    walletId: row.wallet_id,
    assetId: row.asset_id,
  };
  const period = { start: row.period_start, end: row.period_end };
  const { until } = row;
  const within = { start: period.start, end: until };
  const cards = await readCountedCards(db, of, period);
  let read = await readUsage(db, of, within, cards, 0, atOnce);
  let { amount } = read;
  while (!read.isAll) {
    read = await readUsage(db, of, within, cards, read.through, atOnce);
    amount += read.amount;
  }
  return { of, period, cards, until, amount, through: read.through };
}

/**
 * All usage that occurred before an instant: what was read ahead, what was booked of that since, and what has occurred
 * since, for which the entries of five minutes are read again.
 */
export async function completeUsage(
  tx: Queryable,
  { of, period: { start }, cards, until, amount, through }: UsageAhead,
  end: Date,
): Promise<Pick<CountedUsage, 'amount' | 'surplus'>> {
  const booked = await readUsage(tx, of, { start, end: until }, cards, through);
  const rest = until < end ? await readUsage(tx, of, { start: until, end }, cards, 0) : null;
  return {
    amount: amount + booked.amount + (rest?.amount ?? ZERO),
    surplus: booked.surplus + (rest?.surplus ?? ZERO),
  };
}

/**
 * Whether it is of this period and wallet, and of nothing behind an instant: what was read without a lock may be of
 * another by now.
 */
export function isReadAhead(
  ahead: UsageAhead | null,
  { walletId }: Commitment,
  { start, end }: Period,
  at: Date,
): ahead is UsageAhead {
  return (
    ahead !== null &&
    ahead.until <= at &&
    ahead.of.walletId === walletId &&
    ahead.period.start.getTime() === start.getTime() &&
    ahead.period.end.getTime() === end.getTime()
  );
}
