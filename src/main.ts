import { createContext } from '../schema/context.ts';
import { schema } from '../schema/index.ts';
import type { Config } from './config.ts';
import { createDb } from './infra/db.ts';
import { openEncryptionKey } from './infra/encryption-key.ts';
import { migrateJobs, startJobs } from './infra/jobs.ts';
import { createLog, type Log } from './infra/log.ts';
import { createSendMail } from './infra/mailer.ts';
import { createMetrics } from './infra/metrics.ts';
import { createMigrator } from './infra/migrate.ts';
import { readMigrations } from './infra/migrations.ts';
import { openDatabase } from './infra/open-database.ts';
import { type Clock, systemClock } from './kit/clock.ts';
import type { Bus } from './live/bus.ts';
import { createDegradedGauge } from './live/degraded-gauge.ts';
import { createLocalBus } from './live/local-bus.ts';
import { createRedisBus } from './live/redis-bus.ts';
import { createCipher } from './payments/cipher.ts';
import { createServer } from './server/http.ts';
import { createDatabaseChecks } from './server/probes/database-checks.ts';
import { DEGRADED } from './server/probes/health.ts';
import { createProbeServer } from './server/probes/probe-server.ts';
import { createServices, type Services } from './services.ts';
import type { WebhookSettings } from './webhooks/service.ts';
import { createJobs } from './worker/jobs.ts';
import { createTasks } from './worker/tasks.ts';
import { startWorker } from './worker/worker.ts';

export interface StartOptions {
  readonly config: Config;
  readonly log?: Log;
  readonly clock?: Clock;
  /** Whether to answer requests. @default true */
  readonly api?: boolean;
  /** Where `/livez`, `/readyz` and `/metrics` are when there is no API. @default nowhere */
  readonly probePort?: number | null;
  /** Whether to do what happens without a request. @default true */
  readonly worker?: boolean;
  /** How webhooks behave other than the configuration says. */
  readonly webhooks?: Partial<WebhookSettings>;
}

export interface Running {
  /** Where the API answers, or the probes of a worker alone; null for neither. */
  readonly url: string | null;
  readonly services: Services;
  /** The secret key that was made just now for an empty database; it is not kept anywhere. */
  readonly firstKey: string | null;
  /** Resolves when the database is no longer ours to use: stop then, and end the process. */
  readonly lost: Promise<Error>;
  /** Finishes what was begun, then lets go of everything; safe to call twice. */
  stop(): Promise<void>;
}

/** The front door: config -> infra -> services -> server, and the way out in the opposite order. */
export async function start(options: StartOptions): Promise<Running> {
  const { config, clock = systemClock, api = true, worker = true, probePort = null } = options;
  const log = options.log ?? createLog({ level: config.logLevel });
  const exits: Exit[] = [];
  const stop = once(() => leave(exits));
  try {
    const database = await openDatabase(config, log);
    exits.push(database.close);
    const migrations = readMigrations();
    await createMigrator({ url: database.url, migrations }).apply();
    await migrateJobs(database.url, log);
    const db = createDb({
      url: database.url,
      poolSize: POOL_SIZE,
      onIdleError: (error) => log.warn({ error }, 'An idle database connection broke.'),
    });
    exits.push(db.close);
    const metrics = createMetrics({ processMetrics: true });
    const bus = createBus(config, log, metrics);
    exits.push(bus.close);
    const { bootstrapKey } = config;
    const webhooks = {
      allowPrivate: config.webhookAllowPrivate,
      ports: config.webhookPorts,
      ...options.webhooks,
    };
    const key = await openEncryptionKey(config);
    let address = config.publicUrl;
    const payments = {
      cipher: key && createCipher(key),
      publicUrl: () => address ?? `http://${config.host}:${config.port}`,
      allowPrivate: config.paymentAllowPrivate,
    };
    const services = createServices({
      db,
      bus,
      clock,
      log,
      metrics,
      bootstrapKey,
      webhooks,
      payments,
      sendMail: config.mail && createSendMail(config.mail),
    });
    exits.push(services.close);
    // A worker has nobody to show a first key to.
    const first = api ? await services.access.bootstrap() : null;
    // Each of them may have to wait for others, so they do it at the same time.
    const atOnce: Exit[] = [];
    exits.push(() => leaveAtOnce(atOnce));
    if (worker) {
      atOnce.push(startWorker({ tasks: createTasks({ db, ...services, ...config }), log }).stop);
      const jobs = await startJobs({ url: database.url, tasks: createJobs(services), log });
      atOnce.push(jobs.stop);
    }
    const checks = {
      ...createDatabaseChecks(db, migrations),
      live: async () => (bus.isDegraded() ? DEGRADED : null),
    };
    const shared = { log, metrics, clock, checks };
    const openApi = () =>
      createServer({
        ...shared,
        config,
        schema,
        authenticate: services.access.authenticate,
        findLiveKeys: services.access.findLiveKeys,
        buildContext: (caller) => createContext(services, caller),
        waitOut: db.waitOut,
        charges: services.usage.queue,
        receiveWebhook: services.payments.receiveWebhook,
        hosted: services.payments.pages,
      });
    const openProbes = (port: number) => createProbeServer({ ...shared, host: config.host, port });
    const server = api ? openApi() : probePort === null ? null : openProbes(probePort);
    const url = server && (await server.listen()).url;
    if (api) address ??= url;
    if (server) atOnce.push(server.stop);
    return { url, services, firstKey: first?.secret ?? null, lost: database.lost, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Connections for reads and ordinary writes; charges have their own. */
const POOL_SIZE = 16;

function createBus(config: Config, log: Log, metrics: ReturnType<typeof createMetrics>): Bus {
  const { redisUrls: urls } = config;
  if (urls.length > 0) return createRedisBus({ urls, log, metrics });
  createDegradedGauge(metrics);
  return createLocalBus({ log });
}

type Exit = () => Promise<unknown> | unknown;

async function leaveAtOnce(exits: readonly Exit[]): Promise<void> {
  const outcomes = await Promise.allSettled(exits.map(async (exit) => exit()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** What came last leaves first; one that fails does not keep the others. */
async function leave(exits: Exit[]): Promise<void> {
  const failures: unknown[] = [];
  for (const exit of exits.reverse()) {
    await Promise.resolve()
      .then(exit)
      .catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work();
    return running;
  };
}
