import type { Server } from 'graphql-ws';
import type { Log } from '../../infra/log.ts';
import { sayGoodbye } from './goodbye.ts';
import type { Connection } from './protocol.ts';

const MESSAGE_TOO_BIG = 1009;
const INTERNAL_ERROR = 4500;

export interface SocketOptions {
  readonly keepAliveMs: number;
  /** Of one message, in bytes. */
  readonly maxMessageBytes: number;
  readonly log: Log;
}

/** Runs the protocol on one socket: messages in and out, keep-alive, and the end. */
export function serveSocket(
  protocol: Server<Connection>,
  connection: Connection,
  options: SocketOptions,
): void {
  const { socket, flow, load, names } = connection;
  const { log } = options;
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => flow.send(names.outward(text)),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', async (data) => {
          // A peer that was told to go may take its time to answer, and is not served meanwhile.
          if (socket.readyState !== socket.OPEN) return;
          const message = takeIn(connection, String(data), options.maxMessageBytes);
          if (!message) return void sayGoodbye(socket, MESSAGE_TOO_BIG, 'Message too big');
          flow.holdBack();
          try {
            await handle(message.text);
          } catch (error) {
            log.error({ error }, 'A WebSocket message could not be handled.');
            socket.close(INTERNAL_ERROR, 'Internal error');
          } finally {
            message.over();
          }
        }),
    },
    connection,
  );
  socket.on('ping', (data) => {
    if (socket.readyState !== socket.OPEN) return;
    load.enterControl();
    if (flow.hasRoom()) socket.pong(data);
    flow.holdBack();
  });
  socket.on('pong', load.enterControl);
  const stopKeepAlive = keepAlive(connection, options.keepAliveMs);
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
 * A message as the protocol gets it, and what to call when it was handled. One that is too large is refused
 * as the operation that it is to begin, for the others on the socket go on. Null when it begins none, and
 * for a peer that has not said who it is, of whom it is not even parsed.
 */
function takeIn(connection: Connection, whole: string, maxMessageBytes: number) {
  const { viewer, load, names, tooLarge } = connection;
  const isTooLarge = Buffer.byteLength(whole) > maxMessageBytes;
  if (isTooLarge && viewer === null) return null;
  const { text, name, over } = names.inward(whole);
  if (isTooLarge && name === null) return null;
  const settle = load.enter(text.length, isTooLarge);
  if (isTooLarge && name !== null) tooLarge.add(name);
  return {
    text,
    over() {
      settle();
      over();
      if (name !== null) tooLarge.delete(name);
    },
  };
}

/**
 * A peer that has not been heard of for a whole period is gone. While there is no room, a ping would come
 * behind all that waits for the peer, and the flow judges instead.
 */
function keepAlive({ socket, flow }: Connection, keepAliveMs: number): () => void {
  let heard = true;
  const note = () => {
    heard = true;
  };
  socket.on('pong', note);
  socket.on('message', note);
  const timer = setInterval(() => {
    if (!flow.hasRoom()) return note();
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, keepAliveMs).unref();
  return () => clearInterval(timer);
}
