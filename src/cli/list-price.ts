import { Decimal } from 'decimal.js';

/**
 * A listed price before its markup. Lists may name more places than a rate keeps, so this is the one place
 * where decimals of any length are worked with; what comes out of it is rounded once.
 */
export const ListPrice = Decimal.clone({
  precision: 80,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -100,
  toExpPos: 100,
});
export type ListPrice = Decimal;
