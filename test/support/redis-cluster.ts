import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { startRedis, type TestRedis } from './redis.ts';

export interface TestRedisCluster {
  /** One address a server, as `REDIS_URL` takes them. */
  readonly urls: readonly string[];
  /** Three servers, each with a third of the slots. */
  readonly masters: readonly [TestRedis, TestRedis, TestRedis];
  /** It takes the place of the first master when that one is lost. */
  readonly replica: TestRedis;
  /** Moves a slot from one master to another, as an operator does who adds a server. */
  moveSlot(slot: number, from: TestRedis, to: TestRedis): Promise<void>;
  /** Makes a replica take over from its master, which takes leave properly. */
  handOver(replica: TestRedis): Promise<void>;
  stop(): Promise<void>;
}

const THIRDS = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;
const SERVERS = 4;
const PAUSE_MS = 50;
const HAND_OVER_MS = 1_000;
/** After so long a server counts as lost: the shorter, the sooner the replica takes over. */
const LOST_MS = 1_000;

/** A Redis Cluster of the test's own, of four processes. It is whole when this resolves. */
export async function startRedisCluster(): Promise<TestRedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'drawdown-redis-'));
  const busPorts: number[] = [];
  const nodes: TestRedis[] = [];
  // One after the other: a port that is only chosen could be the next server's own.
  while (nodes.length < SERVERS) {
    const busPort = await freePort();
    busPorts.push(busPort);
    nodes.push(await startRedis(settingsOf(folder, busPort)));
  }
  const [one, two, three, replica] = nodes as [TestRedis, TestRedis, TestRedis, TestRedis];
  const masters = [one, two, three] as const;

  for (const [at, master] of masters.entries()) {
    const [from = 0, to = 0] = THIRDS[at] ?? [];
    await must(master, 'cluster', 'addslotsrange', `${from}`, `${to}`);
    await must(master, 'cluster', 'set-config-epoch', `${at + 1}`);
  }
  for (const [at, node] of nodes.entries()) {
    if (at > 0) await must(one, 'cluster', 'meet', '127.0.0.1', `${node.port}`, `${busPorts[at]}`);
  }
  for (const node of nodes) await whole(node);
  const masterId = await idOf(one);
  await untilAsked(replica, ['cluster', 'nodes'], (answer) => answer.includes(masterId));
  await must(replica, 'cluster', 'replicate', masterId);
  await untilAsked(replica, ['info', 'replication'], (a) => a.includes('master_link_status:up'));
  for (const node of nodes) {
    await untilAsked(node, ['cluster', 'nodes'], (answer) => answer.includes('slave'));
  }

  return {
    urls: masters.map(({ url }) => url),
    masters,
    replica,
    async moveSlot(slot, from, to) {
      const [fromId, toId] = [await idOf(from), await idOf(to)];
      await must(to, 'cluster', 'setslot', `${slot}`, 'importing', fromId);
      await must(from, 'cluster', 'setslot', `${slot}`, 'migrating', toId);
      for (const node of [to, from])
        await must(node, 'cluster', 'setslot', `${slot}`, 'node', toId);
    },
    async handOver(node) {
      // One that the master did not answer in time comes to nothing.
      while (!(await node.ask('role')).startsWith('master')) {
        await must(node, 'cluster', 'failover');
        await delay(HAND_OVER_MS);
      }
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settingsOf(folder: string, busPort: number): string[] {
  return [
    ...['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`],
    ...['--cluster-config-file', join(folder, `${busPort}.conf`)],
    ...['--cluster-node-timeout', `${LOST_MS}`, '--cluster-replica-validity-factor', '0'],
    // A replica begins to copy at once instead of waiting for others that might want to.
    ...['--repl-diskless-sync-delay', '0'],
  ];
}

async function idOf(node: TestRedis): Promise<string> {
  return (await node.ask('cluster', 'myid')).trim();
}

/** Resolves when this server knows the whole cluster and takes part in it. */
export function whole(node: TestRedis): Promise<void> {
  return untilAsked(node, ['cluster', 'info'], (answer) => answer.includes('cluster_state:ok'));
}

async function must(node: TestRedis, ...command: string[]): Promise<void> {
  const answer = await node.ask(...command);
  if (answer.trim() !== 'OK') throw new Error(`${command.join(' ')}: ${answer}`);
}

/** Asks until the answer is as wanted; the test's own time limit says when to give up. */
export async function untilAsked(
  node: TestRedis,
  command: readonly string[],
  wanted: (answer: string) => boolean,
): Promise<void> {
  while (!wanted(await node.ask(...command).catch(() => ''))) await delay(PAUSE_MS);
}
