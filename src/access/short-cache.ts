import { isOutage } from '../infra/outage.ts';
import type { Clock } from '../kit/clock.ts';

export interface ShortCacheOptions<Value> {
  readonly clock: Clock;
  /** An answer is used for this long after its loading began, never longer. */
  readonly ttlMs: number;
  /**
   * An answer that cannot be loaded again, because the database is away, is used for this long.
   * @default 0
   */
  readonly inOutageMs?: number;
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
  /** The same, of an answer that stands in for one that could not be loaded: when that was. */
  trueAtMs: number;
}

export function createShortCache<Value>(options: ShortCacheOptions<Value>): ShortCache<Value> {
  const { clock, ttlMs, inOutageMs = 0, maxEntries, keep } = options;
  const entries = new Map<string, Entry<Value>>();

  /** Whether what was true then may be used, if it may be for so long. */
  function isWithin(maxAgeMs: number, atMs: number): boolean {
    const ageMs = clock.now().getTime() - atMs;
    return ageMs >= 0 && ageMs < maxAgeMs;
  }

  function load(key: string, loader: () => Promise<Value>, before?: Entry<Value>): Promise<Value> {
    const value = loader().catch((error) => {
      if (!before || !isOutage(error) || !isWithin(inOutageMs, before.trueAtMs)) throw error;
      entry.trueAtMs = before.trueAtMs;
      return before.value;
    });
    const loadedAtMs = clock.now().getTime();
    const entry = { value, loadedAtMs, trueAtMs: loadedAtMs };
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
      return isWithin(ttlMs, entry.loadedAtMs) ? entry.value : load(key, loader, entry);
    },
    clear: () => entries.clear(),
  };
}
