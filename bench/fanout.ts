import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../src/kit/clock.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { startRedis } from '../test/support/redis.ts';
import { type BroadcastProcess, startBroadcastProcess } from './broadcast-process.ts';
import { createEventSource } from './events.ts';
import type { HttpClient } from './http-client.ts';
import type { Bench } from './lab.ts';
import { sendBatches, sendRequests, withClients } from './load.ts';
import { pace } from './pace.ts';
import { type Reader, startReader, watchScript } from './reader-process.ts';
import { type Line, median, ratios } from './report.ts';
import type { ServerProcess } from './server-process.ts';
import { nextSingle, RECORDED } from './single-event.ts';
import type { Customer } from './world.ts';

const CONNECTIONS = 4;
/** Of one wallet that everybody watches, in a second: each is a frame for every socket. */
const UPDATES = 100;
/** Batches of an event for each socket's wallet, in a second: each is a frame for every socket, as above. */
const BATCHES = 5;
/** How long frames that were sent may take to arrive. */
const SETTLE_MS = 500;

/** What is measured: two processes of the product, and what they are compared with. */
interface Stage extends Bench {
  /** Takes the charges. */
  readonly charging: ServerProcess;
  /** Hears of them through Redis, so that its CPU time is that of pushing. */
  readonly pushing: ServerProcess;
  readonly bare: BroadcastProcess;
}

interface Comparison {
  readonly measure: string;
  /** The customer whose wallet a socket watches, for each socket. */
  readonly watched: readonly Customer[];
  /** Frames for each socket in a second, also of the bare broadcast: one that sends seldom pays more for a frame. */
  readonly rate: number;
  /** Makes what there is to tell, for one round. */
  readonly charge: (clients: readonly HttpClient[]) => Promise<unknown>;
  readonly target: string;
}

/** What a frame costs the server, against a bare broadcast of as long a text to as many sockets. */
export async function benchFanout(bench: Bench): Promise<Line[]> {
  const redis = await startRedis();
  const [charging, pushing] = [
    await bench.startAnother(redis.url),
    await bench.startAnother(redis.url),
  ];
  const bare = await startBroadcastProcess();
  try {
    const stage = { ...bench, charging, pushing, bare };
    return [
      ...(await compare(stage, onOneWallet(bench))),
      ...(await compare(stage, onOneEach(bench))),
    ];
  } finally {
    bare.stop();
    await pushing.stop();
    await charging.stop();
    await redis.stop();
  }
}

function onOneWallet({ world, sizes }: Bench): Comparison {
  const one = world.customers.slice(0, 1);
  const source = seriesOf('fanout-one', one);
  return {
    measure: `WebSockets on one wallet, ${UPDATES} updates/s`,
    watched: Array.from({ length: sizes.subscribers }, () => one[0] as Customer),
    rate: UPDATES,
    charge: (clients) =>
      pace(clients, UPDATES, sizes.roundMs, (client) => client.post(nextSingle(source))),
    target: '0.6, aim 0.8',
  };
}

function onOneEach({ world, sizes }: Bench): Comparison {
  const watched = world.customers.slice(0, sizes.subscribers);
  const source = seriesOf('fanout-each', watched);
  return {
    measure: `WebSockets, one for each wallet, ${BATCHES} batches/s that change every wallet`,
    watched,
    rate: BATCHES,
    charge: (clients) =>
      pace(clients, BATCHES, sizes.roundMs, (client) =>
        client.post(source.nextBatch(watched.length)),
      ),
    target: '0.3',
  };
}

function seriesOf(name: string, customers: readonly Customer[]) {
  return createEventSource({ customers, name, occurredAt: systemClock.now(), duplicates: false });
}

/** Sockets apart from the charges, sockets beside them, and the bare broadcast, in turns. */
async function compare(stage: Stage, it: Comparison): Promise<Line[]> {
  const { charging, pushing, sizes } = stage;
  const apart: number[] = [];
  const beside: number[] = [];
  const base: number[] = [];
  await withClients(charging.url, stage.key, CONNECTIONS, async (clients) => {
    await warmUp(stage, it, clients);
    // The first round is for the compiler.
    for (let round = 0; round <= sizes.rounds; round += 1) {
      const pushed = await push(stage, pushing, it, clients);
      const besides = await push(stage, charging, it, clients);
      const plain = await broadcast(stage, it, clients, pushed.chars);
      if (round === 0) continue;
      apart.push(pushed.frames / pushed.cpuMs);
      beside.push(besides.frames / besides.cpuMs);
      base.push(plain.frames / plain.cpuMs);
    }
  });
  const measure = `${it.watched.length.toLocaleString('en')} ${it.measure}`;
  const against = `bare \`ws\` broadcast of one text as long to as many sockets, ${it.rate}/s: ${perCpuSecond(base)}`;
  const lineOf = (what: string, rates: readonly number[], target: string): Line => ({
    scenario: 'fanout',
    measure: `${measure}; ${what}`,
    value: perCpuSecond(rates),
    against,
    ratio: ratios(rates, base),
    target,
  });
  return [
    lineOf('charges in another process, through Redis', apart, it.target),
    lineOf('in the process that charges, its charges counted in', beside, ''),
  ];
}

async function warmUp(
  { charging, sizes, world }: Stage,
  it: Comparison,
  clients: readonly HttpClient[],
) {
  const source = seriesOf(`warm-${it.measure}`, world.customers);
  await sendBatches(charging, clients, source, sizes.warmUpEvents);
  const nextBody = () => nextSingle(source);
  await sendRequests(charging, clients, nextBody, RECORDED, sizes.roundMs);
}

/** Frames and the server's CPU time of one round. */
interface Pushed {
  readonly frames: number;
  readonly cpuMs: number;
  /** Of a frame, on the average. */
  readonly chars: number;
}

function push(stage: Stage, server: ServerProcess, it: Comparison, clients: readonly HttpClient[]) {
  const scripts = it.watched.map(({ walletId }) =>
    watchScript(stage.key, toTypeId('wallet', walletId)),
  );
  return withReader(`${server.url}/graphql`, scripts, async () => {
    const before = await server.usage();
    await it.charge(clients);
    await pause(SETTLE_MS);
    return (await server.usage()).cpuMs - before.cpuMs;
  });
}

/** While the same charges are taken, so that the machine is as busy. */
function broadcast(
  { bare, sizes }: Stage,
  it: Comparison,
  clients: readonly HttpClient[],
  chars: number,
) {
  const scripts = it.watched.map(() => []);
  const request = { chars: Math.round(chars), rate: it.rate, durationMs: sizes.roundMs };
  return withReader(bare.url, scripts, async () => {
    const [cpuMs] = await Promise.all([bare.broadcast(request), it.charge(clients)]);
    return cpuMs;
  });
}

/** Counts what comes in while `work` goes on, which answers the CPU time that it took. */
async function withReader(
  url: string,
  scripts: readonly (readonly string[])[],
  work: () => Promise<number>,
): Promise<Pushed> {
  const reader: Reader = await startReader(url, scripts);
  await pause(SETTLE_MS);
  const before = await reader.count();
  const cpuMs = await work();
  await pause(SETTLE_MS);
  const after = await reader.count();
  reader.close();
  await pause(SETTLE_MS);
  const frames = after.frames - before.frames;
  return { frames, cpuMs, chars: (after.bytes - before.bytes) / frames };
}

function perCpuSecond(perMs: readonly number[]): string {
  return `${Math.round(median(perMs) * 1000).toLocaleString('en')} frames per CPU-second`;
}
