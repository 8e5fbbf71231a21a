import { groupBy } from '../kit/group-by.ts';
import { type Dimensions, dimensionsKey } from './dimensions.ts';
import { type DatedRate, decideRate, rateInForce } from './rate.ts';
import type { ResolvedRate } from './rate-import.ts';
import { loadTerms, type StoredTerms, storeTerms } from './stored-terms.ts';

/** One line of a diff between a card and an import. */
export interface RateChange {
  /** The metric's code. */
  readonly metric: string;
  readonly dimensions: Dimensions;
  /** In force now; null when nothing covered these dimensions. */
  readonly before: StoredTerms | null;
  /** Null when the import does not name these dimensions. */
  readonly after: StoredTerms | null;
}

export interface RatesDiff {
  readonly added: readonly RateChange[];
  readonly changed: readonly RateChange[];
  readonly unchanged: number;
  /** In force on the card for the same metrics, but not in the import; they stay in force. */
  readonly missing: readonly RateChange[];
}

/** A rate that makes the card agree with the import. */
export interface PlannedRate extends StoredTerms {
  readonly metricId: string;
  readonly dimensions: Dimensions;
  readonly effectiveFrom: Date | null;
}

/** What the card has of one metric, as the diff reads it. */
export interface CardPrice {
  readonly metricId: string;
  readonly rates: readonly (DatedRate & { readonly dimensions: unknown })[];
}

/** What to write so that the card charges as the import says, and how to show it. Pure. */
export function diffRates(
  prices: readonly CardPrice[],
  wanted: readonly ResolvedRate[],
  now: Date,
): { readonly diff: RatesDiff; readonly planned: readonly PlannedRate[] } {
  const existing = new Map(prices.map((price) => [price.metricId, ratesByDimensions(price)]));
  const added: RateChange[] = [];
  const changed: RateChange[] = [];
  const planned: PlannedRate[] = [];
  for (const { metricId, metricCode, draft } of wanted) {
    const rates = existing.get(metricId)?.get(dimensionsKey(draft.dimensions)) ?? [];
    const decision = decideRate(rates, draft, null, now);
    if ('refusal' in decision) throw new Error('A rate without a start cannot be in conflict.');
    if (decision.kind === 'SAME') continue;
    const { dimensions } = draft;
    const after = storeTerms(draft.terms);
    const before = decision.follows && storedTermsOf(decision.follows);
    (before ? changed : added).push({ metric: metricCode, dimensions, before, after });
    planned.push({ metricId, dimensions, ...after, effectiveFrom: decision.effectiveFrom });
  }
  const unchanged = wanted.length - planned.length;
  const missing = missingFrom(prices, wanted, now);
  return { diff: { added, changed, unchanged, missing }, planned };
}

function missingFrom(
  prices: readonly CardPrice[],
  wanted: readonly ResolvedRate[],
  now: Date,
): RateChange[] {
  const codes = new Map(wanted.map(({ metricId, metricCode }) => [metricId, metricCode]));
  const named = new Set(wanted.map(({ metricId, draft }) => keyOf(metricId, draft.dimensions)));
  const missing: RateChange[] = [];
  for (const price of prices) {
    for (const rates of ratesByDimensions(price).values()) {
      const rate = rateInForce(rates, now);
      const metric = codes.get(price.metricId);
      if (!rate || !metric || named.has(keyOf(price.metricId, rate.dimensions))) continue;
      const dimensions = rate.dimensions as Dimensions;
      missing.push({ metric, dimensions, before: storedTermsOf(rate), after: null });
    }
  }
  return missing;
}

function ratesByDimensions(price: CardPrice) {
  return groupBy(price.rates, (rate) => dimensionsKey(rate.dimensions));
}

function keyOf(metricId: string, dimensions: unknown): string {
  return `${metricId} ${dimensionsKey(dimensions)}`;
}

function storedTermsOf(rate: DatedRate): StoredTerms {
  return storeTerms(loadTerms(rate));
}
