import { Command, type Redis } from 'ioredis';
import type { RedisServer } from '../infra/redis.ts';

/** A part of a cluster's channels, and the master that carries it. */
export interface SlotRange {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  readonly master: RedisServer;
}

export const SLOTS = 16_384;

/** The slot that a channel of a cluster belongs to. */
export function slotOf(channel: string): number {
  return new Command('ssubscribe', [channel]).getSlot() ?? 0;
}

/** Who carries what, as this server of a cluster knows it. */
export async function readSlots(redis: Redis): Promise<SlotRange[]> {
  const { host = '', port = 0 } = redis.options;
  const ranges = (await redis.cluster('SLOTS')) as unknown[];
  return ranges.flatMap((range) => {
    const [from, to, master] = range as [unknown, unknown, [unknown, unknown] | undefined];
    if (!master) return [];
    // A server that does not know its own address leaves it out: it is the one that was asked.
    const server = { host: String(master[0] || host), port: Number(master[1] || port) };
    return [{ from: Number(from), to: Number(to), master: server }];
  });
}

/**
 * Whether this server is part of a cluster. Throws while it is one that cannot carry hints just now: cut
 * off from the others it would go on taking them, and nobody would hear.
 */
export async function isClustered(redis: Redis): Promise<boolean> {
  const info = await redis.cluster('INFO').catch((error: unknown) => {
    if (isNotForClusters(error)) return null;
    throw error;
  });
  if (info === null) return false;
  if (!/^cluster_state:ok\s*$/m.test(info)) throw new Error('The Redis Cluster is not whole.');
  return true;
}

/** One that may not be asked is taken for a single server: classic channels work on either. */
function isNotForClusters(error: unknown): boolean {
  return (
    error instanceof Error &&
    /cluster support disabled|unknown command|^NOPERM/i.test(error.message)
  );
}
