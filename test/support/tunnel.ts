import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on which the network is lost now and then, as a phone's is: neither end is told. */
export interface Tunnel {
  /** The server's URL, by way of the tunnel. */
  readonly url: string;
  /** From now on nothing passes: not on connections that are open, which are lost for good, nor on new ones. */
  enter(): void;
  /** New connections pass again. */
  leave(): void;
  /** What the server has sent to peers that it did not know to be lost, as text. */
  lost(): string;
  close(): Promise<void>;
}

interface Way {
  isLost: boolean;
}

export async function openTunnel(targetUrl: string): Promise<Tunnel> {
  const target = new URL(targetUrl);
  const ways = new Set<Way>();
  const sockets = new Set<Socket>();
  let isInside = false;
  let lost = '';

  /** Passes on what `from` says, its end included, for as long as there is a way. */
  function carry(from: Socket, to: Socket, way: Way, onLost: (chunk: Buffer) => void): void {
    from.on('data', (chunk) => {
      if (way.isLost) onLost(chunk);
      else to.write(chunk);
    });
    from.once('close', () => {
      if (!way.isLost) to.end();
    });
  }

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  }

  const server = createServer((peer) => {
    keep(peer);
    if (isInside) return;
    const way: Way = { isLost: false };
    ways.add(way);
    const served = connect(Number(target.port), target.hostname);
    keep(served);
    carry(peer, served, way, () => undefined);
    carry(served, peer, way, (chunk) => {
      lost += chunk;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    enter() {
      isInside = true;
      for (const way of ways) way.isLost = true;
    },
    leave() {
      isInside = false;
    },
    lost: () => lost,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
