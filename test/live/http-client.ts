import { expect } from 'vitest';
import type { TestServer } from './test-server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent.
  readonly body: any;
}

export async function post(
  server: TestServer,
  query: string,
  headers: Record<string, string> = {},
  variables = {},
): Promise<Answer> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

export async function get(server: TestServer, path: string): Promise<Answer> {
  const response = await fetch(server.url + path);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Opens a stream of server-sent events. */
export async function openStream(server: TestServer, query: string, authorization: string) {
  const controller = new AbortController();
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  return {
    abort: () => controller.abort(),
    /** The data of the next event. */
    async next() {
      for (;;) {
        const match = /event: next\ndata: (.*)\n\n/.exec(text);
        if (match) {
          text = text.slice(match.index + match[0].length);
          return JSON.parse(match[1] as string);
        }
        const { done, value } = await reader.read();
        if (done) return null;
        text += decoder.decode(value, { stream: true });
      }
    },
  };
}
