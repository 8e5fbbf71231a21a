import { convert, type Exact, ONE, plain, ZERO } from '../kit/decimal.ts';
import { type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import type { CardPrices, IndexedMetric, PriceBook } from './price-book.ts';
import { type RatableEvent, type RatedCharge, rateEvent } from './rate.ts';
import type { RatingRefusal } from './refusals.ts';

/** Usage of one metric that has not happened yet. */
export interface Estimate {
  readonly metricId: string;
  readonly quantity: Exact;
  /** What prices distinguish and the metric's filter asks for. */
  readonly properties: RatableEvent['properties'];
}

/** The metric of this id or code; undefined when there is none. */
export function findMetric(book: PriceBook, idOrCode: string): IndexedMetric | undefined {
  for (const metrics of book.metricsByEventType.values()) {
    const found = metrics.find(({ id, code }) => id === idOrCode || code === idOrCode);
    if (found) return found;
  }
  return undefined;
}

/**
 * What a quantity of a metric would cost at an instant, one charge for each price, as `rateEvent` rates one: as one
 * event that has all of it or, of a metric that counts events or distinct values, as so many events.
 */
export function rateEstimate(
  book: PriceBook,
  metric: IndexedMetric,
  { quantity, properties }: Pick<Estimate, 'quantity' | 'properties'>,
  at: Date,
  cards?: readonly CardPrices[],
): RatedCharge[] | RatingRefusal {
  const { property, aggregation } = metric;
  const alone = { ...book, metricsByEventType: new Map([[metric.eventType, [metric]]]) };
  const event = { type: metric.eventType, occurredAt: at, properties };
  if (property !== null && aggregation !== 'UNIQUE') {
    const counted = { ...properties, [property]: plain(quantity) };
    return counting(rateEvent(alone, { ...event, properties: counted }, cards));
  }
  if (quantity % ONE !== ZERO) {
    return invalid({ path: 'quantity', code: 'NOT_ALLOWED', message: 'Events are counted whole.' });
  }
  // Which value it is makes no difference, but there has to be one.
  const said = property === null ? properties : { [property]: plain(quantity), ...properties };
  const rated = rateEvent(alone, { ...event, properties: said }, cards);
  return counting(isRefusal(rated) ? rated : rated.map((it) => timesOver(it, quantity / ONE)));
}

/** What of a quantity is counted: in the unit of the metric, as that of the same events would be. */
export function countedQuantity(metric: IndexedMetric, quantity: Exact): Exact {
  const { property, aggregation, conversion } = metric;
  if (conversion === null || aggregation === 'UNIQUE') return quantity;
  const { multiply, divide, rounding } = conversion;
  const convertOne = (value: Exact) => convert(value, multiply, divide, rounding);
  // Each event is converted by itself, and so rounded by itself.
  return property === null ? convertOne(ONE) * (quantity / ONE) : convertOne(quantity);
}

/** No value of an event has this key: so many others are all new. */
export const NEVER_SAID = '';

function timesOver(charge: RatedCharge, times: bigint): RatedCharge {
  return {
    ...charge,
    quantity: charge.quantity * times,
    events: times,
    key: charge.key === null ? null : NEVER_SAID,
    amount: charge.amount === null ? null : charge.amount * times,
  };
}

function counting(rated: RatedCharge[] | RatingRefusal): RatedCharge[] | RatingRefusal {
  return !isRefusal(rated) && rated.length === 0 ? notCounted() : rated;
}

function notCounted(): Invalid {
  return invalid({
    path: 'properties',
    code: 'NOT_ALLOWED',
    message: "The metric's filter does not count an event with these properties.",
  });
}
