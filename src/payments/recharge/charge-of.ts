import { placesOf, quoteExchange } from '../../catalog/exchange/quote.ts';
import { type Exact, LIMIT, MAX_SCALE, ONE, ZERO } from '../../kit/decimal.ts';
import type { RechargeTerms } from './rule.ts';

/** What is to be paid, and what is credited for it. */
export interface RechargeCharge {
  readonly amount: Exact;
  readonly credit: Exact;
}

/**
 * Purely: what one recharge is. To fill a wallet up the amount is rounded up to what its money is paid in, so that the target is
 * reached. Null when it is less than the smallest step that the wallet keeps, or more than can be kept.
 */
export function chargeOf(
  { amount, target, asset, creditAsset }: RechargeTerms,
  free: Exact,
  rate: Exact,
): RechargeCharge | null {
  const places = placesOf('TOP_UP', asset);
  const paid = amount ?? upTo((target ?? ZERO) - free, rate, places);
  const { worth } = quoteExchange(paid, rate, placesOf('TOP_UP', creditAsset));
  const canBeKept = paid > ZERO && paid < LIMIT && worth > ZERO && worth < LIMIT;
  return canBeKept ? { amount: paid, credit: worth } : null;
}

/** The least that is paid for so much credit. */
function upTo(missing: Exact, rate: Exact, places: number): Exact {
  const step = 10n ** BigInt(MAX_SCALE - places);
  const per = rate * step;
  return ((missing * ONE + per - 1n) / per) * step;
}
