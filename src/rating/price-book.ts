import type { Exact, UnitRounding } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { Aggregation } from './aggregation.ts';
import { indexRates, type RateIndex } from './rate-index.ts';
import type { RateTerms } from './rate-terms.ts';

/** Bounds of a number, as decimal text; at least one is set. */
export interface NumberRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
}

/** A condition on one event property. Exactly one of the four is set. */
export interface Condition {
  readonly property: string;
  readonly equals?: string;
  readonly in?: readonly string[];
  readonly exists?: boolean;
  readonly range?: NumberRange;
}

/** Dated terms for the dimension values they name; an absent dimension matches every value. */
export type BookRate = RateTerms & {
  readonly id: Id<'rate'>;
  readonly dimensions: Readonly<Record<string, string>>;
  /** What is used of the price is counted by it: equal for rates of equal dimensions, whatever their dates. */
  readonly slice: string;
  /** Usage that occurred from here on; null is the beginning of time. */
  readonly effectiveFrom: Date | null;
};

export interface BookPrice {
  readonly id: Id<'price'>;
  readonly rateCardId: Id<'rateCard'>;
  /** The price under which usage is counted: one for all cards that somebody may change between. */
  readonly countedAs: Id<'price'>;
  readonly assetId: Id<'asset'>;
  readonly assetScale: number;
  readonly rates: readonly BookRate[];
}

/** `multiply` and `divide` are above zero. */
export interface Conversion {
  readonly multiply: Exact;
  readonly divide: Exact;
  readonly rounding: UnitRounding;
}

export interface BookMetric {
  readonly id: Id<'metric'>;
  readonly code: string;
  readonly eventType: string;
  readonly aggregation: Aggregation;
  /** The event property that it goes by; null for COUNT. */
  readonly property: string | null;
  /** What makes units of a value before it is counted; null leaves it as it is. */
  readonly conversion: Conversion | null;
  readonly conditions: readonly Condition[];
  readonly prices: readonly BookPrice[];
}

export interface IndexedPrice extends BookPrice {
  readonly index: RateIndex;
}

export interface IndexedMetric extends BookMetric {
  readonly prices: readonly IndexedPrice[];
}

/** Everything needed to rate an organization's events, as of one catalogue version. */
export interface PriceBook {
  readonly version: number;
  /** Each with its prices on the default rate card. */
  readonly metricsByEventType: ReadonlyMap<string, readonly IndexedMetric[]>;
}

/** The prices of another rate card, by the metric that they are of. */
export type CardPrices = ReadonlyMap<Id<'metric'>, readonly IndexedPrice[]>;

export function indexPrice(price: BookPrice): IndexedPrice {
  return { ...price, index: indexRates(price.rates) };
}

export function createPriceBook(version: number, metrics: readonly BookMetric[]): PriceBook {
  const metricsByEventType = new Map<string, IndexedMetric[]>();
  for (const metric of metrics) {
    const prices = metric.prices.map(indexPrice);
    const sameType = metricsByEventType.get(metric.eventType) ?? [];
    metricsByEventType.set(metric.eventType, [...sameType, { ...metric, prices }]);
  }
  return { version, metricsByEventType };
}
