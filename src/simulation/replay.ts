import { ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { type Counter, type CounterKey, emptyCounter } from '../metering/counter.ts';
import type { Period } from '../metering/period.ts';
import type { CardPrices, PriceBook } from '../rating/price-book.ts';
import { rateEvent } from '../rating/rate.ts';
import type { RatingRefusal } from '../rating/refusals.ts';
import type { CountingTerms } from '../subscriptions/terms.ts';
import { countedOf } from '../usage/counted.ts';
import { count, type Priced, priceCounted } from '../usage/price-counted.ts';
import type { PastEvent, Took } from './past-event.ts';
import type { Tally } from './tally.ts';

/** What events are rated by, and which of them are asked about. */
export interface ReplayRules {
  readonly organizationId: Id<'organization'>;
  readonly book: PriceBook;
  /** The plan's prices, before those of the default card. */
  readonly cards: readonly CardPrices[];
  readonly span: Period;
  /** What each price of them is of, by the one it is counted under. */
  readonly sold: ReadonlyMap<string, Omit<Took, 'amount'>>;
}

/** What became of an event: it was rated, or refused; null for one that only moved counters. */
export type Replayed = 'RATED' | RatingRefusal | null;

/** The events of one customer, as they would be charged on the plan, with counters that nobody stores. */
export interface Replay {
  /** In the order in which they were recorded, which is the order in which charges count. */
  take(event: PastEvent): Replayed;
  /** Gives back what is more than the periods cost that end in the span. */
  close(): void;
}

export function createReplay(rules: ReplayRules, terms: CountingTerms, tally: Tally): Replay {
  const { organizationId, book, cards, span, sold } = rules;
  const counters = new Map<string, Counter>();

  function counterOf(key: CounterKey): Counter {
    const known = counters.get(key.name);
    if (known) return known;
    const counter = emptyCounter(key);
    counter.readings = { keys: new Set(), series: [], taken: [] };
    counters.set(key.name, counter);
    return counter;
  }

  function price({ customerId, ...event }: PastEvent): Priced | RatingRefusal {
    const rated = rateEvent(book, event, cards);
    if (isRefusal(rated)) return rated;
    const owner = { organizationId, customerId, occurredAt: event.occurredAt };
    return priceCounted(rated, countedOf(owner, rated, terms), counterOf);
  }

  return {
    take(event) {
      const isAsked = event.occurredAt >= span.start && event.occurredAt < span.end;
      if (isAsked) {
        for (const { metricId, assetId, amount } of event.took) {
          tally.line(metricId, assetId).actual += amount;
        }
      }
      if (event.isCorrected) return null;
      const priced = price(event);
      if (isRefusal(priced)) return isAsked ? priced : null;
      count(priced, event.id);
      for (const { counter, counted } of priced.countings) {
        forgetSpent(counter, counted.observed?.aggregation === 'LATEST');
      }
      if (!isAsked) return null;
      for (const { metric, price: of, quantity, amount } of priced.charges) {
        const line = tally.line(metric.id, of.assetId);
        line.quantity += quantity;
        line.simulated += amount;
      }
      return 'RATED';
    },

    close() {
      for (const { key, surplus } of counters.values()) {
        const isInSpan = key.period.end > span.start && key.period.end <= span.end;
        const of = sold.get(key.countedId);
        if (surplus === ZERO || !isInSpan || !of) continue;
        tally.line(of.metricId, of.assetId).simulated -= surplus;
      }
    },
  };
}

/** Nothing is written, and of LATEST only the last reading says anything about what comes. */
function forgetSpent({ readings }: Counter, isLatest: boolean): void {
  if (!readings) return;
  readings.taken.length = 0;
  if (isLatest) readings.series.splice(0, readings.series.length - 1);
}
