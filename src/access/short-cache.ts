import type { Clock } from '../kit/clock.ts';

export interface ShortCacheOptions<Value> {
  readonly clock: Clock;
  /** An answer is used for this long after its loading began, never longer. */
  readonly ttlMs: number;
  /** The oldest entries go first when there are more. */
  readonly maxEntries: number;
  /** Which answers are kept. What is not, such as an unknown key, cannot push out what is. */
  readonly keep: (value: Value) => boolean;
}

/** Answers that may be a little old. Those who ask for one key at the same time share a load. */
export interface ShortCache<Value> {
  get(key: string, load: () => Promise<Value>): Promise<Value>;
  /** Forgets everything; a load that is under way is not kept either. */
  clear(): void;
}

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly loadedAtMs: number;
}

export function createShortCache<Value>(options: ShortCacheOptions<Value>): ShortCache<Value> {
  const { clock, ttlMs, maxEntries, keep } = options;
  const entries = new Map<string, Entry<Value>>();

  function load(key: string, loader: () => Promise<Value>): Promise<Value> {
    const entry = { value: loader(), loadedAtMs: clock.now().getTime() };
    entries.delete(key);
    entries.set(key, entry);
    const drop = () => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    entry.value.then((value) => (keep(value) ? undefined : drop()), drop);
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
    return entry.value;
  }

  return {
    get(key, loader) {
      const entry = entries.get(key);
      if (!entry) return load(key, loader);
      const ageMs = clock.now().getTime() - entry.loadedAtMs;
      return ageMs >= 0 && ageMs < ttlMs ? entry.value : load(key, loader);
    },
    clear: () => entries.clear(),
  };
}
