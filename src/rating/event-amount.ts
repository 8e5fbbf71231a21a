import { Decimal } from 'decimal.js';
import { type DecimalFault, type Exact, parseDecimal, ZERO } from '../kit/decimal.ts';
import { type Invalid, invalid } from '../kit/refusal.ts';

/** A property of an event as an amount, zero or more; null when the event does not have it. */
export function readAmount(
  properties: Readonly<Record<string, unknown>>,
  name: string,
): Exact | null | Invalid {
  const raw = Object.hasOwn(properties, name) ? properties[name] : null;
  if (raw === null || raw === undefined) return null;
  const value = numberOf(raw);
  const path = `properties.${name}`;
  if (typeof value === 'string') {
    return invalid({
      path,
      code: value,
      message:
        'The metric takes it as a number: send one, or a plain decimal string of at most 12 places.',
    });
  }
  if (value >= ZERO) return value;
  return invalid({ path, code: 'NEGATIVE', message: 'A quantity must not be below zero.' });
}

/** A JSON number or a plain decimal string as an amount, or what keeps it from being one. */
export function numberOf(raw: unknown): Exact | DecimalFault {
  return parseDecimal(typeof raw === 'number' ? numberText(raw) : raw);
}

/** The shortest decimal that reads back as the same JSON number, without an exponent. */
function numberText(value: number): string {
  const text = String(value);
  return text.includes('e') ? new Decimal(text).toFixed() : text;
}
