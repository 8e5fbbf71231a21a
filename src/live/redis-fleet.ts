import type { Log } from '../infra/log.ts';
import { type RedisServer, serverOf } from '../infra/redis.ts';
import { coalesce } from './coalesce.ts';
import { createRedisNode, type RedisNode } from './redis-node.ts';
import { SLOTS, slotOf } from './redis-slots.ts';

/** The servers behind the configured addresses: one, or the masters of a cluster. */
export interface RedisFleet {
  /** Who carries this channel; null while that is not known. */
  nodeOf(channel: string): RedisNode | null;
  /** Channels that one command can subscribe to; those that nobody carries are left out. */
  group(channels: readonly string[]): ChannelGroup[];
  /** Whether every channel is carried by a server that answers. */
  usable(): boolean;
  /** Finds out anew who carries what. Never throws. */
  refresh(): Promise<void>;
  close(): void;
}

export interface ChannelGroup {
  readonly node: RedisNode;
  readonly channels: string[];
}

export interface RedisFleetOptions {
  /** One address; of a cluster, those of as many of its servers as one likes. */
  readonly urls: readonly string[];
  readonly log: Log;
  readonly heard: (channel: string, text: string) => void;
  /** Who carries what, or who answers, is not what it was. */
  readonly changed: () => void;
}

type Owners = readonly (RedisNode | null)[];

/** How often servers are asked whether they answer, and a cluster how it is laid out. */
const BEAT_MS = 500;
/** Channels in one command, so that a thousand subscribers do not hold up a message. */
const GROUP_SIZE = 1_000;

export function createRedisFleet(options: RedisFleetOptions): RedisFleet {
  const { urls, log, heard } = options;
  const seeds = urls.map((url) => ({ url, server: serverOf(url) }));
  const nodes = new Map<string, RedisNode>();
  /** Who carries which slot; of a single server, that one alone. */
  let owners: Owners = [];
  let carriers: ReadonlySet<RedisNode | null> = new Set();
  let reported = false;
  let closed = false;
  const refresh = coalesce(findOut);
  const timer = setInterval(beat, BEAT_MS).unref();

  function ensure(server: RedisServer, url = seeds[0]?.url ?? ''): RedisNode {
    const name = `${server.host}:${server.port}`;
    const found = nodes.get(name);
    if (found) return found;
    const node = createRedisNode({ url, at: server, log, heard, changed: nodeChanged });
    nodes.set(name, node);
    return node;
  }

  function nodeChanged(): void {
    if (closed) return;
    options.changed();
    void refresh();
  }

  function adopt(next: Owners): void {
    const same = next.length === owners.length && next.every((node, slot) => node === owners[slot]);
    owners = next;
    carriers = new Set(next);
    for (const [name, node] of nodes) {
      if (carriers.has(node)) continue;
      nodes.delete(name);
      node.close();
    }
    if (!same) options.changed();
  }

  async function learnFrom(node: RedisNode): Promise<boolean> {
    if (!node.clustered()) return learnSingle(node);
    const ranges = await node.readSlots();
    if (closed) return true;
    const next = new Array<RedisNode | null>(SLOTS).fill(null);
    for (const { from, to, master } of ranges) next.fill(ensure(master), from, to + 1);
    adopt(next);
    return true;
  }

  /** Of servers that do not know of each other, each would be heard by some of the processes only. */
  function learnSingle(node: RedisNode): boolean {
    if (seeds.length > 1) {
      if (!reported) log.error({}, 'REDIS_URL lists servers that are not of one Redis Cluster.');
      reported = true;
      return false;
    }
    adopt([node]);
    return true;
  }

  async function findOut(): Promise<void> {
    const answering = [...nodes.values()].filter((node) => node.session());
    // The servers known may all be gone for good, and the addresses may lead to others by now.
    if (answering.length === 0 && !closed) openSeeds();
    for (const node of answering) {
      if (await learnFrom(node).catch(() => false)) return;
    }
  }

  function openSeeds(): void {
    for (const { url, server } of seeds) ensure(server, url);
  }

  function beat(): void {
    for (const node of nodes.values()) void node.beat();
    void refresh();
  }

  const placeOf = (channel: string) => (owners.length > 1 ? slotOf(channel) : 0);

  function group(channels: readonly string[]): ChannelGroup[] {
    const groups: ChannelGroup[] = [];
    const open = new Map<number, ChannelGroup>();
    for (const channel of channels) {
      const place = placeOf(channel);
      const node = owners[place];
      if (!node) continue;
      let joined = open.get(place);
      if (!joined || joined.channels.length === GROUP_SIZE) {
        joined = { node, channels: [] };
        groups.push(joined);
        open.set(place, joined);
      }
      joined.channels.push(channel);
    }
    return groups;
  }

  openSeeds();
  return {
    nodeOf: (channel) => owners[placeOf(channel)] ?? null,
    group,
    usable: () => carriers.size > 0 && [...carriers].every((node) => node?.session()),
    refresh,
    close() {
      closed = true;
      clearInterval(timer);
      for (const node of nodes.values()) node.close();
      nodes.clear();
    },
  };
}
