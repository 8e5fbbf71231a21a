import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface SubscribeOptions {
  readonly url: string;
  readonly key: string;
  readonly walletIds: readonly string[];
  /** Called with the wallet's place in the list for every frame, the first of which is the snapshot. */
  readonly onFrame: (index: number, state: State) => void;
}

/** What a frame says. */
export interface State {
  readonly version: number;
  /** When it was decided by the server, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** The sockets, in the order of their wallets. */
export interface Subscribed {
  /** Stops to read from so many of them, the first ones. */
  stall(count: number): void;
  close(): void;
}

const SUBSCRIPTION = `subscription WatchBalance($walletId: ID!) {
  balanceChanged(walletId: $walletId) { version at balance { settled available } }
}`;

/** How many sockets open at one time. */
const AT_ONCE = 50;

/** Opens one WebSocket for each wallet and resolves when all have their snapshot. */
export async function subscribe(options: SubscribeOptions): Promise<Subscribed> {
  const sockets: WebSocket[] = [];
  for (let from = 0; from < options.walletIds.length; from += AT_ONCE) {
    const some = options.walletIds.slice(from, from + AT_ONCE);
    sockets.push(...(await Promise.all(some.map((_, offset) => open(options, from + offset)))));
  }
  return {
    stall(count) {
      for (const socket of sockets.slice(0, count)) socket.pause();
    },
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

async function open({ url, key, walletIds, onFrame }: SubscribeOptions, index: number) {
  const address = `${url.replace(/^http/, 'ws')}/graphql`;
  const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
  await once(socket, 'open');
  const variables = { walletId: walletIds[index] };
  const snapshot = new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const kind = /"type":"(\w+)"/.exec(text)?.[1];
      if (kind === 'connection_ack') {
        const payload = { query: SUBSCRIPTION, variables };
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
      } else if (kind === 'ping') {
        socket.send('{"type":"pong"}');
      } else if (kind !== 'next' || text.includes('"errors"')) {
        reject(new Error(`Not as expected: ${text.slice(0, 500)}`));
      } else {
        onFrame(index, stateOf(text));
        resolve();
      }
    });
  });
  const payload = { authorization: `Bearer ${key}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await snapshot;
  return socket;
}

function stateOf(text: string): State {
  const [, version, at = ''] = /"version":(\d+),"at":"([^"]+)"/.exec(text) ?? [];
  return { version: Number(version), atMs: Date.parse(at) };
}
