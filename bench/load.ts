import type { EventSource } from './events.ts';
import { connectHttp, type HttpClient } from './http-client.ts';
import type { ServerProcess } from './server-process.ts';

/** What a round came to. */
export interface Round {
  /** Done in a second: events recorded, or requests answered. */
  readonly rate: number;
  /** CPU time of the server for one of them, in microseconds. */
  readonly cpuUs: number;
}

export async function withClients<T>(
  url: string,
  key: string,
  count: number,
  work: (clients: readonly HttpClient[]) => Promise<T>,
): Promise<T> {
  const clients = await Promise.all(Array.from({ length: count }, () => connectHttp(url, key)));
  try {
    return await work(clients);
  } finally {
    for (const client of clients) client.close();
  }
}

const BATCH_SIZE = 100;
const COUNTS = /"recorded":(\d+),"duplicates":(\d+),"refused":(\d+)/;

/** Every client sends its next batch when the last one is answered, until `events` are sent. */
export async function sendBatches(
  server: ServerProcess,
  clients: readonly HttpClient[],
  source: EventSource,
  events: number,
): Promise<Round> {
  let left = Math.ceil(events / BATCH_SIZE);
  let recorded = 0;

  async function sendAll(client: HttpClient): Promise<void> {
    while (left-- > 0) {
      const answer = await client.post(source.nextBatch(BATCH_SIZE));
      const [, ok, , refused] = COUNTS.exec(answer) ?? [];
      if (refused !== '0') throw new Error(`A batch was refused: ${answer.slice(0, 500)}`);
      recorded += Number(ok);
    }
  }

  return measure(server, async () => {
    await Promise.all(clients.map(sendAll));
    return recorded;
  });
}

/** Every client sends its next request when the last one is answered, for `durationMs`. */
export async function sendRequests(
  server: ServerProcess,
  clients: readonly HttpClient[],
  nextBody: () => string,
  expected: string,
  durationMs: number,
): Promise<Round> {
  const end = performance.now() + durationMs;
  let answered = 0;

  async function sendAll(client: HttpClient): Promise<void> {
    while (performance.now() < end) {
      const answer = await client.post(nextBody());
      if (!answer.includes(expected)) throw new Error(`Not as expected: ${answer.slice(0, 500)}`);
      answered += 1;
    }
  }

  return measure(server, async () => {
    await Promise.all(clients.map(sendAll));
    return answered;
  });
}

/** `work` answers how much it has done. */
async function measure(server: ServerProcess, work: () => Promise<number>): Promise<Round> {
  const before = await server.usage();
  const start = performance.now();
  const done = await work();
  const seconds = (performance.now() - start) / 1000;
  const after = await server.usage();
  return { rate: done / seconds, cpuUs: ((after.cpuMs - before.cpuMs) * 1000) / done };
}
