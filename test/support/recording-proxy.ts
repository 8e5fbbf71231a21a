import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Passed {
  /** `ExtendBlock` */
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into inputs of many shapes.
  readonly input: any;
}

/** What somebody who is not our API says. */
export interface Foreign {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** A way to the API over HTTP that remembers what was asked, and can keep requests, lose answers or give its own. */
export interface RecordingProxy {
  readonly url: string;
  /** Everything that was asked, in the order in which it came. */
  readonly passed: readonly Passed[];
  /** How many requests were under way at once, at most. */
  mostAtOnce(): number;
  count(operation: string): number;
  /** The answer to the next such request is not given, though the server has done it: the connection breaks. */
  loseAnswer(operation: string): void;
  /** The next such request is answered so, and does not come to the server. */
  answer(operation: string, foreign: Foreign): void;
  /** Each request takes so much longer from now on. */
  slowDown(ms: number): void;
  /** Requests wait here until it is called. */
  keep(): () => void;
  stop(): Promise<void>;
}

export async function startRecordingProxy(targetUrl: string): Promise<RecordingProxy> {
  const passed: Passed[] = [];
  const toLose: string[] = [];
  const toAnswer: [operation: string, Foreign][] = [];
  let slowMs = 0;
  let kept: Promise<void> = Promise.resolve();
  let atOnce = 0;
  let most = 0;

  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const { query, variables } = JSON.parse(body);
    const operation = /mutation (\w+)/.exec(query)?.[1] ?? '';
    passed.push({ operation, input: variables.input });
    atOnce += 1;
    most = Math.max(most, atOnce);
    await Promise.all([kept, pause(slowMs)]);
    const own = toAnswer.findIndex(([name]) => name === operation);
    if (own >= 0) {
      atOnce -= 1;
      const [[, { status = 200, headers, text }]] = toAnswer.splice(own, 1) as [[string, Foreign]];
      return response.writeHead(status, headers).end(text);
    }
    const answer = await fetch(`${targetUrl}${request.url}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: request.headers.authorization ?? '',
      },
      body,
    }).catch(() => null);
    const text = await answer?.text();
    atOnce -= 1;
    const lost = toLose.indexOf(operation);
    if (lost >= 0) toLose.splice(lost, 1);
    if (!answer || lost >= 0) return response.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    mostAtOnce: () => most,
    count: (operation) => passed.filter((it) => it.operation === operation).length,
    loseAnswer: (operation) => {
      toLose.push(operation);
    },
    answer: (operation, foreign) => {
      toAnswer.push([operation, foreign]);
    },
    slowDown: (ms) => {
      slowMs = ms;
    },
    keep() {
      let open: () => void = () => undefined;
      kept = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
