import {
  countOf,
  type Exact,
  max,
  min,
  ONE,
  type Product,
  product,
  roundProduct,
  ZERO,
} from '../kit/decimal.ts';
import type { PercentageTerms, PerUnitTerms, Tier, TieredTerms } from './rate-terms.ts';

/** What a quantity costs, exactly: it is for the caller to round it, once. */
export function costOf(terms: PerUnitTerms | TieredTerms, quantity: Exact): Product {
  switch (terms.model) {
    case 'PER_UNIT':
      return product(packagesOf(quantity, terms.packageSize), terms.unitAmount);
    case 'GRADUATED':
      return graduated(terms.tiers, terms.packageSize, quantity);
    case 'VOLUME':
      return volume(terms.tiers, terms.packageSize, quantity);
  }
}

/** A share of a value and a fixed amount on top, within the bounds. Rounded once, after it is bounded. */
export function shareOf(terms: PercentageTerms, value: Exact, scale: number): Exact {
  const { fraction, fixedAmount, minimumAmount, maximumAmount } = terms;
  const share = product(value, fraction) + product(fixedAmount, ONE);
  const raised = minimumAmount === null ? share : max(share, product(minimumAmount, ONE));
  const bounded = maximumAmount === null ? raised : min(raised, product(maximumAmount, ONE));
  return roundProduct(bounded, scale);
}

/** Whole packages, begun ones count. */
function packagesOf(quantity: Exact, size: Exact): Exact {
  return size === ONE ? quantity : countOf(quantity, size);
}

/** The sum over the tiers that the quantity gets into, each for its own part of it. */
function graduated(tiers: readonly Tier[], size: Exact, quantity: Exact): Product {
  let cost: Product = ZERO;
  let from = ZERO;
  for (const { upTo, unitAmount, flatAmount } of tiers) {
    if (quantity <= from) break;
    const part = (upTo === null ? quantity : min(quantity, upTo)) - from;
    cost += product(packagesOf(part, size), unitAmount) + product(flatAmount, ONE);
    if (upTo === null) break;
    from = upTo;
  }
  return cost;
}

/** All of the quantity at the tier that its end is in. */
function volume(tiers: readonly Tier[], size: Exact, quantity: Exact): Product {
  if (quantity === ZERO) return ZERO;
  const tier = tiers.find(({ upTo }) => upTo === null || quantity <= upTo);
  if (!tier) throw new RangeError('The last tier has no end, and a quantity is beyond it.');
  return product(packagesOf(quantity, size), tier.unitAmount) + product(tier.flatAmount, ONE);
}
