import { type Exact, LIMIT, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import type { Counter, CounterKey } from '../metering/counter.ts';
import { deltaOf, note, readingsOf } from '../metering/observe.ts';
import { mayFall } from '../rating/aggregation.ts';
import { type PricedCharge, type RatedCharge, tooLarge } from '../rating/rate.ts';
import { costOnTop, isRunning, type Running, surplusOf } from '../rating/running-cost.ts';
import type { Counted, CountedFeature } from './counted.ts';
import type { ChargeCount } from './event.ts';

/** What a counter is told of an event once the event has been paid. */
interface Counting {
  readonly counter: Counter;
  readonly counted: Counted;
  readonly quantity: Exact;
  readonly amount: Exact;
  /** The rate that was charged; null where nothing was by this counter. */
  readonly rateId: Id<'rate'> | null;
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
    const by = counted.find((it) => it.kind === 'CHARGE' && it.ordinal === ordinal);
    const counting = by && countCharge(charge, by, counterOf(by.key));
    if (isRefusal(counting)) return counting;
    if (counting) countings.push(counting);
    const priced = counting ? chargeOf(charge, counting) : (charge as PricedCharge);
    if (!priced) continue;
    charges.push(priced);
    counts.push(counting ? countBefore(counting.counter) : null);
  }
  for (const by of counted) {
    if (by.kind !== 'FEATURE') continue;
    const counting = countUse(rated, charges, by, counterOf(by.key));
    if (isRefusal(counting)) return counting;
    countings.push(counting);
  }
  return { charges, counts, countings };
}

function countCharge(charge: RatedCharge, counted: Counted, counter: Counter): Counting | Invalid {
  const { rate, price, metric } = charge;
  const { observed } = counted;
  if (!isRunning(rate)) throw new Error(`Rate ${rate.id} cannot price what is counted.`);
  const quantity = observed ? deltaOf(counter, observed) : charge.quantity;
  const { surplus } = counter;
  if (quantity === ZERO) return { counter, counted, quantity, amount: ZERO, rateId: null, surplus };
  const rules = { scale: price.assetScale, mayFall: mayFall(metric.aggregation) };
  const { before } = countBefore(counter);
  const amount = costOnTop(rate, quantity, before, rules, charge.events);
  if (amount === null || counter.quantity + quantity >= LIMIT) return tooLarge(metric);
  const after = { quantity: before.quantity + quantity, charged: before.charged + amount };
  const rateId = rate.id;
  return { counter, counted, quantity, amount, rateId, surplus: surplusOf(rate, after, rules) };
}

/** Null when the event changes nothing of what is counted: it is not charged for it. */
function chargeOf(charge: RatedCharge, { rateId, quantity, amount }: Counting) {
  return rateId === null ? null : { ...charge, quantity, amount };
}

/** What an event uses of a feature: its quantity, or what its charges cost together. */
function countUse(
  rated: readonly RatedCharge[],
  charges: readonly PricedCharge[],
  counted: CountedFeature,
  counter: Counter,
): Counting | Invalid {
  const { metricId, spentIn, observed } = counted;
  const isUse = ({ metric }: RatedCharge) => metric.id === metricId;
  const use = rated.find(isUse);
  if (!use)
    throw new Error(`An event uses a feature by a metric that it has no charge of: ${metricId}.`);
  const spent = charges.filter((it) => isUse(it) && it.price.assetId === spentIn);
  const amount = spent.reduce((sum, charge) => sum + charge.amount, ZERO);
  const said = observed ? deltaOf(counter, observed) : use.quantity;
  const quantity = spentIn === null ? said : ZERO;
  const isTooLarge = counter.quantity + quantity >= LIMIT || counter.charged + amount >= LIMIT;
  if (isTooLarge) return tooLarge(use.metric);
  return { counter, counted, quantity, amount, rateId: null, surplus: counter.surplus };
}

function countBefore({ quantity, charged, key }: Counter): ChargeCount {
  const before: Running = { quantity, charged };
  return { periodStart: key.period.start, before };
}

/** Counts what was paid for. */
export function count({ countings }: Priced, usageEventId: Id<'usageEvent'>): void {
  for (const { counter, counted, quantity, amount, rateId, surplus } of countings) {
    const { observed } = counted;
    if (observed) {
      const { at, value, key } = observed;
      readingsOf(counter).taken.push({ at, value, key, usageEventId });
      note(counter, observed);
    } else if (counted.kind === 'FEATURE') {
      if (quantity === ZERO && amount === ZERO) continue;
      const use = { usageEventId, quantity, amount, assetId: counted.spentIn };
      counter.uses = [...counter.uses, use];
    }
    counter.isChanged = true;
    counter.surplus = surplus;
    counter.quantity += quantity;
    counter.charged += amount;
    counter.rateId = rateId ?? counter.rateId;
  }
}
