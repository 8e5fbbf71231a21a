import type { Condition } from './price-book.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Whether a metric's condition holds for an event's properties. */
export function holds(condition: Condition, properties: Properties): boolean {
  const value = textOf(properties, condition.property);
  if (condition.exists !== undefined) return (value !== null) === condition.exists;
  if (value === null) return false;
  if (condition.equals !== undefined) return value === condition.equals;
  return condition.in?.includes(value) ?? false;
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
