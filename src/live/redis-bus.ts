import { randomBytes } from 'node:crypto';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { RedisConnections } from '../infra/redis.ts';
import type { Bus, BusListener } from './bus.ts';
import { tell } from './local-bus.ts';

export interface RedisBusOptions {
  readonly redis: RedisConnections;
  readonly log: Log;
  readonly metrics: Metrics;
}

interface Channel {
  readonly listeners: Set<BusListener>;
  /** Settles when Redis has confirmed the subscription, or could not be asked. */
  readonly confirmed: Promise<void>;
}

/** Hints on their way to Redis at one time; more are dropped, so a Redis that hangs costs no memory. */
const MAX_IN_FLIGHT = 10_000;

/**
 * Tells this process directly and the others through Redis, so that a process whose Redis is down still
 * hears itself.
 */
export function createRedisBus({ redis, log, metrics }: RedisBusOptions): Bus {
  const channels = new Map<string, Channel>();
  const origin = randomBytes(6).toString('hex');
  const hints = metrics.counter('bus_hints_total', 'Hints given to Redis, by outcome.', [
    'outcome',
  ]);
  let inFlight = 0;

  function deliver(channel: string, message: unknown): void {
    for (const listener of channels.get(channel)?.listeners ?? []) tell(listener, message, log);
  }

  function settle(outcome: 'sent' | 'dropped'): void {
    inFlight -= 1;
    hints.inc({ outcome });
  }

  function send(channel: string, message: unknown): void {
    inFlight += 1;
    if (redis.publisher.status !== 'ready' || inFlight > MAX_IN_FLIGHT) {
      settle('dropped');
      return;
    }
    redis.publisher.publish(channel, origin + JSON.stringify(message)).then(
      () => settle('sent'),
      () => settle('dropped'),
    );
  }

  async function askRedis(names: readonly string[]): Promise<boolean> {
    if (names.length === 0 || redis.subscriber.status !== 'ready') return false;
    try {
      await redis.subscriber.subscribe(...names);
      return true;
    } catch (error) {
      log.warn({ error, channels: names.length }, 'Redis did not confirm a subscription.');
      // A Redis that does not answer has to be joined anew, and then everybody is told to resync.
      if (isTimeout(error) && redis.subscriber.status === 'ready')
        redis.subscriber.disconnect(true);
      return false;
    }
  }

  async function subscribeAgain(): Promise<void> {
    const names = [...channels.keys()];
    if (!(await askRedis(names))) return;
    for (const name of names)
      for (const listener of channels.get(name)?.listeners ?? []) listener.resync();
  }

  function leave(name: string, channel: Channel, listener: BusListener): void {
    if (!channel.listeners.delete(listener) || channel.listeners.size > 0) return;
    channels.delete(name);
    if (redis.subscriber.status === 'ready')
      redis.subscriber.unsubscribe(name).catch(() => undefined);
  }

  redis.subscriber.on('ready', () => void subscribeAgain());
  redis.subscriber.on('message', (channel: string, text: string) => {
    if (text.startsWith(origin)) return;
    const message = parse(text.slice(origin.length));
    if (message !== undefined) deliver(channel, message);
  });

  return {
    publish(channel, message) {
      deliver(channel, message);
      try {
        send(channel, message);
      } catch (error) {
        log.error({ error, channel }, 'A hint could not be published.');
      }
    },
    async subscribe(name, listener) {
      let channel = channels.get(name);
      if (!channel) {
        channel = { listeners: new Set(), confirmed: askRedis([name]).then(() => undefined) };
        channels.set(name, channel);
      }
      const joined = channel;
      joined.listeners.add(listener);
      await joined.confirmed;
      return () => leave(name, joined, listener);
    },
    close() {
      channels.clear();
      redis.close();
    },
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Command timed out';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
