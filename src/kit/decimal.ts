/**
 * An exact amount or quantity: a whole number of steps of 10^-12, which is what NUMERIC(38,12) keeps. Sums,
 * differences and comparisons are those of the language (`a + b`, `a < b`); a product or a quotient has
 * another unit, so it is made by a function here, which names how it rounds.
 */
export type Exact = bigint;

/** The most decimal places any amount or quantity keeps. */
export const MAX_SCALE = 12;

export const ZERO: Exact = 0n;

/** The number one: so many steps. */
export const ONE: Exact = 10n ** BigInt(MAX_SCALE);

/** The first value that NUMERIC(38,12) cannot hold: 26 digits before the point. */
export const LIMIT: Exact = 10n ** 26n * ONE;

/** The largest value that it can hold at every scale. */
export const MAX_AMOUNT: Exact = LIMIT - ONE;

const POINT = '.';
const ZEROS = '0'.repeat(MAX_SCALE);

/** What `exact` reads: digits, and twelve places at most. */
const NUMBER = /^-?\d+(?:\.\d{1,12})?$/;

/**
 * Reads a value that is known to be a number of at most twelve places: a database column, one of Prisma's
 * decimals, or a whole number of the code. Throws on anything else.
 */
export function exact(value: string | number | { toFixed(): string }): Exact {
  const text = typeof value === 'object' ? value.toFixed() : String(value);
  if (!NUMBER.test(text)) throw new RangeError(`"${text}" is not a number of at most 12 places.`);
  const point = text.indexOf(POINT);
  if (point < 0) return BigInt(text) * ONE;
  const places = text.length - point - 1;
  return BigInt(text.slice(0, point) + text.slice(point + 1) + ZEROS.slice(places));
}

/** Canonical text: plain notation, no trailing zeros, no negative zero. `96.791325`, `0`, `-1.5`. */
export function plain(value: Exact): string {
  if (value === ZERO) return '0';
  const steps = (value < 0n ? -value : value).toString().padStart(MAX_SCALE + 1, '0');
  const point = steps.length - MAX_SCALE;
  let end = steps.length;
  while (end > point && steps.charCodeAt(end - 1) === 48) end -= 1;
  const whole = value < 0n ? `-${steps.slice(0, point)}` : steps.slice(0, point);
  return end === point ? whole : `${whole}.${steps.slice(point, end)}`;
}

/** The text that PostgreSQL reads fastest as the same number. */
export function stored(value: Exact): string {
  return `${value}e-${MAX_SCALE}`;
}

/** Half-even ("banker's") rounding to `scale` decimal places. */
export function roundTo(value: Exact, scale: number): Exact {
  const step = 10n ** BigInt(MAX_SCALE - scale);
  return divideHalfEven(value, step) * step;
}

/** The exact product, rounded once: half-even to `scale` decimal places. */
export function multiply(a: Exact, b: Exact, scale: number): Exact {
  return roundProduct(a * b, scale);
}

/** An exact product of two amounts, which rounding makes an amount again: so many steps of 10^-24. */
export type Product = bigint;

/** The exact product, to be added to others before the sum is rounded once. */
export function product(a: Exact, b: Exact): Product {
  return a * b;
}

/** A sum of products, rounded once: half-even to `scale` decimal places. */
export function roundProduct(value: Product, scale: number): Exact {
  const step = 10n ** BigInt(MAX_SCALE - scale);
  return divideHalfEven(value, ONE * step) * step;
}

/** The exact share `part` / `whole` of a value, rounded once: half-even to `scale` decimal places. */
export function fraction(value: Exact, part: bigint, whole: bigint, scale: number): Exact {
  const step = 10n ** BigInt(MAX_SCALE - scale);
  return divideHalfEven(value * part, whole * step) * step;
}

export type UnitRounding = 'NONE' | 'CEILING' | 'FLOOR' | 'HALF_UP';

/**
 * A value of zero or more in other units: times `by`, divided by `per`, which is above zero, and rounded to
 * whole ones, or with NONE half-even to what can be kept.
 */
export function convert(value: Exact, by: Exact, per: Exact, rounding: UnitRounding): Exact {
  const dividend = value * by;
  if (rounding === 'NONE') return divideHalfEven(dividend, per);
  const unit = per * ONE;
  const whole = dividend / unit;
  const rest = dividend - whole * unit;
  const isUp =
    rounding === 'CEILING' ? rest > 0n : rounding === 'HALF_UP' ? rest * 2n >= unit : false;
  return (isUp ? whole + 1n : whole) * ONE;
}

const HOUR_MS = 3_600_000n;

/** A value for so many milliseconds, in hours of it; half-even to what can be kept. */
export function timesHours(value: Exact, durationMs: number): Exact {
  return divideHalfEven(value * BigInt(durationMs), HOUR_MS);
}

/** How many of `size`, which is above zero, it takes to hold `quantity`: whole ones, rounded up. */
export function countOf(quantity: Exact, size: Exact): Exact {
  const whole = quantity / size;
  return (whole * size < quantity ? whole + 1n : whole) * ONE;
}

function divideHalfEven(value: bigint, by: bigint): bigint {
  const whole = value / by;
  const rest = value - whole * by;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice < by || (twice === by && whole % 2n === 0n)) return whole;
  return value < 0n ? whole - 1n : whole + 1n;
}

export function min(a: Exact, b: Exact): Exact {
  return a < b ? a : b;
}

export function max(a: Exact, b: Exact): Exact {
  return a > b ? a : b;
}

const PLAIN_NOTATION = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

export type DecimalFault = 'NOT_A_DECIMAL' | 'SCALE_EXCEEDED' | 'OUT_OF_RANGE';

/**
 * Parses what a caller sent. Only plain notation passes: no exponent, leading `+`, leading zeros, spaces
 * or negative zero; no more than `scale` decimal places; fewer than 27 digits before the point.
 * Trailing zeros are accepted within the scale.
 */
export function parseDecimal(raw: unknown, scale: number = MAX_SCALE): Exact | DecimalFault {
  if (typeof raw !== 'string' || raw.length > 64 || !PLAIN_NOTATION.test(raw))
    return 'NOT_A_DECIMAL';
  const point = raw.indexOf(POINT);
  if (point >= 0 && raw.length - point - 1 > scale) return 'SCALE_EXCEEDED';
  const value = exact(raw);
  if (value === 0n && raw.startsWith('-')) return 'NOT_A_DECIMAL';
  return value >= LIMIT || value <= -LIMIT ? 'OUT_OF_RANGE' : value;
}
