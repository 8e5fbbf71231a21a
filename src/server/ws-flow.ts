import type { WebSocket } from 'ws';

/** Unsent bytes above which nothing more is produced for a socket, nor read from it. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** What has been written to one socket and has not left the process. */
export interface Flow {
  /** Resolves when the message has left the process, or the socket has ended. */
  send(text: string): Promise<void>;
  /** Whether the peer has so much to read that it gets nothing more to do. */
  isFull(): boolean;
  /** Called for each message that comes: reads no further from a peer that does not read itself. */
  holdBack(): void;
  /** Runs `listener` when there is room again, and when the socket has ended. */
  onRoom(listener: () => void): void;
}

/**
 * Keeps a slow peer from costing memory. A subscription takes its next value only when the one before has
 * left; while much is unsent, nothing is executed for the peer and nothing is read from it.
 */
export function createFlow(socket: WebSocket): Flow {
  const waiting: (() => void)[] = [];
  const listeners: (() => void)[] = [];
  const isFull = () =>
    socket.readyState === socket.OPEN && socket.bufferedAmount >= MAX_BUFFERED_BYTES;

  function wake(): void {
    if (isFull()) return;
    for (const resolve of waiting.splice(0)) resolve();
    if (socket.isPaused) socket.resume();
    for (const listener of listeners) listener();
  }

  socket.once('close', wake);
  return {
    async send(text) {
      while (isFull()) await new Promise<void>((resolve) => waiting.push(resolve));
      if (socket.readyState !== socket.OPEN) return;
      // Called with an error too, when the socket ends first.
      await new Promise<void>((resolve) => socket.send(text, () => resolve()));
      wake();
    },
    isFull,
    holdBack() {
      if (isFull()) socket.pause();
    },
    onRoom(listener) {
      listeners.push(listener);
    },
  };
}
