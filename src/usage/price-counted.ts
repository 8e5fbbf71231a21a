import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import type { Counter, CounterKey } from '../metering/counter.ts';
import { deltaOf, note, readingsOf } from '../metering/observe.ts';
import { mayFall } from '../rating/aggregation.ts';
import { type PricedCharge, type RatedCharge, tooLarge } from '../rating/rate.ts';
import { costOnTop, isRunning, type Running, surplusOf } from '../rating/running-cost.ts';
import type { Counted } from './counted.ts';
import type { ChargeCount } from './event.ts';

/** What a counter is told of an event once the event has been paid. */
interface Counting {
  readonly counter: Counter;
  readonly counted: Counted;
  /** Null when the event changes nothing of what is counted. */
  readonly charge: PricedCharge | null;
  /** What will have been charged beyond what the total costs. */
  readonly surplus: Exact;
}

/** An event's charges at their amounts. */
export interface Priced {
  readonly charges: readonly PricedCharge[];
  /** What the counters of the charges said before, in the same order; empty when none goes by a counter. */
  readonly counts: readonly (ChargeCount | null)[];
  readonly countings: readonly Counting[];
}

const NOTHING: readonly never[] = [];

/** The amounts of an event's charges, those that go by counters as the counters are now. Changes nothing. */
export function priceCounted(
  rated: readonly RatedCharge[],
  counted: readonly Counted[],
  counterOf: (key: CounterKey) => Counter,
): Priced | Invalid {
  // Every amount is known then.
  if (counted.length === 0)
    return { charges: rated as readonly PricedCharge[], counts: NOTHING, countings: NOTHING };
  const charges: PricedCharge[] = [];
  const counts: (ChargeCount | null)[] = [];
  const countings: Counting[] = [];
  for (const [ordinal, charge] of rated.entries()) {
    const by = counted.find((each) => each.ordinal === ordinal);
    const counting = by && countOne(charge, by, counterOf(by.key));
    if (isRefusal(counting)) return counting;
    if (counting) countings.push(counting);
    const priced = counting ? counting.charge : (charge as PricedCharge);
    if (!priced) continue;
    charges.push(priced);
    counts.push(counting ? countBefore(counting.counter) : null);
  }
  return { charges, counts, countings };
}

function countOne(charge: RatedCharge, counted: Counted, counter: Counter): Counting | Invalid {
  const { rate, price, metric } = charge;
  const { observed } = counted;
  if (!isRunning(rate)) throw new Error(`Rate ${rate.id} cannot price what is counted.`);
  const quantity = observed ? deltaOf(counter, observed) : charge.quantity;
  if (quantity === ZERO) return { counter, counted, charge: null, surplus: counter.surplus };
  const rules = { scale: price.assetScale, mayFall: mayFall(metric.aggregation) };
  const { before } = countBefore(counter);
  const amount = costOnTop(rate, quantity, before, rules);
  if (amount === null) return tooLarge(metric);
  const after = { quantity: before.quantity + quantity, charged: before.charged + amount };
  const surplus = surplusOf(rate, after, rules);
  return { counter, counted, charge: { ...charge, quantity, amount }, surplus };
}

function countBefore({ quantity, charged, key }: Counter): ChargeCount {
  const before: Running = { quantity, charged };
  return { periodStart: key.period.start, before };
}

/** Counts what was paid for. */
export function count({ countings }: Priced, usageEventId: Id<'usageEvent'>): void {
  for (const { counter, counted, charge, surplus } of countings) {
    counter.isChanged = true;
    counter.surplus = surplus;
    if (counted.observed) {
      const { at, value, key } = counted.observed;
      readingsOf(counter).taken.push({ at, value, key, usageEventId });
      note(counter, counted.observed);
    }
    if (!charge) continue;
    counter.quantity += charge.quantity;
    counter.charged += charge.amount;
    counter.rateId = charge.rate.id;
  }
}
