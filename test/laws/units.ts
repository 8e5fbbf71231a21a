/** Amounts of the reference model: whole numbers of 0.000000000001, so that it needs no decimal library. */
export const ONE = 10n ** 12n;

export function units(text: string): bigint {
  const [whole = '', places = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + places.padEnd(12, '0').slice(0, 12));
  return text.startsWith('-') ? -value : value;
}

export function text(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(13, '0');
  const places = digits.slice(-12).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -12)}${places && '.'}${places}`;
}

/** `numerator / denominator` to the nearest multiple of `step`, of two equally near to the even one. */
export function nearest(numerator: bigint, denominator: bigint, step: bigint): bigint {
  const divisor = denominator * step;
  const down = numerator / divisor;
  const twice = 2n * (numerator % divisor);
  const up = twice > divisor || (twice === divisor && down % 2n === 1n);
  return (up ? down + 1n : down) * step;
}

export const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
export const sum = (values: readonly bigint[]) => values.reduce((total, one) => total + one, 0n);
