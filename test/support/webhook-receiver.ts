import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came in. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly method: string;
  readonly path: string;
  /** `performance.now()` */
  readonly at: number;
}

export type Respond = (received: Received, response: ServerResponse) => void;

/** A server that webhooks are sent to. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  /** Everything that came in so far. */
  readonly received: readonly Received[];
  /** How the next requests are answered. */
  respondWith(respond: Respond): void;
  /** The first of what came in, so many of them, once they are there. */
  first(count: number): Promise<Received[]>;
  close(): Promise<void>;
}

/** An answer that is nothing but a status. */
export function status(code: number, headers: Record<string, string> = {}): Respond {
  return (_received, response) => response.writeHead(code, headers).end();
}

export const noAnswer: Respond = () => undefined;

export async function startReceiver(respond: Respond = status(204)): Promise<Receiver> {
  const received: Received[] = [];
  let waiting: (() => void)[] = [];
  let answer = respond;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { headers, method = '', url: path = '' } = request;
    const body = Buffer.concat(chunks).toString();
    const item = { headers, body, method, path, at: performance.now() };
    received.push(item);
    answer(item, response);
    const all = waiting;
    waiting = [];
    for (const look of all) look();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    port,
    received,
    respondWith(next) {
      answer = next;
    },
    async first(count) {
      while (received.length < count) await new Promise<void>((look) => waiting.push(look));
      return received.slice(0, count);
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
