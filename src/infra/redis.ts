import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';

/** The two connections to one server: a subscribed one hears messages and does nothing else of weight. */
export interface RedisConnections {
  readonly publisher: Redis;
  readonly subscriber: Redis;
  close(): void;
}

export interface RedisServer {
  readonly host: string;
  readonly port: number;
}

export interface RedisConnectionsOptions {
  readonly url: string;
  /** Another server of the same cluster, reached with the credentials and the encryption of `url`. */
  readonly at?: RedisServer;
  readonly log: Log;
}

const RETRY_FIRST_MS = 50;
const RETRY_LONGEST_MS = 1_000;
/** A subscriber waits for Redis no longer than this before it is served from the database. */
const SUBSCRIBE_TIMEOUT_MS = 1_000;

/**
 * Redis carries hints that a later read makes good, so nothing ever waits for it: no command is queued
 * while it is down, none is sent twice, and a connection that has gone silent is dropped.
 */
const HINTS_ONLY = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // The bus subscribes again by itself, so that it can say when that has happened.
  autoResubscribe: false,
  connectTimeout: 5_000,
  socketTimeout: 10_000,
  keepAlive: 10_000,
  disableClientInfo: true,
  retryStrategy: (attempt: number) =>
    Math.min(RETRY_FIRST_MS * 2 ** Math.min(attempt, 10), RETRY_LONGEST_MS),
} satisfies RedisOptions;

/** The server that an address names. */
export function serverOf(url: string): RedisServer {
  const { host = 'localhost', port = 6379 } = new Redis(url, { lazyConnect: true }).options;
  return { host, port };
}

export function createRedisConnections(options: RedisConnectionsOptions): RedisConnections {
  const publisher = connect(options, 'publisher', {});
  const subscriber = connect(options, 'subscriber', { commandTimeout: SUBSCRIBE_TIMEOUT_MS });
  return {
    publisher,
    subscriber,
    close() {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

function connect(
  { url, at, log }: RedisConnectionsOptions,
  role: string,
  extra: { commandTimeout?: number },
): Redis {
  // What an address says wins over options, so one that is not to be connected is copied.
  const template = new Redis(url, { ...HINTS_ONLY, ...extra, lazyConnect: true });
  const redis = template.duplicate({
    ...at,
    // Hints know no databases, and a cluster has but one.
    db: 0,
    lazyConnect: false,
    connectionName: `drawdown-${role}`,
  });
  const { host, port } = redis.options;
  const server = `${host}:${port}`;
  let reported = false;
  redis.on('ready', () => {
    reported = false;
    log.info({ role, server }, 'Redis is connected.');
  });
  // One line an outage: the retries that follow would only repeat it.
  redis.on('error', (error) => {
    if (!reported)
      log.warn(
        { role, server, error },
        'Redis cannot be reached; hints are dropped until it is back.',
      );
    reported = true;
  });
  return redis;
}
