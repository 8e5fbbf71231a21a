import { exact } from '../kit/decimal.ts';
import { numberOf } from './event-amount.ts';
import type { Condition, NumberRange } from './price-book.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Whether a metric's condition holds for an event's properties. */
export function holds(condition: Condition, properties: Properties): boolean {
  const value = textOf(properties, condition.property);
  if (condition.exists !== undefined) return (value !== null) === condition.exists;
  if (value === null) return false;
  if (condition.equals !== undefined) return value === condition.equals;
  if (condition.range) return isWithin(condition.range, properties[condition.property]);
  return condition.in?.includes(value) ?? false;
}

/** What is no number lies in no range. */
function isWithin({ gt, gte, lt, lte }: NumberRange, raw: unknown): boolean {
  const value = numberOf(raw);
  if (typeof value === 'string') return false;
  return (
    (gt === undefined || value > exact(gt)) &&
    (gte === undefined || value >= exact(gte)) &&
    (lt === undefined || value < exact(lt)) &&
    (lte === undefined || value <= exact(lte))
  );
}

/** A property as the text that filters and dimensions compare: strings, numbers and booleans only. */
export function textOf(properties: Properties, name: string): string | null {
  if (!Object.hasOwn(properties, name)) return null;
  const value = properties[name];
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return null;
  }
}
