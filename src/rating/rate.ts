import { sha256Hex } from '../kit/canonical.ts';
import { convert, type Exact, LIMIT, ONE, roundProduct, roundTo, ZERO } from '../kit/decimal.ts';
import { type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import { isObserved, mayFall } from './aggregation.ts';
import { holds, textOf } from './condition.ts';
import { costOf, shareOf } from './cost.ts';
import { readAmount } from './event-amount.ts';
import type {
  BookRate,
  CardPrices,
  Conversion,
  IndexedMetric,
  IndexedPrice,
  PriceBook,
} from './price-book.ts';
import { findRate } from './rate-index.ts';
import type { GivenTerms } from './rate-terms.ts';
import type { PriceNotFound, RatingRefusal } from './refusals.ts';

/** The part of an event that its price depends on. */
export interface RatableEvent {
  readonly type: string;
  readonly occurredAt: Date;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What one event counts for on one price, and what it costs if that depends on nothing else. */
export interface RatedCharge {
  readonly metric: IndexedMetric;
  readonly price: IndexedPrice;
  readonly rate: BookRate;
  /** What the event counts; of a metric that is observed, the value that it says. */
  readonly quantity: Exact;
  /** By how many events, each of as much: one, unless it is an estimate. */
  readonly events: bigint;
  /** What UNIQUE tells apart; null for the other aggregations. */
  readonly key: string | null;
  /**
   * In the price's asset, rounded once: half-even to the asset's scale. Null where it depends on what was
   * used before in the period: see `costOnTop`.
   */
  readonly amount: Exact | null;
}

/** The same once the amount is known. */
export type PricedCharge = RatedCharge & { readonly amount: Exact };

/**
 * What an event costs: one charge for each price with a rate for it, of each metric that counts it. Pure:
 * the same event and the same book give the same charges for ever. A metric that counts nothing of the
 * event (its property is absent or 0, its filter does not hold) gives none; one that counts something nothing prices is a
 * refusal, because unpriced usage would be given away in silence.
 *
 * `cards` come before the default one that the book has: what prices a metric is the first card with a rate for the
 * event, and that one alone.
 */
export function rateEvent(
  book: PriceBook,
  event: RatableEvent,
  cards: readonly CardPrices[] = NO_CARDS,
): RatedCharge[] | RatingRefusal {
  const metrics = book.metricsByEventType.get(event.type);
  if (!metrics) return { refusal: 'UnknownEventType', type: event.type };
  const charges: RatedCharge[] = [];
  for (const metric of metrics) {
    if (!metric.conditions.every((condition) => holds(condition, event.properties))) continue;
    const counted = quantityOf(metric, event.properties);
    if (counted === null) continue;
    if (isRefusal(counted)) return counted;
    const priced = chargesOf(metric, counted, event, cards);
    if (isRefusal(priced)) return priced;
    charges.push(...priced);
  }
  return charges;
}

/** What `quantity` of an event costs at a rate; null where that depends on what was used before. */
function amountOf(
  rate: BookRate,
  quantity: Exact,
  scale: number,
  { properties }: RatableEvent,
): Exact | null | Invalid {
  switch (rate.model) {
    case 'PER_UNIT':
      return roundProduct(costOf(rate, quantity), scale);
    case 'GRADUATED':
    case 'VOLUME':
      return null;
    case 'PERCENTAGE': {
      const value = rate.property === null ? quantity : required(properties, rate.property);
      return isRefusal(value) ? value : shareOf(rate, value, scale);
    }
    case 'GIVEN': {
      const value = rate.property === null ? quantity : required(properties, rate.property);
      return isRefusal(value) ? value : (outOfBounds(rate, value) ?? roundTo(value, scale));
    }
    case 'FLAT':
      return roundTo(rate.flatAmount, scale);
  }
}

const NO_CARDS: readonly CardPrices[] = [];

/** The charges of the first card that has any; none at all is a refusal. */
function chargesOf(
  metric: IndexedMetric,
  counted: Counted,
  event: RatableEvent,
  cards: readonly CardPrices[],
): RatedCharge[] | PriceNotFound | Invalid {
  for (const card of cards) {
    const prices = card.get(metric.id);
    const charges = prices && chargesAt(prices, metric, counted, event);
    if (charges && (isRefusal(charges) || charges.length > 0)) return charges;
  }
  const charges = chargesAt(metric.prices, metric, counted, event);
  if (isRefusal(charges) || charges.length > 0) return charges;
  const prices = [...metric.prices, ...cards.flatMap((card) => card.get(metric.id) ?? [])];
  const dimensions = Object.assign({}, ...prices.map((it) => dimensionsOf(it, event.properties)));
  return {
    refusal: 'PriceNotFound',
    metricCode: metric.code,
    dimensions,
    quantity: counted.quantity,
  };
}

/** A charge for each of the prices that has a rate for the event. */
function chargesAt(
  prices: readonly IndexedPrice[],
  metric: IndexedMetric,
  { quantity, key }: Counted,
  event: RatableEvent,
): RatedCharge[] | Invalid {
  const charges: RatedCharge[] = [];
  for (const price of prices) {
    const values = dimensionsOf(price, event.properties);
    const rate = findRate(price.index, values, event.occurredAt);
    if (!rate) continue;
    const amount = isObserved(metric.aggregation)
      ? null
      : amountOf(rate, quantity, price.assetScale, event);
    if (isRefusal(amount)) return amount;
    if (amount !== null && amount >= LIMIT) return tooLarge(metric);
    charges.push({ metric, price, rate, quantity, events: 1n, key, amount });
  }
  return charges;
}

/** The refusal of a charge, or of a sum of them, that is beyond what can be stored. */
export function tooLarge(metric: Pick<IndexedMetric, 'property'>): Invalid {
  return invalid({
    path: metric.property ? `properties.${metric.property}` : 'properties',
    code: 'OUT_OF_RANGE',
    message: 'The charge would need more than 26 digits before the decimal point.',
  });
}

interface Counted {
  readonly quantity: Exact;
  readonly key: string | null;
}

const ONE_EVENT: Counted = { quantity: ONE, key: null };

/** What a metric counts of an event; null for nothing. */
function quantityOf(
  { aggregation, property, conversion }: IndexedMetric,
  properties: RatableEvent['properties'],
): Counted | null | Invalid {
  if (property === null) return conversion ? counted(ONE, conversion) : ONE_EVENT;
  if (aggregation === 'UNIQUE') {
    const text = textOf(properties, property);
    return text === null ? null : { quantity: ONE, key: sha256Hex(text).slice(0, KEY_LENGTH) };
  }
  const value = readAmount(properties, property);
  if (value === null || isRefusal(value)) return value;
  const { quantity } = counted(value, conversion);
  if (quantity >= LIMIT) return tooLarge({ property });
  // A value that has fallen to nothing says something, and a sum of nothing does not.
  return quantity === ZERO && !mayFall(aggregation) ? null : { quantity, key: null };
}

/** Half of a SHA-256, in hexadecimal: texts are told apart by it. */
const KEY_LENGTH = 32;

function counted(value: Exact, conversion: Conversion | null): Counted {
  if (!conversion) return { quantity: value, key: null };
  const { multiply, divide, rounding } = conversion;
  return { quantity: convert(value, multiply, divide, rounding), key: null };
}

function required(properties: RatableEvent['properties'], name: string): Exact | Invalid {
  return (
    readAmount(properties, name) ??
    invalid({
      path: `properties.${name}`,
      code: 'REQUIRED',
      message: 'What the event costs is made of it.',
    })
  );
}

function outOfBounds(terms: GivenTerms, value: Exact): Invalid | null {
  const { minimumAmount, maximumAmount, property } = terms;
  const isLess = minimumAmount !== null && value < minimumAmount;
  if (!isLess && (maximumAmount === null || value <= maximumAmount)) return null;
  return invalid({
    path: property === null ? 'properties' : `properties.${property}`,
    code: 'OUT_OF_RANGE',
    message: `The amount that the event gives is ${isLess ? 'below what the price allows' : 'above what the price allows'}.`,
  });
}

function dimensionsOf(
  price: IndexedPrice,
  properties: RatableEvent['properties'],
): Record<string, string> {
  const dimensions: Record<string, string> = {};
  for (const name of price.index.dimensionNames) {
    const value = textOf(properties, name);
    if (value !== null) dimensions[name] = value;
  }
  return dimensions;
}
