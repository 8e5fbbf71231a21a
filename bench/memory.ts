import { systemClock } from '../src/kit/clock.ts';
import { createEventSource } from './events.ts';
import type { Bench } from './lab.ts';
import { sendBatches, withClients } from './load.ts';
import type { Line } from './report.ts';

const CLIENTS = 16;
const STEPS = 10;
const MIB = 1024 * 1024;

/** The server's resident memory over many events, against what it is after the first tenth of them. */
export async function benchMemory({ world, sizes, server, key }: Bench): Promise<Line[]> {
  const source = createEventSource({
    ...world,
    name: 'memory',
    occurredAt: systemClock.now(),
    duplicates: true,
  });
  const sizesMib: number[] = [];
  await withClients(server.url, key, CLIENTS, async (clients) => {
    for (let step = 1; step <= STEPS; step += 1) {
      await sendBatches(server, clients, source, sizes.memoryEvents / STEPS);
      const { rssBytes } = await server.usage();
      sizesMib.push(Math.round(rssBytes / MIB));
      console.log(
        `  ${((sizes.memoryEvents / STEPS) * step).toLocaleString('en')} events: ${sizesMib.at(-1)} MiB`,
      );
    }
  });
  const [first = 0, ...later] = sizesMib;
  return [
    {
      scenario: 'memory',
      measure: `RSS over ${sizes.memoryEvents.toLocaleString('en')} events in batches of 100`,
      value: `most ${Math.max(...later)} MiB, at the end ${later.at(-1)} MiB`,
      against: `after the first tenth: ${first} MiB`,
      ratio: `**${signed(Math.max(...later) - first)} MiB**`,
      target: '+64 MiB at most',
    },
  ];
}

function signed(value: number): string {
  return value < 0 ? String(value) : `+${value}`;
}
