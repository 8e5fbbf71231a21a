import { Decimal } from 'decimal.js';
import { countOf, type Exact, LIMIT, multiply, ONE, parseDecimal, ZERO } from '../kit/decimal.ts';
import { type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import { holds, textOf } from './condition.ts';
import type { BookRate, IndexedMetric, IndexedPrice, PriceBook } from './price-book.ts';
import { findRate } from './rate-index.ts';
import type { PriceNotFound, RatingRefusal } from './refusals.ts';

/** The part of an event that its price depends on. */
export interface RatableEvent {
  readonly type: string;
  readonly occurredAt: Date;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What one event costs on one price. */
export interface RatedCharge {
  readonly metric: IndexedMetric;
  readonly price: IndexedPrice;
  readonly rate: BookRate;
  readonly quantity: Exact;
  /** In the price's asset, rounded once: half-even to the asset's scale. */
  readonly amount: Exact;
}

/**
 * What an event costs: one charge for each price with a rate for it, of each metric that counts it. Pure:
 * the same event and the same book give the same charges for ever. A metric that counts nothing of the
 * event (its property is absent or 0, its filter does not hold) gives none; one that counts something nothing prices is a
 * refusal, because unpriced usage would be given away in silence.
 */
export function rateEvent(book: PriceBook, event: RatableEvent): RatedCharge[] | RatingRefusal {
  const metrics = book.metricsByEventType.get(event.type);
  if (!metrics) return { refusal: 'UnknownEventType', type: event.type };
  const charges: RatedCharge[] = [];
  for (const metric of metrics) {
    if (!metric.conditions.every((condition) => holds(condition, event.properties))) continue;
    const quantity = quantityOf(metric, event.properties);
    if (isRefusal(quantity)) return quantity;
    if (quantity === ZERO) continue;
    const priced = chargesOf(metric, quantity, event);
    if (isRefusal(priced)) return priced;
    charges.push(...priced);
  }
  return charges;
}

/** What `quantity` costs at a rate: whole packages, begun ones count. */
export function amountOf(rate: BookRate, quantity: Exact, scale: number): Exact {
  const packages = rate.packageSize === ONE ? quantity : countOf(quantity, rate.packageSize);
  return multiply(packages, rate.unitAmount, scale);
}

/** A charge for each price that has a rate for the event; none at all is a refusal. */
export function chargesOf(
  metric: IndexedMetric,
  quantity: Exact,
  event: Pick<RatableEvent, 'occurredAt' | 'properties'>,
): RatedCharge[] | PriceNotFound | Invalid {
  const charges: RatedCharge[] = [];
  for (const price of metric.prices) {
    const values = dimensionsOf(price, event.properties);
    const rate = findRate(price.index, values, event.occurredAt);
    if (!rate) continue;
    const amount = amountOf(rate, quantity, price.assetScale);
    if (amount >= LIMIT) return tooLarge(metric);
    charges.push({ metric, price, rate, quantity, amount });
  }
  if (charges.length > 0) return charges;
  const dimensions = Object.assign(
    {},
    ...metric.prices.map((price) => dimensionsOf(price, event.properties)),
  );
  return { refusal: 'PriceNotFound', metricCode: metric.code, dimensions, quantity };
}

function tooLarge(metric: IndexedMetric): Invalid {
  return invalid({
    path: metric.property ? `properties.${metric.property}` : 'properties',
    code: 'OUT_OF_RANGE',
    message: 'The charge would need more than 26 digits before the decimal point.',
  });
}

function quantityOf(
  metric: IndexedMetric,
  properties: RatableEvent['properties'],
): Exact | Invalid {
  if (metric.aggregation === 'COUNT' || metric.property === null) return ONE;
  const raw = Object.hasOwn(properties, metric.property) ? properties[metric.property] : null;
  if (raw === null || raw === undefined) return ZERO;
  const value = parseDecimal(typeof raw === 'number' ? numberText(raw) : raw);
  const path = `properties.${metric.property}`;
  if (typeof value === 'string') {
    return invalid({
      path,
      code: value,
      message:
        'The metric adds it up: send a number, or a plain decimal string of at most 12 places.',
    });
  }
  if (value >= ZERO) return value;
  return invalid({ path, code: 'NEGATIVE', message: 'A quantity must not be below zero.' });
}

/** The shortest decimal that reads back as the same JSON number, without an exponent. */
function numberText(value: number): string {
  const text = String(value);
  return text.includes('e') ? new Decimal(text).toFixed() : text;
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
