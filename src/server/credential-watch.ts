import type { AnyKeyId, FindLiveKeys, Viewer } from '../access/viewer.ts';
import type { Log } from '../infra/log.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import { runAt } from './run-at.ts';

export interface CredentialWatch {
  /**
   * Runs `end` once the credential lets nobody in any more, and again twice a second until it is called
   * off. Returns how to call it off.
   */
  watch(viewer: Viewer, end: () => void): () => void;
}

export interface CredentialWatchOptions {
  readonly findLiveKeys: FindLiveKeys;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a stream may outlive the key that opened it, and how often the database is asked. */
const ROUND_MS = SECOND_MS / 2;

/**
 * Ends what outlives its credential. The time of expiry is known from the start; whether a key was revoked
 * or rolled since, or the one that signed a token removed, is asked once a round, in one question for all
 * that is open.
 */
export function createCredentialWatch(options: CredentialWatchOptions): CredentialWatch {
  const { findLiveKeys, clock, log } = options;
  const byKey = new Map<AnyKeyId, Set<() => void>>();
  const expired = new Set<() => void>();
  let isArmed = false;

  async function round(): Promise<void> {
    try {
      for (const end of expired) end();
      await endRefused(byKey, findLiveKeys);
    } catch (error) {
      // Nobody was refused: who was let in stays while the database is away.
      log.warn({ error }, 'The keys of open streams could not be checked.');
    } finally {
      isArmed = false;
    }
    if (byKey.size > 0 || expired.size > 0) arm();
  }

  function arm(): void {
    if (isArmed) return;
    isArmed = true;
    setTimeout(round, ROUND_MS).unref();
  }

  return {
    watch({ keyId: shown, signingKeyId, expiresAt }, end) {
      const keyId = shown ?? signingKeyId;
      const onExpiry = () => {
        expired.add(end);
        end();
        arm();
      };
      const callOffExpiry = expiresAt ? runAt(expiresAt, clock, onExpiry) : () => undefined;
      if (keyId) {
        addTo(byKey, keyId, end);
        arm();
      }
      return () => {
        callOffExpiry();
        expired.delete(end);
        if (keyId) removeFrom(byKey, keyId, end);
      };
    },
  };
}

async function endRefused(
  byKey: ReadonlyMap<AnyKeyId, ReadonlySet<() => void>>,
  findLiveKeys: FindLiveKeys,
): Promise<void> {
  const asked = [...byKey.keys()];
  if (asked.length === 0) return;
  const live = await findLiveKeys(asked);
  for (const keyId of asked) {
    if (live.has(keyId)) continue;
    for (const end of [...(byKey.get(keyId) ?? [])]) end();
  }
}

function addTo<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, item: Item): void {
  const set = sets.get(key);
  if (set) set.add(item);
  else sets.set(key, new Set([item]));
}

function removeFrom<Key, Item>(sets: Map<Key, Set<Item>>, key: Key, item: Item): void {
  const set = sets.get(key);
  set?.delete(item);
  if (set?.size === 0) sets.delete(key);
}
