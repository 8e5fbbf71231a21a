import { randomBytes } from 'node:crypto';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { Bus, BusListener } from './bus.ts';
import { coalesce } from './coalesce.ts';
import { createDegradedGauge } from './degraded-gauge.ts';
import { tell } from './local-bus.ts';
import { type ChannelGroup, createRedisFleet } from './redis-fleet.ts';
import type { RedisSession } from './redis-node.ts';

export interface RedisBusOptions {
  /** The address of the server; of a cluster, those of some of its servers. */
  readonly urls: readonly string[];
  readonly log: Log;
  readonly metrics: Metrics;
}

interface Channel {
  readonly listeners: Set<BusListener>;
  /** Settles when Redis has confirmed the subscription, or could not be asked. */
  confirmed: Promise<void>;
  /** Where it was confirmed; null: nowhere yet. */
  session: RedisSession | null;
}

/** How long after what failed it is tried again. */
const RETRY_MS = 500;
/** The other processes have found Redis again by then, and no hint of theirs is dropped any more. */
const OTHERS_BACK_MS = 2_500;

/**
 * Tells this process directly and the others through Redis, so that a process whose Redis is down still
 * hears itself.
 */
export function createRedisBus({ urls, log, metrics }: RedisBusOptions): Bus {
  const channels = new Map<string, Channel>();
  const origin = randomBytes(6).toString('hex');
  const hints = metrics.counter('bus_hints_total', 'Hints given to Redis, by outcome.', [
    'outcome',
  ]);
  const gauge = createDegradedGauge(metrics);
  const joinStale = coalesce(subscribeStale);
  const fleet = createRedisFleet({ urls, log, heard, changed });
  /** Whether Redis has yet to confirm subscriptions. */
  let isBehind = false;
  let wasDegraded = true;
  /** One line an outage: each channel would repeat it. */
  let complained = false;
  let retryTimer: NodeJS.Timeout | undefined;
  let othersTimer: NodeJS.Timeout | undefined;
  gauge.set(1);

  function deliver(channel: string, message: unknown): void {
    for (const listener of channels.get(channel)?.listeners ?? []) tell(listener, message, log);
  }

  function heard(channel: string, text: string): void {
    if (text.startsWith(origin)) return;
    const message = parse(text.slice(origin.length));
    if (message !== undefined) deliver(channel, message);
  }

  async function send(channel: string, message: unknown, mayMove: boolean): Promise<void> {
    const sent = fleet.nodeOf(channel)?.publish(channel, origin + JSON.stringify(message));
    if (!sent) return hints.inc({ outcome: 'dropped' });
    try {
      await sent;
    } catch (error) {
      if (!mayMove || !hasMoved(error)) return hints.inc({ outcome: 'dropped' });
      // Who subscribed at the right server by now will not ask the database once more.
      await fleet.refresh();
      return send(channel, message, false);
    }
    hints.inc({ outcome: 'sent' });
  }

  async function subscribeGroup({ node, channels: names }: ChannelGroup): Promise<void> {
    const session = node.session();
    if (!session) return;
    try {
      await node.subscribe(names);
      for (const name of names) mark(name, session);
    } catch (error) {
      for (const name of names) mark(name, null);
      if (!complained) log.warn({ error }, 'Redis did not confirm a subscription.');
      complained = true;
      if (hasMoved(error)) void fleet.refresh();
    }
  }

  function mark(name: string, session: RedisSession | null): void {
    const channel = channels.get(name);
    if (channel) channel.session = session;
  }

  async function subscribeAll(names: readonly string[]): Promise<void> {
    await Promise.all(fleet.group(names).map(subscribeGroup));
    isBehind = names.some(isStale) || (isBehind && stale().length > 0);
    clearTimeout(retryTimer);
    if (isBehind) retryTimer = setTimeout(joinStale, RETRY_MS).unref();
    assess();
  }

  async function subscribeStale(): Promise<void> {
    const names = stale();
    await subscribeAll(names);
    resync(names.filter((name) => !isStale(name)));
  }

  function isStale(name: string): boolean {
    const channel = channels.get(name);
    if (!channel) return false;
    return channel.session === null || channel.session !== fleet.nodeOf(name)?.session();
  }

  const stale = () => [...channels.keys()].filter(isStale);

  function resync(names: Iterable<string>): void {
    for (const name of names)
      for (const listener of channels.get(name)?.listeners ?? []) listener.resync();
  }

  const isDegraded = () => isBehind || !fleet.usable();

  function assess(): void {
    const degraded = isDegraded();
    if (degraded === wasDegraded) return;
    wasDegraded = degraded;
    gauge.set(degraded ? 1 : 0);
    clearTimeout(othersTimer);
    if (degraded) {
      log.warn({}, 'Redis is not usable: subscribers are served from the database until it is.');
      // It may have been silent for a while before that was noticed.
      resync(channels.keys());
      return;
    }
    complained = false;
    log.info({}, 'Redis is usable: subscribers are served by hints.');
    othersTimer = setTimeout(() => resync(channels.keys()), OTHERS_BACK_MS).unref();
  }

  function changed(): void {
    isBehind = stale().length > 0;
    assess();
    void joinStale();
  }

  function leave(name: string, channel: Channel, listener: BusListener): void {
    if (!channel.listeners.delete(listener) || channel.listeners.size > 0) return;
    channels.delete(name);
    fleet.nodeOf(name)?.unsubscribe(name);
  }

  return {
    publish(channel, message) {
      deliver(channel, message);
      send(channel, message, true).catch((error) => {
        log.error({ error, channel }, 'A hint could not be published.');
      });
    },
    async subscribe(name, listener) {
      let channel = channels.get(name);
      if (!channel) {
        channel = { listeners: new Set(), confirmed: Promise.resolve(), session: null };
        channels.set(name, channel);
        channel.confirmed = subscribeAll([name]);
      }
      const joined = channel;
      joined.listeners.add(listener);
      await joined.confirmed;
      return () => leave(name, joined, listener);
    },
    isDegraded,
    close() {
      clearTimeout(retryTimer);
      clearTimeout(othersTimer);
      channels.clear();
      fleet.close();
    },
  };
}

/** Whether the channel is carried by another server of the cluster by now. */
function hasMoved(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('MOVED ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
