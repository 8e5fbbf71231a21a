import { type Exact, fraction, MAX_SCALE } from '../../../kit/decimal.ts';
import { type Currency, ProviderError } from '../../provider.ts';

/** How many decimal places a currency has at Stripe. */
interface Places {
  /** That the whole numbers stand for by which it writes amounts. */
  readonly written: number;
  /** Of the currency's minor unit. */
  readonly minorUnits: number;
  /** That can be paid: the last ones have to be zeros where it is fewer. */
  readonly payable: number;
}

// https://docs.stripe.com/currencies: "Zero-decimal currencies", "Three-decimal currencies", "Special cases".
const WITHOUT_PLACES = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const WITH_THREE_PLACES = 'BHD JOD KWD OMR TND'.split(' ');
const COMMON: Places = { written: 2, minorUnits: 2, payable: 2 };
const SPECIAL: ReadonlyMap<string, Places> = new Map([
  ...WITHOUT_PLACES.map((code) => [code, { written: 0, minorUnits: 0, payable: 0 }] as const),
  ...WITH_THREE_PLACES.map((code) => [code, { written: 3, minorUnits: 3, payable: 2 }] as const),
  // Whole ones only since 2023, and still written with two places.
  ['ISK', { written: 2, minorUnits: 0, payable: 0 }],
]);
/** In one list of the documentation 500 are 500, in another they are 5: better none than a hundred times as much. */
const AMBIGUOUS = 'UGX';

function placesOf(code: string): Places {
  if (code === AMBIGUOUS || !/^[A-Z]{3}$/.test(code)) {
    throw new ProviderError('NOT_SUPPORTED', `Stripe cannot be paid in ${code}.`, false);
  }
  return SPECIAL.get(code) ?? COMMON;
}

/** The whole number that Stripe is told. Refuses what it would take for another amount, or cannot take. */
export function toStripe(amount: Exact, { code, minorUnits }: Currency): number {
  const places = placesOf(code);
  if (places.minorUnits !== minorUnits) {
    const message = `Stripe takes ${code} with ${places.minorUnits} decimal places, and not ${minorUnits}.`;
    throw new ProviderError('NOT_SUPPORTED', message, false);
  }
  const whole = amount / stepOf(places.written);
  const isPayable = amount > 0n && amount % stepOf(places.payable) === 0n;
  if (!isPayable || whole > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ProviderError(
      'AMOUNT_NOT_PAYABLE',
      `Stripe cannot be paid that much ${code}.`,
      false,
    );
  }
  return Number(whole);
}

/** The amount behind a whole number of Stripe's. */
export function fromStripe(whole: number, code: string): Exact {
  return BigInt(whole) * stepOf(placesOf(code).written);
}

/** What something cost with the tax on top, and without: the rate between the two. */
export interface Bill {
  readonly currency: string;
  readonly gross: Exact;
  readonly net: Exact;
}

/** What of an amount is no tax, to the minor unit. */
export function withoutTax(amount: Exact, { currency, gross, net }: Bill): Exact {
  return gross === net ? amount : fraction(amount, net, gross, placesOf(currency).minorUnits);
}

/** An amount together with the tax that belongs to it, as near as Stripe can pay it. */
export function withTax(amount: Exact, { currency, gross, net }: Bill): Exact {
  return gross === net ? amount : fraction(amount, gross, net, placesOf(currency).payable);
}

function stepOf(places: number): bigint {
  return 10n ** BigInt(MAX_SCALE - places);
}
