import { type Exact, MAX_SCALE } from '../../../kit/decimal.ts';

/** A whole number of a token's smallest units. */
export type Units = bigint;

/** Null when it is no whole number of units: the token is coarser than the amount. */
export function unitsOf(amount: Exact, decimals: number): Units | null {
  if (decimals >= MAX_SCALE) return amount * 10n ** BigInt(decimals - MAX_SCALE);
  const step = 10n ** BigInt(MAX_SCALE - decimals);
  return amount % step === 0n ? amount / step : null;
}

/** To 12 decimal places; what is below them is cut off, for it cannot be kept. */
export function amountOf(units: Units, decimals: number): Exact {
  return decimals >= MAX_SCALE
    ? units / 10n ** BigInt(decimals - MAX_SCALE)
    : units * 10n ** BigInt(MAX_SCALE - decimals);
}
