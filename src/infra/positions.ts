/** The distinct values of a list, each sent once and named elsewhere by its position. */
export interface Positions<Value> {
  readonly values: Value[];
  /** Counted from 1, as the elements of PostgreSQL's arrays are. */
  of(value: Value): number;
}

/** Equal values have one position; objects are equal when they are the same. */
export function createPositions<Value>(): Positions<Value> {
  const values: Value[] = [];
  const known = new Map<Value, number>();
  return {
    values,
    of(value) {
      const position = known.get(value) ?? values.push(value);
      if (position === values.length) known.set(value, position);
      return position;
    },
  };
}
