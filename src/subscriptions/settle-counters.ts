import { loadTerms } from '../catalog/stored-terms.ts';
import type { Tx } from '../infra/db.ts';
import { type Exact, exact, plain, stored, ZERO } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import { type Counter, type CounterKey, counterKey } from '../metering/counter.ts';
import { readCounters } from '../metering/counters.ts';
import { stretch } from '../metering/observe.ts';
import type { Period } from '../metering/period.ts';
import { MOVE_COUNTER } from '../metering/sql/move-counter.ts';
import { isRunning, surplusOf } from '../rating/running-cost.ts';
import {
  FIND_GUESSED_COUNTERS,
  FIND_MOVED_COUNTERS,
  type MovedCounterRow,
  READ_LAST_VALUES,
} from './sql/find-moved-counters.ts';
import type { SubscriptionState } from './subscription.ts';

type Owner = Pick<SubscriptionState, 'id' | 'organizationId' | 'customerId'>;

/** A period ends at another instant than it was to: what was counted in it ends there too. */
export async function movePeriodEnd(
  tx: Tx,
  owner: Owner,
  period: Period,
  until: Date,
  now: Date,
): Promise<void> {
  if (period.end.getTime() !== until.getTime()) await moveCounters(tx, owner, period, until, now);
}

/** A subscription counts no longer: what others go on with ends where their period does. */
export async function leaveCounters(tx: Tx, state: SubscriptionState, now: Date): Promise<void> {
  const { periodStart: start, periodEnd: end } = state;
  if (start && end) await moveCounters(tx, state, { start, end }, end, now);
}

async function moveCounters(
  tx: Tx,
  owner: Owner,
  { start, end }: Period,
  until: Date,
  now: Date,
): Promise<void> {
  const given = [owner.customerId, owner.id, start, end, until];
  await settle(tx, owner, await tx.query<MovedCounterRow>(FIND_MOVED_COUNTERS, given), now);
}

/** A period begins: what was counted when that was not known yet ends with it, or where it begins. */
export async function settleGuesses(
  tx: Tx,
  owner: Owner,
  { start, end }: Period,
  now: Date,
): Promise<void> {
  const given = [owner.customerId, owner.id, start, end];
  await settle(tx, owner, await tx.query<MovedCounterRow>(FIND_GUESSED_COUNTERS, given), now);
}

/** Behind the wallets, which the caller has locked, as everybody locks counters. */
async function settle(
  tx: Tx,
  owner: Owner,
  rows: readonly MovedCounterRow[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const untilOf = new Map(rows.map((row) => [keyOf(owner, row).name, row.until]));
  const keys = rows.map((row) => keyOf(owner, row));
  for (const counter of await readCounters(tx, keys, true)) {
    const until = untilOf.get(counter.key.name);
    if (until) await moveEnd(tx, counter, until, now);
  }
}

function keyOf({ organizationId, customerId }: Owner, row: MovedCounterRow): CounterKey {
  const { kind, counted_id: countedId, slice, period_start: start, period_end: end } = row;
  return counterKey({ kind, organizationId, customerId, countedId, slice, period: { start, end } });
}

/**
 * The last value of those that are weighted with time was counted up to the end: it is counted up to the other
 * one. What was charged stays. Where that is too much by now, it is given back like any surplus of a period
 * that has ended; where it is too little, the next value of the period costs what is missing.
 */
async function moveEnd(tx: Tx, counter: Counter, until: Date, now: Date): Promise<void> {
  const { key } = counter;
  const more = await moreUntil(tx, counter, until);
  const quantity = counter.quantity + more;
  const isPriced = more !== ZERO && key.kind === 'PRICE';
  const surplus = isPriced ? await surplusAt(tx, counter, quantity) : counter.surplus;
  if (isPriced) await insertDifference(tx, key, -more);
  await tx.query(MOVE_COUNTER, [
    key.customerId,
    key.countedId,
    key.period.start,
    key.slice,
    until,
    stored(quantity),
    stored(surplus),
    now,
  ]);
}

async function moreUntil(tx: Tx, { key, periodEnd }: Counter, until: Date): Promise<Exact> {
  const { customerId, countedId, slice, period } = key;
  const from = until < periodEnd ? until : periodEnd;
  const given = [customerId, countedId, period.start, slice, from];
  const values = await tx.query<ValueRow>(READ_LAST_VALUES, given);
  return weightOf(values, until) - weightOf(values, periodEnd);
}

interface ValueRow {
  occurred_at: Date;
  value: string;
}

/** What values come to up to an end; each holds until the next one. */
function weightOf(values: readonly ValueRow[], end: Date): Exact {
  let weight = ZERO;
  for (const [index, { value, occurred_at: at }] of values.entries()) {
    weight += stretch(exact(value), at, values[index + 1]?.occurred_at ?? end, end);
  }
  return weight;
}

async function surplusAt(
  tx: Tx,
  { rateId, charged, surplus }: Counter,
  quantity: Exact,
): Promise<Exact> {
  // What was never charged has no rate, and nothing to give back.
  if (rateId === null) return surplus;
  const rate = await tx.prisma.rate.findUniqueOrThrow({
    where: { id: rateId },
    include: { price: { include: { asset: true } } },
  });
  const terms = loadTerms(rate);
  const rules = { scale: rate.price.asset.scale, mayFall: true };
  return isRunning(terms) ? surplusOf(terms, { quantity, charged }, rules) : surplus;
}

/** What the counter counts less, so that its charges and corrections still add up to it. */
async function insertDifference(tx: Tx, key: CounterKey, less: Exact): Promise<void> {
  const { organizationId, customerId, countedId, slice, period } = key;
  await tx.prisma.chargeCorrection.create({
    data: {
      organizationId,
      customerId,
      causeId: newId('adjustment'),
      ordinal: 0,
      countedId,
      slice,
      periodStart: period.start,
      quantity: plain(less),
      amount: '0',
    },
  });
}
