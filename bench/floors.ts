import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { WebSocket, WebSocketServer } from 'ws';
import { quantile } from './report.ts';

/** The least that a push could cost: the medians of its parts one at a time, in milliseconds. */
export interface Floors {
  /** One insert and its commit on one connection. */
  readonly commitMs: number;
  /** One PUBLISH until it is heard on another connection. */
  readonly publishMs: number;
  /** One WebSocket message there and back. */
  readonly echoMs: number;
}

const TIMES = 500;

export async function measureFloors(pool: pg.Pool, redisUrl: string): Promise<Floors> {
  return {
    commitMs: await measureCommit(pool),
    publishMs: await measurePublish(redisUrl),
    echoMs: await measureEcho(),
  };
}

async function medianOf(once: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const start = performance.now();
    await once();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return quantile(times, 0.5);
}

async function measureCommit(pool: pg.Pool): Promise<number> {
  await pool.query('CREATE TABLE IF NOT EXISTS bench_floor (at timestamptz)');
  const client = await pool.connect();
  try {
    return await medianOf(() => client.query('INSERT INTO bench_floor VALUES (now())'));
  } finally {
    client.release();
  }
}

async function measurePublish(redisUrl: string): Promise<number> {
  const [publisher, subscriber] = [new Redis(redisUrl), new Redis(redisUrl)];
  try {
    await subscriber.subscribe('floor');
    return await medianOf(async () => {
      const heard = once(subscriber, 'message');
      await publisher.publish('floor', 'x');
      await heard;
    });
  } finally {
    publisher.disconnect();
    subscriber.disconnect();
  }
}

async function measureEcho(): Promise<number> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await once(client, 'open');
    return await medianOf(async () => {
      const echoed = once(client, 'message');
      client.send('x');
      await echoed;
    });
  } finally {
    client.terminate();
    server.close();
  }
}
