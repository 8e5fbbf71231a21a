import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../src/kit/clock.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { createEventSource } from './events.ts';
import type { Bench } from './lab.ts';
import { sendBatches, withClients } from './load.ts';
import { startReader, watchScript } from './reader-process.ts';
import type { Line } from './report.ts';

const KIB = 1024;
const CLIENTS = 16;
/** For what belongs to opening a socket to be collected. */
const SETTLE_MS = 2_000;
/** Open files that the server and the reader have beside the sockets. */
const OTHER_FILES = 500;

/** The server's resident memory for each open WebSocket, every one of them watching a wallet of its own. */
export async function benchSockets({ world, sizes, server, key }: Bench): Promise<Line[]> {
  const source = createEventSource({
    ...world,
    name: 'sockets',
    occurredAt: systemClock.now(),
    duplicates: false,
  });
  const watched = world.customers.slice(0, Math.min(sizes.sockets, maxSockets()));
  const scripts = watched.map(({ walletId }) => watchScript(key, toTypeId('wallet', walletId)));
  return withClients(server.url, key, CLIENTS, async (clients) => {
    const charge = () => sendBatches(server, clients, source, sizes.warmUpEvents);
    // The heap has grown to what charges need before, and is as large after.
    await charge();
    const before = await server.usage();
    const reader = await startReader(`${server.url}/graphql`, scripts);
    await pause(SETTLE_MS);
    const opened = await server.usage();
    await charge();
    await pause(SETTLE_MS);
    const pushed = await server.usage();
    const { frames } = await reader.count();
    reader.close();
    const each = (rssBytes: number) =>
      `${((rssBytes - before.rssBytes) / watched.length / KIB).toFixed(1)} KiB`;
    return [
      {
        scenario: 'sockets',
        measure: `RSS for each of ${watched.length.toLocaleString('en')} WebSockets, one for each wallet${
          watched.length < sizes.sockets
            ? ' (fewer than wanted: see --customers and ulimit -n)'
            : ''
        }`,
        value: `${each(opened.rssBytes)} when open, ${each(pushed.rssBytes)} after ${frames.toLocaleString('en')} frames`,
        against: `the same server without them: ${Math.round(before.rssBytes / KIB / KIB)} MiB`,
        ratio: '',
        target: '40 kB at most',
      },
    ];
  });
}

/** A process cannot raise its own limit of open files. */
function maxSockets(): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit) - OTHER_FILES;
}
