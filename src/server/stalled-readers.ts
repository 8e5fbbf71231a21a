import type { Socket } from 'node:net';

/** Connections whose peers may have stopped to read. */
export interface StalledReaders {
  /** Minds a connection until it is closed or let go. */
  watch(socket: Socket): void;
  letGo(socket: Socket): void;
  close(): void;
}

/** How much may wait for its reader without anybody minding. */
const UNREAD_BYTES = 64 * 1024;

/**
 * Closes connections of which the peer has taken nothing for a while, though there is much: it is kept in memory.
 * They are looked at once in `timeoutMs`, so it takes up to twice as long; a timer for each answer would cost more.
 */
export function createStalledReaders(timeoutMs: number): StalledReaders {
  const sockets = new Set<Socket>();
  /** Of those with much to read, what was left for them. */
  let before = new Map<Socket, string>();

  function look(): void {
    const now = new Map<Socket, string>();
    for (const socket of sockets) {
      if (socket.writableLength < UNREAD_BYTES) continue;
      const left = leftOf(socket);
      if (before.get(socket) === left) socket.destroy();
      else now.set(socket, left);
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
 * In the process, and of what was handed to the operating system in one piece: an answer is one, however large,
 * and is being read while the second falls. Node's own time-out of sockets goes by it too.
 */
function leftOf(socket: Socket): string {
  const { _handle: handle } = socket as unknown as { _handle?: { writeQueueSize?: number } };
  return `${socket.writableLength} ${handle?.writeQueueSize}`;
}
