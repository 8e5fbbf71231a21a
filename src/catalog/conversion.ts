import type { Checker } from '../kit/check.ts';
import { exact, plain, type UnitRounding } from '../kit/decimal.ts';
import type { Conversion } from '../rating/price-book.ts';

/** How a value becomes units, as it is sent. */
export interface ConversionFields {
  readonly multiply?: unknown;
  readonly divide?: unknown;
  readonly rounding?: UnitRounding | null | undefined;
}

/** The same as JSON; the factors are canonical decimal text. */
export interface StoredConversion {
  readonly multiply: string;
  readonly divide: string;
  readonly rounding: UnitRounding;
}

/** Factors beyond it would take any value out of what can be stored. */
const MAX_FACTOR = exact('1000000000000');

export function readConversion(
  check: Checker,
  path: string,
  fields: ConversionFields,
): StoredConversion {
  const factor = (name: 'multiply' | 'divide'): string => {
    const value = check.positive(`${path}.${name}`, fields[name] ?? '1');
    if (value > MAX_FACTOR) check.note(`${path}.${name}`, 'OUT_OF_RANGE', 'At most 10^12.');
    return value === null ? '1' : plain(value);
  };
  const multiply = factor('multiply');
  return { multiply, divide: factor('divide'), rounding: fields.rounding ?? 'NONE' };
}

export function loadConversion(stored: StoredConversion | null): Conversion | null {
  if (!stored) return null;
  const { multiply, divide, rounding } = stored;
  return { multiply: exact(multiply), divide: exact(divide), rounding };
}
