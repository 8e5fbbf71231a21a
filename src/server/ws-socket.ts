import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../infra/log.ts';

/** Unsent bytes above which nothing more is produced for a socket, nor read from it. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const INTERNAL_ERROR = 4500;

/** Runs the protocol on one socket: messages in and out, keep-alive, and the end. */
export function serveSocket<Extra>(
  protocol: Server<Extra>,
  socket: WebSocket,
  extra: Extra,
  options: { readonly keepAliveMs: number; readonly log: Log },
): void {
  const { log } = options;
  const flow = createFlow(socket);
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: flow.send,
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', async (data) => {
          flow.holdBack();
          try {
            await handle(String(data));
          } catch (error) {
            log.error({ error }, 'A WebSocket message could not be handled.');
            socket.close(INTERNAL_ERROR, 'Internal error');
          }
        }),
    },
    extra,
  );
  const stopKeepAlive = keepAlive(socket, options.keepAliveMs);
  // Such as a message that is too large: `ws` has chosen the close code already.
  socket.on('error', (error) => log.debug({ error }, 'A WebSocket failed.'));
  socket.once('close', (code, reason) => {
    stopKeepAlive();
    closed(code, String(reason)).catch((error) =>
      log.error({ error }, 'A WebSocket did not end well.'),
    );
  });
}

/**
 * Keeps a slow peer from costing memory. `send` resolves when the message has left the process, so a
 * subscription takes its next value only then; while much is unsent, nothing is read from the peer either.
 */
function createFlow(socket: WebSocket) {
  const waiting: (() => void)[] = [];
  const isFull = () =>
    socket.readyState === socket.OPEN && socket.bufferedAmount >= MAX_BUFFERED_BYTES;

  function wake(): void {
    if (isFull()) return;
    for (const resolve of waiting.splice(0)) resolve();
    if (socket.isPaused) socket.resume();
  }

  socket.once('close', wake);
  return {
    async send(text: string): Promise<void> {
      while (isFull()) await new Promise<void>((resolve) => waiting.push(resolve));
      if (socket.readyState !== socket.OPEN) return;
      // Called with an error too, when the socket ends first.
      await new Promise<void>((resolve) => socket.send(text, () => resolve()));
      wake();
    },
    holdBack(): void {
      if (isFull()) socket.pause();
    },
  };
}

/** A peer that has not been heard of for a whole period is gone, or so slow that it must come again. */
function keepAlive(socket: WebSocket, periodMs: number): () => void {
  let heard = true;
  const note = () => {
    heard = true;
  };
  socket.on('pong', note);
  socket.on('message', note);
  const timer = setInterval(() => {
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, periodMs).unref();
  return () => clearInterval(timer);
}
