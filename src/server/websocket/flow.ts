import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { frameOf } from './frame.ts';
import { createWaiters } from './waiters.ts';

/** Unsent bytes above which nothing more is produced for a socket, nor read from it. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** What has been written to one socket and has not left the process. */
export interface Flow {
  /** Resolves when the message has left the process, or the socket has ended. */
  send(text: string): Promise<void>;
  /** Sends a message of a subscription; when it answers false, the next one waits for `room`. */
  push(text: string): boolean;
  /** Whether the peer has so much to read that it gets nothing more to do. */
  isFull(): boolean;
  /** Whether what was sent before has left the process, but for what every socket may keep unsent. */
  hasRoom(): boolean;
  /** Resolves when there is room, and when the socket has ended. */
  room(): Promise<void>;
  isOpen(): boolean;
  /** Called for each message or ping that comes: reads no further from a peer that does not read itself. */
  holdBack(): void;
  /** Runs `listener` when the socket is not full any more, and when it has ended. */
  onRoom(listener: () => void): void;
}

export interface FlowOptions {
  /** What the socket writes to: it tells how much it takes, and when it takes more. */
  readonly connection: Writable;
  /** How long a peer may take nothing of what waits for it, in milliseconds. */
  readonly stallMs: number;
  /** Called once, when it took longer. */
  readonly onStall: () => void;
}

/**
 * Keeps a slow peer from costing memory. A subscription takes its next value only when the one before has
 * left; while much is unsent, nothing is executed for the peer and nothing is read from it.
 */
export function createFlow(socket: WebSocket, options: FlowOptions): Flow {
  const { connection, stallMs, onStall } = options;
  const senders = createWaiters();
  const pushers = createWaiters();
  const listeners: (() => void)[] = [];
  // With an extension, such as compression, `ws` may hold a message back, which must not be overtaken.
  const isPlain = socket.extensions === '';
  let stall: NodeJS.Timeout | null = null;

  const isOpen = () => socket.readyState === socket.OPEN;
  const isFull = () => socket.bufferedAmount >= MAX_BUFFERED_BYTES && isOpen();
  const hasRoom = () => !connection.writableNeedDrain || !isOpen();

  /** Something has left, or must leave soon: the time of a peer that takes nothing begins anew. */
  function judge(): void {
    if (stall) clearTimeout(stall);
    stall = hasRoom() && !isFull() ? null : setTimeout(onStall, stallMs).unref();
  }

  function wake(): void {
    if (stall) judge();
    if (hasRoom()) pushers.release();
    if (isFull()) return;
    senders.release();
    if (socket.isPaused) socket.resume();
    for (const listener of listeners) listener();
  }

  connection.on('drain', wake);
  socket.once('close', wake);
  return {
    async send(text) {
      while (isFull()) await senders.wait();
      if (!isOpen()) return;
      // Called with an error too, when the socket ends first.
      const sent = new Promise<void>((resolve) => socket.send(text, () => resolve()));
      if (!stall) judge();
      await sent;
      wake();
    },
    push(text) {
      if (!isOpen()) return false;
      const frame = isPlain ? frameOf(text) : null;
      // Past `ws`, which copies the text and writes it in two pieces.
      if (frame !== null) connection.write(frame, 'latin1');
      else socket.send(text);
      if (!connection.writableNeedDrain) return true;
      if (!stall) judge();
      return false;
    },
    isFull,
    hasRoom,
    room: async () => {
      if (!hasRoom()) await pushers.wait();
    },
    isOpen,
    holdBack() {
      if (!stall && !hasRoom()) judge();
      if (isFull()) socket.pause();
    },
    onRoom(listener) {
      listeners.push(listener);
    },
  };
}
