import { type Exact, LIMIT, max, min, type Product, roundProduct, ZERO } from '../kit/decimal.ts';
import { costOf } from './cost.ts';
import type { PerUnitTerms, RateTerms, TieredTerms } from './rate-terms.ts';

/** What was used of a price in a period so far, and what was charged for it. */
export interface Running {
  readonly quantity: Exact;
  readonly charged: Exact;
}

/** Terms that can price what was used in a period. */
export type RunningTerms = PerUnitTerms | TieredTerms;

export function isRunning(terms: RateTerms): terms is RunningTerms {
  return terms.model === 'PER_UNIT' || terms.model === 'GRADUATED' || terms.model === 'VOLUME';
}

export interface RunningRules {
  /** Of the asset. */
  readonly scale: number;
  /** Whether what is counted may fall within a period. */
  readonly mayFall: boolean;
}

/**
 * What a quantity costs on top of what was used before. The charges of graduated tiers add up to the
 * rounded cost of the total exactly, whatever the order: each is the difference between the rounded costs
 * with it and without it. A volume price may fall where a tier begins, and a
 * quantity when it follows a value; then a charge is what is missing from the cost of the total, and never
 * less than nothing. Null is more than can be counted.
 *
 * `events` is how many count the quantity, each of them as much, where their charges shall be one.
 */
export function costOnTop(
  terms: RunningTerms,
  quantity: Exact,
  before: Running,
  { scale, mayFall }: RunningRules,
  events = 1n,
): Exact | null {
  const after = before.quantity + quantity;
  if (after >= LIMIT) return null;
  const total = roundProduct(dearestOf(terms, before.quantity, quantity, events), scale);
  if (total >= LIMIT) return null;
  if (mayFall || terms.model === 'VOLUME') return max(total - before.charged, ZERO);
  return total - roundProduct(costOf(terms, before.quantity), scale);
}

/**
 * What the total costs or, where the price falls on the way, has cost at its dearest: the last event within a tier
 * is charged before the next tier lowers the price.
 */
function dearestOf(terms: RunningTerms, from: Exact, quantity: Exact, events: bigint): Product {
  let dearest = costOf(terms, from + quantity);
  if (terms.model !== 'VOLUME' || events <= 1n) return dearest;
  const each = quantity / events;
  for (const { upTo } of terms.tiers) {
    if (upTo === null || upTo >= from + quantity) break;
    const within = (upTo - from) / each;
    if (within > 0n) dearest = max(dearest, costOf(terms, from + within * each));
  }
  return dearest;
}

/** What was charged beyond what the quantity costs, where that may fall; nothing otherwise. */
export function surplusOf(
  terms: RunningTerms,
  { quantity, charged }: Running,
  { scale, mayFall }: RunningRules,
): Exact {
  if (!mayFall && terms.model !== 'VOLUME') return ZERO;
  return max(charged - roundProduct(costOf(terms, quantity), scale), ZERO);
}

/** What is given back when less was used after all: never more than was charged, and never less than nothing. */
export function costTakenBack(
  terms: RunningTerms,
  before: Running,
  after: Exact,
  { scale, mayFall }: RunningRules,
): Exact {
  const due = roundProduct(costOf(terms, after), scale);
  const follows = mayFall || terms.model === 'VOLUME';
  const was = follows ? before.charged : roundProduct(costOf(terms, before.quantity), scale);
  return min(max(was - due, ZERO), before.charged);
}
