import type { Log } from '../infra/log.ts';
import { createRedisConnections, type RedisConnectionsOptions } from '../infra/redis.ts';
import { isClustered, readSlots, type SlotRange } from './redis-slots.ts';

/**
 * A time during which a server answered without a break. What was subscribed in another one may have
 * missed something since.
 */
export type RedisSession = object;

/** One server, alone or of a cluster, and whether it can be relied on. */
export interface RedisNode {
  /** Null while the server does not answer. */
  session(): RedisSession | null;
  /** Whether it is part of a cluster; null until it has said so. */
  clustered(): boolean | null;
  /** Asks whether it still answers; `changed` tells what came of it. Never throws. */
  beat(): Promise<void>;
  /** Null: the hint was not taken. It rejects when it may not have arrived. */
  publish(channel: string, text: string): Promise<unknown> | null;
  /** Resolves when the server has confirmed them all. Channels of a cluster must be of one slot. */
  subscribe(channels: readonly string[]): Promise<unknown>;
  unsubscribe(channel: string): void;
  readSlots(): Promise<SlotRange[]>;
  close(): void;
}

export interface RedisNodeOptions extends RedisConnectionsOptions {
  readonly log: Log;
  readonly heard: (channel: string, text: string) => void;
  /** Another session has begun, or none is left. */
  readonly changed: () => void;
}

/** Hints on their way to a server at one time; more are dropped, so one that hangs costs no memory. */
const MAX_IN_FLIGHT = 10_000;
/** A server that has not answered for so long is not relied on. */
const ANSWER_MS = 1_000;

export function createRedisNode(options: RedisNodeOptions): RedisNode {
  const { publisher, subscriber, close } = createRedisConnections(options);
  let session: RedisSession | null = null;
  let clustered: boolean | null = null;
  let beating: Promise<void> | null = null;
  let inFlight = 0;

  function enter(next: RedisSession | null): void {
    if (session === next) return;
    session = next;
    options.changed();
  }

  async function askBoth(): Promise<void> {
    const late = setTimeout(() => setImmediate(giveUp), ANSWER_MS);
    let waiting = true;
    // The answer of a server may wait for us instead: it is read before this is called.
    function giveUp() {
      if (waiting) enter(null);
    }
    try {
      const [isPart] = await Promise.all([askMembership(), publisher.ping()]);
      clustered = isPart;
      if (publisher.status === 'ready' && subscriber.status === 'ready') enter(session ?? {});
    } catch {
      enter(null);
    } finally {
      waiting = false;
      clearTimeout(late);
    }
  }

  async function askMembership(): Promise<boolean> {
    if (clustered !== false) return isClustered(subscriber);
    await subscriber.ping();
    return false;
  }

  function beat(): Promise<void> {
    beating ??= askBoth().finally(() => {
      beating = null;
    });
    return beating;
  }

  for (const connection of [publisher, subscriber]) {
    connection.on('ready', () => void beat());
    connection.on('close', () => {
      // Whatever answers there next may be another kind of server.
      clustered = null;
      enter(null);
    });
  }
  subscriber.on('message', options.heard);
  subscriber.on('smessage', options.heard);
  // Slots have gone to another server, and their subscriptions are over; which ones is not said.
  subscriber.on('moved', () => session && enter({}));

  return {
    session: () => session,
    clustered: () => clustered,
    beat,
    publish(channel, text) {
      if (publisher.status !== 'ready' || inFlight >= MAX_IN_FLIGHT) return null;
      inFlight += 1;
      const sent = clustered ? publisher.spublish(channel, text) : publisher.publish(channel, text);
      return sent.finally(() => {
        inFlight -= 1;
      });
    },
    subscribe: (channels) =>
      clustered ? subscriber.ssubscribe(...channels) : subscriber.subscribe(...channels),
    unsubscribe(channel) {
      if (subscriber.status !== 'ready') return;
      const left = clustered ? subscriber.sunsubscribe(channel) : subscriber.unsubscribe(channel);
      left.catch(() => undefined);
    },
    readSlots: () => readSlots(subscriber),
    close() {
      session = null;
      close();
    },
  };
}
