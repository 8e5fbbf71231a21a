import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createFlow, type Flow } from '../../src/server/websocket/flow.ts';

// What is pushed goes past `ws`, so whatever reads frames must find them whole, and in their place among
// those that `ws` writes.

let server: WebSocketServer;
let client: WebSocket;
let flow: Flow;
let received: string[];

async function open(perMessageDeflate: boolean): Promise<void> {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate });
  await once(server, 'listening');
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  received = [];
  client.on('message', (data, isBinary) => received.push(isBinary ? 'binary' : String(data)));
  const [socket, request] = await once(server, 'connection');
  flow = createFlow(socket, {
    connection: request.socket,
    stallMs: 60_000,
    onStall: () => undefined,
  });
  if (client.readyState !== client.OPEN) await once(client, 'open');
}
afterEach(() => {
  client.terminate();
  server.close();
});

/** Around each length at which a frame's head changes, of one byte a character and of several. */
const TEXTS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000].flatMap((length) => [
  'x'.repeat(length),
  `${'x'.repeat(Math.max(length - 1, 0))}ä`,
  '€'.repeat(Math.floor(length / 3)),
]);

it.each([
  ['plain', false],
  // Long texts are compressed beside, and short ones must not overtake them.
  ['compressed', true],
])('sends every text whole and in order, whichever way it goes: %s', async (_, isCompressed) => {
  await open(isCompressed);
  expect(client.extensions !== '').toBe(isCompressed);
  const sent: string[] = [];
  for (const text of TEXTS) {
    flow.push(text);
    void flow.send(`beside ${text.length}`);
    sent.push(text, `beside ${text.length}`);
  }
  while (received.length < sent.length) await once(client, 'message');
  expect(received).toEqual(sent);
});

it('pushes nothing to a socket that says goodbye', async () => {
  await open(false);
  const closed = once(client, 'close');
  const [socket] = server.clients;
  socket?.close(1012, 'Service restart');
  expect(flow.push('too late')).toBe(false);
  expect((await closed)[0]).toBe(1012);
  expect(received).toEqual([]);
});
