import { Decimal } from 'decimal.js';

/**
 * Exact decimal arithmetic. Precision 80 holds any product of two NUMERIC(38,12) values, so the only
 * rounding that ever happens is the one that `roundTo` names.
 */
export const Exact = Decimal.clone({
  precision: 80,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -100,
  toExpPos: 100,
});
export type Exact = Decimal;

export const ZERO: Exact = new Exact(0);

/** The first value that NUMERIC(38,12) cannot hold: 26 digits before the point. */
export const LIMIT: Exact = new Exact(10).pow(26);

/** The largest value that it can hold at every scale. */
export const MAX_AMOUNT: Exact = LIMIT.minus(1);

/** The most decimal places any amount or quantity keeps. */
export const MAX_SCALE = 12;

/** Reads a value that is known to be a number: a database column or a constant of the code. */
export function exact(value: string | number | bigint | { toString(): string }): Exact {
  return new Exact(typeof value === 'number' ? value : value.toString());
}

/** Canonical text: plain notation, no trailing zeros, no negative zero. `96.791325`, `0`, `-1.5`. */
export function plain(value: Exact): string {
  return value.isZero() ? '0' : value.toFixed();
}

/** Half-even ("banker's") rounding to `scale` decimal places. */
export function roundTo(value: Exact, scale: number): Exact {
  return value.toDecimalPlaces(scale, Decimal.ROUND_HALF_EVEN);
}

export function min(a: Exact, b: Exact): Exact {
  return a.lt(b) ? a : b;
}

export function max(a: Exact, b: Exact): Exact {
  return a.gt(b) ? a : b;
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
  const point = raw.indexOf('.');
  if (point >= 0 && raw.length - point - 1 > scale) return 'SCALE_EXCEEDED';
  const value = new Exact(raw);
  if (value.isZero() && raw.startsWith('-')) return 'NOT_A_DECIMAL';
  if (value.abs().gte(LIMIT)) return 'OUT_OF_RANGE';
  return value;
}
