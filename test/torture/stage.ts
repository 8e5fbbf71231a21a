import { setTimeout as pause } from 'node:timers/promises';
import { type ChildApi, type Command, runDrawdown, startChildApi } from '../support/child-api.ts';
import type { OwnPostgres } from '../support/postgres.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import type { Random } from './random.ts';

/** Two API processes, a worker and a Redis on one database, and what is done to them. */
export interface Stage {
  /** The servers that are not being killed just now; at least one. */
  urls(): readonly string[];
  /** Kills and restarts, once each in an order that chance decides, spread over the time. */
  torment(durationMs: number, random: Random, say: (text: string) => void): Promise<void>;
  close(): Promise<void>;
}

/** Time for a process or Redis to stay away. */
const AWAY_MS = [200, 2_000] as const;

export interface StageOptions {
  readonly databaseUrl: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Crashes too, and the worker with it, when it is there for this alone. */
  readonly postgres: OwnPostgres | null;
}

export async function openStage(stageOptions: StageOptions): Promise<Stage> {
  const { databaseUrl, environment, postgres } = stageOptions;
  const redis: TestRedis = await startRedis();
  const options = { databaseUrl, redisUrl: redis.url, worker: false, environment };
  // One after the other: the first makes the database what it must be.
  const apis: (ChildApi | null)[] = [await startChildApi(options), await startChildApi(options)];
  let worker = await startWorker();

  /** It is there when this resolves: one that cannot begin ends, as any service does. */
  async function startWorker(): Promise<Command> {
    const variables = { ...environment, DATABASE_URL: databaseUrl, REDIS_URL: redis.url };
    const started = runDrawdown(['worker'], variables);
    const isRunning = new Promise<void>((resolve) => {
      started.child.stdout?.on('data', (chunk) => {
        if (String(chunk).includes('The worker is running.')) resolve();
      });
    });
    const ended = started.ended.then(({ stderr }) => {
      throw new Error(`The worker ended: ${stderr}`);
    });
    ended.catch(() => undefined);
    await Promise.race([isRunning, ended]);
    return started;
  }

  async function killApi(index: number, awayMs: number): Promise<void> {
    const api = apis[index];
    if (!api) throw new Error('A server was killed twice at a time.');
    apis[index] = null;
    await api.kill9();
    await pause(awayMs);
    apis[index] = await startChildApi(options);
  }

  async function killRedis(awayMs: number): Promise<void> {
    await redis.kill9();
    await pause(awayMs);
    await redis.restart();
  }

  function torturesOf(own: OwnPostgres): [string, (awayMs: number) => Promise<void>][] {
    return [
      ['kill -9 of the worker', killWorker],
      ['crash of PostgreSQL', (awayMs) => crash(own, awayMs)],
    ];
  }

  async function killWorker(awayMs: number): Promise<void> {
    worker.child.kill('SIGKILL');
    await worker.ended;
    await pause(awayMs);
    worker = await startWorker();
  }

  async function crash(own: OwnPostgres, awayMs: number): Promise<void> {
    await own.crash();
    await pause(awayMs);
    await own.recover();
  }

  return {
    urls: () => apis.flatMap((api) => api?.url ?? []),
    async torment(durationMs, random, say) {
      const torments: [string, (awayMs: number) => Promise<void>][] = [
        ['kill -9 of the first server', (awayMs) => killApi(0, awayMs)],
        ['kill -9 of the second server', (awayMs) => killApi(1, awayMs)],
        ['kill -9 of Redis', killRedis],
        ['kill -9 of Redis', killRedis],
        ...(postgres ? torturesOf(postgres) : []),
      ];
      torments.sort(() => random.next() - 0.5);
      for (const [what, torment] of torments) {
        await pause(random.between(0, (2 * durationMs) / torments.length / 3));
        const awayMs = random.between(...AWAY_MS);
        say(`${what}, away for ${awayMs} ms`);
        await torment(awayMs);
        await pause(durationMs / torments.length / 3);
      }
    },
    async close() {
      await Promise.all(apis.map((api) => api?.stop()));
      worker.child.kill('SIGTERM');
      await worker.ended;
      await redis.stop();
    },
  };
}
