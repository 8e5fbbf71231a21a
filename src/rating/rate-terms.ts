import type { Exact } from '../kit/decimal.ts';

/** A part of a quantity, from where the tier before it ends. */
export interface Tier {
  /** The last quantity that belongs to it; null is without end. */
  readonly upTo: Exact | null;
  /** What `packageSize` units in it cost. */
  readonly unitAmount: Exact;
  /** What it costs once, besides, when the quantity gets into it. */
  readonly flatAmount: Exact;
}

export interface PerUnitTerms {
  readonly model: 'PER_UNIT';
  /** What `packageSize` units cost. */
  readonly unitAmount: Exact;
  readonly packageSize: Exact;
}

/** Each tier prices its own part of what was used in a period. */
export interface GraduatedTerms {
  readonly model: 'GRADUATED';
  readonly tiers: readonly Tier[];
  readonly packageSize: Exact;
}

/** The tier that all of what was used in a period gets into prices all of it. */
export interface VolumeTerms {
  readonly model: 'VOLUME';
  readonly tiers: readonly Tier[];
  readonly packageSize: Exact;
}

/** A share of what was counted, or of another property of the event. */
export interface PercentageTerms {
  readonly model: 'PERCENTAGE';
  /** A hundredth of the percentage. */
  readonly fraction: Exact;
  readonly fixedAmount: Exact;
  /** An event costs at least so much; null is no bound. */
  readonly minimumAmount: Exact | null;
  readonly maximumAmount: Exact | null;
  /** The event property that the share is of; null is the quantity. */
  readonly property: string | null;
}

/** The event says what it costs. */
export interface GivenTerms {
  readonly model: 'GIVEN';
  /** An event that asks for less is refused; null is no bound. */
  readonly minimumAmount: Exact | null;
  readonly maximumAmount: Exact | null;
  /** The event property that says it; null is the quantity. */
  readonly property: string | null;
}

/** Each event costs the same, whatever its quantity. */
export interface FlatTerms {
  readonly model: 'FLAT';
  readonly flatAmount: Exact;
}

/** How a rate makes an amount of a quantity. */
export type RateTerms =
  | PerUnitTerms
  | GraduatedTerms
  | VolumeTerms
  | PercentageTerms
  | GivenTerms
  | FlatTerms;

export type PricingModel = RateTerms['model'];

/** Terms that price what was used in a period, and not each event by itself. */
export type TieredTerms = GraduatedTerms | VolumeTerms;

export function isTiered(terms: RateTerms): terms is TieredTerms {
  return terms.model === 'GRADUATED' || terms.model === 'VOLUME';
}
