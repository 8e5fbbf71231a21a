import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpRequestSeen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers in place of the server. */
export type Fault = (response: ServerResponse) => void;

/** An answer that is nothing but a status and, at will, a body. */
export function answer(status: number, body = '', headers: Record<string, string> = {}): Fault {
  return (response) => response.writeHead(status, headers).end(body);
}

/** The connection breaks; nothing was answered. */
export const breakOff: Fault = (response) => response.destroy();

/** The answer begins, and never ends. */
export const stall: Fault = (response) => response.writeHead(200).write('{"id":');

export const noAnswer: Fault = () => undefined;

export interface FaultyServer {
  readonly url: string;
  /** Everything that came in, also what was answered with a fault. */
  readonly requests: readonly HttpRequestSeen[];
  /** The next requests come to nothing, one for each; behind that it works again. */
  fail(...faults: readonly Fault[]): void;
  /** The next requests are done, and their answers lost: one for each. */
  lose(...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

/** A server on a real socket that speaks JSON, and fails when it is told to. */
export async function startFaultyServer(
  handle: (request: HttpRequestSeen) => { readonly status: number; readonly body: unknown },
): Promise<FaultyServer> {
  const requests: HttpRequestSeen[] = [];
  const before: Fault[] = [];
  const behind: Fault[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const fault = before.shift();
    if (fault) return fault(response);
    const { status, body } = handle(request);
    const lost = behind.shift();
    if (lost) return lost(response);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    fail: (...faults) => void before.push(...faults),
    lose: (...faults) => void behind.push(...faults),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
