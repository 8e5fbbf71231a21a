/**
 * Decimal places of the ISO 4217 currencies that do not have two. Written out because the figures that
 * come with the runtime are those of cash in daily use, which differ for some of them (IQD, HUF ...).
 */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    .split(' ')
    .map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

const CURRENCIES: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf('currency'),
  ...EXPONENTS.keys(),
]);

/** The decimal places of an ISO 4217 currency; null when the code is not one. */
export function currencyExponent(code: string): number | null {
  return CURRENCIES.has(code) ? (EXPONENTS.get(code) ?? 2) : null;
}
