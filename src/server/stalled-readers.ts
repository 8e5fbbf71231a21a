import type { Socket } from 'node:net';

/** Connections whose peers may have stopped to read. */
export interface StalledReaders {
  /** Minds a connection until it is closed or let go. */
  watch(socket: Socket): void;
  letGo(socket: Socket): void;
  close(): void;
}

/**
 * Closes connections of which the peer has taken nothing for a while, though there is something: it is kept in
 * memory, here and by the operating system, which has taken all that it may. They are looked at once in `timeoutMs`, so it takes up to twice as long; a timer for each answer would cost more.
 */
export function createStalledReaders(timeoutMs: number): StalledReaders {
  const sockets = new Set<Socket>();
  /** Of those that something waits for, how much they had taken. */
  let before = new Map<Socket, string>();

  function look(): void {
    const now = new Map<Socket, string>();
    for (const socket of sockets) {
      if (socket.writableLength === 0) continue;
      const taken = takenOf(socket);
      if (before.get(socket) === taken) reset(socket);
      else now.set(socket, taken);
    }
    before = now;
  }

  const timer = setInterval(look, timeoutMs).unref();
  return {
    watch(socket) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
    letGo: (socket) => void sockets.delete(socket),
    close: () => clearInterval(timer),
  };
}

/**
 * Destroyed alone, it would leave what is unread, up to 4 MB, to the operating system, for as long as the peer
 * likes. The first call says how it is to be closed, and would wait for the peer.
 */
function reset(socket: Socket): void {
  socket.resetAndDestroy();
  socket.destroy();
}

/**
 * What has left the process, and what is left of the piece that is being handed to the operating system: an
 * answer is one, however large, and is being read while the second falls. Node's own time-out of sockets goes by
 * it too.
 */
function takenOf(socket: Socket): string {
  const { _handle: handle } = socket as unknown as { _handle?: { writeQueueSize?: number } };
  return `${socket.bytesWritten - socket.writableLength} ${handle?.writeQueueSize}`;
}
