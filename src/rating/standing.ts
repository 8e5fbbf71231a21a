import { type Exact, ZERO } from '../kit/decimal.ts';
import { isTiered, type RateTerms, type Tier } from './rate-terms.ts';

/** Where a quantity stands among the tiers of a rate. */
export interface Standing {
  readonly tier: Tier;
  /** The one that comes next; null in the last. */
  readonly next: Tier | null;
  /** How much more is of this tier; null in the last. */
  readonly left: Exact | null;
}

/** The tier that the next unit would be of; null for a rate without tiers. */
export function standingOf(terms: RateTerms, quantity: Exact): Standing | null {
  if (!isTiered(terms)) return null;
  const { tiers } = terms;
  const at = tiers.findIndex(({ upTo }) => upTo === null || quantity < upTo);
  const tier = tiers[at];
  if (!tier) return null;
  const left = tier.upTo === null ? null : tier.upTo - (quantity < ZERO ? ZERO : quantity);
  return { tier, next: tiers[at + 1] ?? null, left };
}
