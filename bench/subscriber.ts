import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface SubscribeOptions {
  readonly url: string;
  readonly key: string;
  readonly walletIds: readonly string[];
  /** Called with the wallet's place in the list for every frame after its first, the snapshot. */
  readonly onFrame: (index: number) => void;
}

const SUBSCRIPTION = `subscription WatchBalance($walletId: ID!) {
  balanceChanged(walletId: $walletId) { version balance { settled available } }
}`;

/** How many sockets open at one time. */
const AT_ONCE = 50;

/** Opens one WebSocket for each wallet and resolves when all have their snapshot; answers how to close. */
export async function subscribe(options: SubscribeOptions): Promise<() => void> {
  const sockets: WebSocket[] = [];
  for (let from = 0; from < options.walletIds.length; from += AT_ONCE) {
    const some = options.walletIds.slice(from, from + AT_ONCE);
    sockets.push(...(await Promise.all(some.map((_, offset) => open(options, from + offset)))));
  }
  return () => {
    for (const socket of sockets) socket.terminate();
  };
}

async function open({ url, key, walletIds, onFrame }: SubscribeOptions, index: number) {
  const address = `${url.replace(/^http/, 'ws')}/graphql`;
  const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
  await once(socket, 'open');
  const variables = { walletId: walletIds[index] };
  const snapshot = new Promise<void>((resolve, reject) => {
    let begun = false;
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
      } else if (begun) {
        onFrame(index);
      } else {
        begun = true;
        resolve();
      }
    });
  });
  const payload = { authorization: `Bearer ${key}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await snapshot;
  return socket;
}
