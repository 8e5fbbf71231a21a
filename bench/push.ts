import { systemClock } from '../src/kit/clock.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { createEventSource } from './events.ts';
import type { Bench } from './lab.ts';
import { sendRequests, withClients } from './load.ts';
import { pace } from './pace.ts';
import { type Line, quantile } from './report.ts';
import { nextSingle, RECORDED } from './single-event.ts';
import { subscribe } from './subscriber.ts';
import type { Customer } from './world.ts';

const CONNECTIONS = 64;

/** From sending a mutation to the frame that tells of it, with one subscriber for each wallet. */
export async function benchPush(bench: Bench): Promise<Line[]> {
  const { world, sizes, server, key } = bench;
  const customers = world.customers.slice(0, sizes.subscribers);
  const series = (name: string, of: readonly Customer[]) =>
    createEventSource({ customers: of, name, occurredAt: systemClock.now(), duplicates: false });

  return withClients(server.url, key, CONNECTIONS, async (clients) => {
    const full = series('full', world.customers);
    const nextFull = () => nextSingle(full);
    await sendRequests(server, clients, nextFull, RECORDED, sizes.roundMs);
    const { rate } = await sendRequests(server, clients, nextFull, RECORDED, sizes.roundMs);

    /** When the mutation that a wallet's next frame tells of was sent; 0 when none is under way. */
    const sentAt = new Float64Array(customers.length);
    const delays: number[] = [];
    const close = await subscribe({
      url: server.url,
      key,
      walletIds: customers.map(({ walletId }) => toTypeId('wallet', walletId)),
      onFrame(index) {
        const start = sentAt[index];
        if (start) delays.push(performance.now() - start);
        sentAt[index] = 0;
      },
    });
    const sources = customers.map((customer, index) => series(`push-${index}`, [customer]));
    const durationMs = sizes.roundMs * 2;
    const sent = await pace(clients, rate / 2, durationMs, (client, number) => {
      const index = number % customers.length;
      const source = sources[index];
      if (!source || sentAt[index]) return null;
      sentAt[index] = performance.now();
      return client.post(nextSingle(source));
    });
    close();
    return [lineOf(customers.length, sent / (durationMs / 1000), rate, delays)];
  });
}

function lineOf(subscribers: number, sentRate: number, fullRate: number, delays: number[]): Line {
  delays.sort((a, b) => a - b);
  const at = (share: number) => quantile(delays, share).toFixed(1);
  return {
    scenario: 'push',
    measure: `mutation sent to frame received, ${subscribers.toLocaleString('en')} WebSockets, one for each wallet`,
    value: `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${delays.length.toLocaleString('en')} frames)`,
    against: `${Math.round(sentRate).toLocaleString('en')} mutations/s, of ${Math.round(fullRate).toLocaleString('en')} that 64 connections reach`,
    ratio: '',
    target: '',
  };
}
