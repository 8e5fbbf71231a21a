import { type Exact, exact, multiply, ZERO } from '../../kit/decimal.ts';
import type { PackDefinition, PackStep } from './definition.ts';

/** What a number of packs costs, and what it brings. */
export interface PackQuote {
  readonly quantity: number;
  /** What is paid for, without the bonus. */
  readonly amount: Exact;
  readonly bonus: Exact;
  readonly listPrice: Exact;
  readonly discountPercent: Exact;
  /** The list price less the discount, rounded once to what the asset is paid in. */
  readonly price: Exact;
}

export interface QuoteScales {
  /** Decimal places that the credits keep. */
  readonly creditScale: number;
  /** Decimal places in which the price is paid. */
  readonly priceMinorUnits: number;
}

const HUNDRED = exact(100);

/** The step that the quantity reaches holds for all of it, not only for what is beyond. */
export function quotePack(pack: PackDefinition, quantity: number, scales: QuoteScales): PackQuote {
  const count = BigInt(quantity);
  const amount = pack.amount * count;
  const listPrice = pack.price * count;
  const discountPercent = percentAt(pack.discounts, quantity);
  return {
    quantity,
    amount,
    bonus: multiply(amount, percentAt(pack.bonuses, quantity) / 100n, scales.creditScale),
    listPrice,
    discountPercent,
    price: multiply(listPrice, (HUNDRED - discountPercent) / 100n, scales.priceMinorUnits),
  };
}

function percentAt(steps: readonly PackStep[], quantity: number): Exact {
  let percent = ZERO;
  for (const step of steps) if (step.quantity <= quantity) percent = step.percent;
  return percent;
}
