import type { BookRate } from './price-book.ts';

/** One combination of dimension names that rates of a price use, and its rates by their values. */
interface Shape {
  readonly names: readonly string[];
  /** Rates of one combination of values, latest first. */
  readonly ratesByValues: Map<string, BookRate[]>;
}

/** The rates of one price, most specific combination of dimensions first. */
export interface RateIndex {
  /** Every dimension that some rate names, sorted. */
  readonly dimensionNames: readonly string[];
  readonly shapes: readonly Shape[];
}

/** Joins values so that no two lists collide. */
const SEPARATOR = '\u0000';

/** A rate's `*` means the same as leaving the dimension out. */
const ANY = '*';

export function indexRates(rates: readonly BookRate[]): RateIndex {
  const shapes = new Map<string, Shape>();
  for (const rate of rates) {
    const names = Object.keys(rate.dimensions)
      .filter((name) => rate.dimensions[name] !== ANY)
      .sort();
    const shape = shapes.get(names.join(SEPARATOR)) ?? { names, ratesByValues: new Map() };
    shapes.set(names.join(SEPARATOR), shape);
    const values = names.map((name) => rate.dimensions[name]).join(SEPARATOR);
    shape.ratesByValues.set(values, [...(shape.ratesByValues.get(values) ?? []), rate]);
  }
  for (const shape of shapes.values()) {
    for (const dated of shape.ratesByValues.values()) dated.sort(latestFirst);
  }
  return {
    dimensionNames: [...new Set([...shapes.values()].flatMap((shape) => shape.names))].sort(),
    shapes: [...shapes.values()].sort(mostSpecificFirst),
  };
}

/**
 * The rate that applies: of the combinations that match the event and have a rate in force when it
 * occurred, the one with the most dimensions; between equals, the one whose dimension names come first
 * in the alphabet. Of its rates, the latest that was in force.
 */
export function findRate(
  index: RateIndex,
  values: Readonly<Record<string, string>>,
  occurredAt: Date,
): BookRate | null {
  for (const shape of index.shapes) {
    const key = valuesKey(shape.names, values);
    const dated = key === null ? undefined : shape.ratesByValues.get(key);
    const inForce = dated?.find((rate) => startOf(rate) <= occurredAt.getTime());
    if (inForce) return inForce;
  }
  return null;
}

function valuesKey(
  names: readonly string[],
  values: Readonly<Record<string, string>>,
): string | null {
  let key = '';
  for (const [position, name] of names.entries()) {
    const value = values[name];
    if (value === undefined) return null;
    key += position === 0 ? value : SEPARATOR + value;
  }
  return key;
}

function mostSpecificFirst(a: Shape, b: Shape): number {
  return b.names.length - a.names.length || (a.names.join() < b.names.join() ? -1 : 1);
}

function latestFirst(a: BookRate, b: BookRate): number {
  return startOf(b) - startOf(a);
}

function startOf(rate: BookRate): number {
  return rate.effectiveFrom?.getTime() ?? Number.NEGATIVE_INFINITY;
}
