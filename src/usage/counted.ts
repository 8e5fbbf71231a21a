import { type Invalid, isRefusal } from '../kit/refusal.ts';
import { type Counter, type CounterKey, counterKey } from '../metering/counter.ts';
import { type PricedCharge, type RatedCharge, tooLarge } from '../rating/rate.ts';
import { isTiered } from '../rating/rate-terms.ts';
import { costOnTop, type Running } from '../rating/running-cost.ts';
import type { CustomerTerms } from '../subscriptions/terms.ts';
import type { Candidate, ChargeCount } from './event.ts';

/** A charge of a candidate that goes by a counter. */
export interface Counted {
  readonly ordinal: number;
  readonly key: CounterKey;
}

/** What most events have: shared, so that they cost nothing. */
const NOTHING_COUNTED: readonly Counted[] = [];

/** The counters that an event's charges go by. */
export function countedOf(
  event: Pick<Candidate['event'], 'organizationId' | 'customerId' | 'occurredAt'>,
  rated: readonly RatedCharge[],
  terms: CustomerTerms,
): readonly Counted[] {
  if (rated.every(({ amount }) => amount !== null)) return NOTHING_COUNTED;
  const { organizationId, customerId } = event;
  const counted: Counted[] = [];
  for (const [ordinal, { amount, price, rate }] of rated.entries()) {
    if (amount !== null) continue;
    const { slice } = rate;
    const period = terms.periodOf(price.rateCardId, event.occurredAt);
    const key = counterKey({ organizationId, customerId, countedId: price.id, slice, period });
    counted.push({ ordinal, key });
  }
  return counted;
}

/** The counters that candidates go by, each once; mostly none. */
export function counterKeys(candidates: readonly Pick<Candidate, 'counted'>[]): CounterKey[] {
  const keys = new Map<string, CounterKey>();
  for (const { counted } of candidates) {
    for (const { key } of counted) if (!keys.has(key.name)) keys.set(key.name, key);
  }
  return [...keys.values()];
}

/** A charge at its amount, and what its counter said before it. */
interface Counting {
  readonly counter: Counter;
  readonly charge: PricedCharge;
  readonly count: ChargeCount;
}

export interface Priced {
  readonly charges: readonly PricedCharge[];
  readonly countings: readonly (Counting | undefined)[];
}

const NO_COUNTINGS: Priced['countings'] = [];

/** The amounts of an event's charges, those that go by counters as the counters are now. Changes nothing. */
export function priceOf(
  rated: readonly RatedCharge[],
  counted: readonly Counted[],
  counterOf: (key: CounterKey) => Counter,
): Priced | Invalid {
  // Every amount is known then.
  if (counted.length === 0)
    return { charges: rated as readonly PricedCharge[], countings: NO_COUNTINGS };
  const charges = [...rated];
  const countings: Counting[] = [];
  for (const { ordinal, key } of counted) {
    const counting = countOne(rated[ordinal] as RatedCharge, counterOf(key));
    if (isRefusal(counting)) return counting;
    charges[ordinal] = counting.charge;
    countings[ordinal] = counting;
  }
  return { charges: charges as readonly PricedCharge[], countings };
}

function countOne(charge: RatedCharge, counter: Counter): Counting | Invalid {
  const { rate, quantity, price, metric } = charge;
  if (!isTiered(rate)) throw new Error(`Rate ${rate.id} has no tiers to count by.`);
  const before: Running = { quantity: counter.quantity, charged: counter.charged };
  const amount = costOnTop(rate, quantity, before, price.assetScale);
  if (amount === null) return tooLarge(metric);
  const count = { periodStart: counter.key.period.start, before };
  return { counter, charge: { ...charge, amount }, count };
}

/** Counts what was paid for. */
export function count({ countings }: Priced): void {
  for (const counting of countings) {
    if (!counting) continue;
    const { counter, charge } = counting;
    counter.quantity += charge.quantity;
    counter.charged += charge.amount;
    counter.rateId = charge.rate.id;
    counter.isChanged = true;
  }
}
