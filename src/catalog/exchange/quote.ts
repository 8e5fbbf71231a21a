import { type Exact, ONE, product, roundProduct } from '../../kit/decimal.ts';

/** What an amount is converted for: it is spent from a wallet, or paid and bought at a top-up. */
export type ExchangePurpose = 'SPEND' | 'TOP_UP';

/** What an asset keeps, and what it is paid in. */
export interface ExchangedAsset {
  readonly kind: 'FIAT' | 'CUSTOM';
  readonly scale: number;
  readonly minorUnits: number;
}

/** Which way the exact product was moved to a number that can be kept. */
export type ExchangeRounding = 'NONE' | 'UP' | 'DOWN';

export interface ExchangeAmount {
  readonly worth: Exact;
  /** Decimal places that it was rounded to. */
  readonly places: number;
  readonly rounding: ExchangeRounding;
}

/** Decimal places of an amount of an asset: money that changes hands at a top-up is in minor units. */
export function placesOf(purpose: ExchangePurpose, { kind, scale, minorUnits }: ExchangedAsset) {
  return purpose === 'TOP_UP' && kind === 'FIAT' ? minorUnits : scale;
}

/** An amount times a rate, exactly, then rounded once: half-even to so many decimal places. */
export function quoteExchange(amount: Exact, rate: Exact, places: number): ExchangeAmount {
  const exactly = product(amount, rate);
  const worth = roundProduct(exactly, places);
  const kept = worth * ONE;
  const rounding = kept === exactly ? 'NONE' : kept > exactly ? 'UP' : 'DOWN';
  return { worth, places, rounding };
}
