/** Values by key, those used last. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/**
 * Keeps at least the `capacity` values used last, and at most twice as many. In two generations: what is
 * asked for moves into the young one, and when that is full the old one is forgotten. So a hit costs one
 * look-up, where an exact order of use would cost a removal and an insertion each time.
 */
export function createRecent<Value>(capacity: number): Recent<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();

  function set(key: string, value: Value): void {
    if (young.size >= capacity && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  return {
    set,
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
  };
}
