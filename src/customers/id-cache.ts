import type { Id } from '../kit/ids.ts';

/** Customers by name, the least recently asked for forgotten first. */
export interface IdCache {
  get(key: string): Id<'customer'> | null;
  put(key: string, id: Id<'customer'>): void;
}

/**
 * Holds positive answers only, for ever: a customer's external id and organization never change,
 * and a name that is not known yet may be created in the next moment.
 */
export function createIdCache(maxEntries: number): IdCache {
  const ids = new Map<string, Id<'customer'>>();
  return {
    get(key) {
      const id = ids.get(key);
      if (id === undefined) return null;
      ids.delete(key);
      ids.set(key, id);
      return id;
    },
    put(key, id) {
      ids.delete(key);
      ids.set(key, id);
      if (ids.size <= maxEntries) return;
      const oldest = ids.keys().next();
      if (!oldest.done) ids.delete(oldest.value);
    },
  };
}
