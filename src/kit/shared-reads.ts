/** Reads what there is of these keys in one query; a key that is left out has nothing. */
export type ReadMany<Value> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/** A read that has not begun. */
interface Round<Value> {
  readonly keys: Set<string>;
  readonly values: Promise<ReadonlyMap<string, Value>>;
}

/** Keys that are read in one query. */
const MAX_KEYS = 500;

/**
 * One read at a time: who asks meanwhile shares the next one. Nobody is ever given what was read before he
 * asked, and those who ask for the same together get the same object.
 */
export function createSharedReads<Value>(
  readMany: ReadMany<Value>,
): (key: string) => Promise<Value | undefined> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Round<Value> | null = null;

  function openRound(): Round<Value> {
    const keys = new Set<string>();
    const values = running.then(() => {
      if (next === round) next = null;
      return readMany([...keys]);
    });
    const round = { keys, values };
    running = values.catch(() => undefined);
    return round;
  }

  return async (key) => {
    if (!next || next.keys.size >= MAX_KEYS) next = openRound();
    next.keys.add(key);
    return (await next.values).get(key);
  };
}
