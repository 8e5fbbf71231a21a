import { EventEmitter, setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { SECOND_MS } from '../kit/clock.ts';
import { startHeartbeat } from './job-liveness.ts';
import type { Log } from './log.ts';

/** What a job is told of the process that runs it. */
export interface JobContext {
  /** Whether to begin nothing more: a job that comes back to the rest adds itself again. */
  isStopping(): boolean;
  /** Aborted when the process waits no longer. A job that fails by it is run again, by another one. */
  readonly aborted: AbortSignal;
}

/** What is done for the jobs of each task. One that throws is tried again, later each time. */
export type JobTasks = Readonly<
  Record<string, (payload: unknown, context: JobContext) => Promise<void>>
>;

export interface JobRunner {
  /** Lets what is running finish, for a while. */
  stop(): Promise<void>;
}

/** In one process: they wait for others, so that it can have many under way. */
export const JOBS_AT_ONCE = 100;

const SETTINGS = {
  concurrentJobs: JOBS_AT_ONCE,
  // Jobs are announced; this is for those whose time comes, and for those that waited for the one before
  // them in their queue.
  pollInterval: 200,
  gracefulShutdownAbortTimeout: 3 * SECOND_MS,
  // Without it every one of the concurrent takers asks for itself, also when there is nothing. One at a time:
  // of several that are taken at once, two may be of one queue, and run beside each other then.
  localQueue: { size: 1 },
  // Without these nobody waits for a job to be put away, nor hears that it failed.
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};

/** One listens for jobs, the others take them and put them away. */
const POOL_SIZE = 4;
const RESTART_MS = SECOND_MS;
const CONNECT_TIMEOUT_MS = 5 * SECOND_MS;

/** Brings the tables of the queue, which are the library's own, to its version. */
export async function migrateJobs(url: string, log: Log): Promise<void> {
  const pgPool = createPool(url, 1, log);
  try {
    await runMigrations({ pgPool, logger: loggerTo(log) });
  } finally {
    await pgPool.end();
  }
}

/** Runs the jobs that transactions have added, on connections of its own, until it is stopped. */
export async function startJobs(options: {
  readonly url: string;
  readonly tasks: JobTasks;
  readonly log: Log;
}): Promise<JobRunner> {
  const { log } = options;
  const pgPool = createPool(options.url, POOL_SIZE, log);
  const stopping = new AbortController();
  const events: WorkerEvents = new EventEmitter();
  let name = '';
  events.on('pool:create', ({ workerPool }) => {
    name = workerPool.id;
  });
  const begin = () =>
    run({
      pgPool,
      events,
      logger: loggerTo(log),
      noHandleSignals: true,
      parsedCronItems: [],
      taskList: tasksOf(options.tasks, () => stopping.signal.aborted),
      preset: { worker: SETTINGS },
    });
  let runner = await begin().catch(async (error) => {
    await pgPool.end();
    throw error;
  });

  /** The library gives up when a job that is done cannot be put away, as while the database is away. */
  async function keepRunning(): Promise<void> {
    for (;;) {
      await runner.promise.catch(() => undefined);
      if (stopping.signal.aborted) return;
      log.warn({}, 'The job queue has stopped; it is started again.');
      await pause(RESTART_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      await beginAgain();
    }
  }

  async function beginAgain(): Promise<void> {
    try {
      runner = await begin();
      // Whoever stops may have come meanwhile, and found only the one that had stopped already.
      if (stopping.signal.aborted) await runner.stop();
    } catch (error) {
      log.warn({ error }, 'The job queue could not be started again.');
    }
  }

  const running = keepRunning();
  const heartbeat = startHeartbeat(pgPool, () => name);
  return {
    async stop() {
      stopping.abort();
      await runner.stop().catch(() => undefined);
      await running;
      await heartbeat.stop();
      await pgPool.end();
    },
  };
}

function tasksOf(tasks: JobTasks, isStopping: () => boolean) {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, work]) => [
      name,
      async (payload: unknown, { abortSignal }: { abortSignal?: AbortSignal }) => {
        const aborted = abortSignal ?? new AbortController().signal;
        // All jobs listen to the same one, and Node takes more than ten for a leak.
        setMaxListeners(0, aborted);
        await work(payload, { isStopping, aborted });
      },
    ]),
  );
}

/** The library's words in our log, where a job that fails is a warning: it is tried again. Its own warnings
 * are of how it is set. */
function loggerTo(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    const error = (meta as { error?: unknown } | undefined)?.error;
    const facts = error === undefined ? {} : { error };
    if (level === 'error') log.warn(facts, `Job queue: ${message}`);
    else log.debug(facts, `Job queue: ${message}`);
  });
}

function createPool(url: string, max: number, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'drawdown jobs',
    keepAlive: true,
  });
  pool.on('error', (error) => {
    log.warn({ error: new Error(error.message) }, 'A connection of the job queue broke.');
  });
  // While somebody uses a connection the pool does not listen to it, and an error that nobody hears ends
  // the process; the statement that was under way fails anyhow.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return releasedOnce(pool);
}

type Connect = (
  done: (error: Error | undefined, client: pg.PoolClient | undefined, release: Release) => void,
) => void;
type Release = (error?: Error | boolean) => void;

/**
 * The library gives the connection it listens on back when that breaks, and when it stops; when both happen at
 * once the second time is an error that nobody hears, which would end the process.
 */
function releasedOnce(pool: pg.Pool): pg.Pool {
  const connect = pool.connect.bind(pool) as Connect & (() => Promise<pg.PoolClient>);
  const connectOnce = (done?: Parameters<Connect>[0]) =>
    done ? connect((error, client, release) => done(error, client, once(release))) : connect();
  return Object.assign(pool, { connect: connectOnce });
}

function once(release: Release): Release {
  let isReleased = false;
  return (error) => {
    if (isReleased) return;
    isReleased = true;
    release(error);
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}
