import type { Queryable } from '../infra/db.ts';
import { createRecent } from '../kit/recent.ts';
import { type Counter, type CounterKey, NO_USES } from './counter.ts';
import { readCounters } from './counters.ts';

/**
 * Remembers counters between batches, so that a charge reads one only when it is not known. What is
 * written on a counter that somebody else has changed meanwhile fails, and the database is read again.
 */
export interface CounterMemory {
  /**
   * The counters under these keys, each once, and forgets them until `keep`: after a transaction that
   * fails the database is read again. To make sure, it locks and reads them all.
   */
  gather(tx: Queryable, keys: readonly CounterKey[], makeSure: boolean): Promise<Counter[]>;
  /** Remembers a counter as a transaction left it that has committed. */
  keep(counter: Counter): void;
}

/** The last `counters` are remembered, and at most twice as many. */
export function createCounterMemory(counters: number): CounterMemory {
  const remembered = createRecent<Counter | null>(counters);

  return {
    async gather(tx, keys, makeSure) {
      const known: Counter[] = [];
      const unknown: CounterKey[] = [];
      for (const key of keys) {
        const counter = remembered.get(key.name);
        if (counter) remembered.set(key.name, null);
        if (counter && !makeSure) known.push(counter);
        else unknown.push(key);
      }
      return unknown.length === 0
        ? known
        : [...known, ...(await readCounters(tx, unknown, makeSure))];
    },
    keep(counter) {
      if (counter.isChanged) {
        counter.version += 1;
        counter.quantityStored = counter.quantity;
        counter.isChanged = false;
        counter.readings = null;
        counter.uses = NO_USES;
      }
      remembered.set(counter.key.name, counter);
    },
  };
}
