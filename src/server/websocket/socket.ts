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
          const whole = String(data);
          const isTooLarge = Buffer.byteLength(whole) > options.maxMessageBytes;
          const settle = load.enter(whole.length, isTooLarge);
          flow.holdBack();
          let message: Taken | null = null;
          try {
            message = takeIn(connection, whole, isTooLarge);
            if (message) await handle(message.text);
            else void sayGoodbye(socket, MESSAGE_TOO_BIG, 'Message too big');
          } catch (error) {
            log.error({ error }, 'A WebSocket message could not be handled.');
            socket.close(INTERNAL_ERROR, 'Internal error');
          } finally {
            message?.over();
            settle();
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

interface Taken {
  /** The message as the protocol gets it. */
  readonly text: string;
  /** To be called when it was handled. */
  readonly over: () => void;
}

/**
 * One that is too large is refused as the operation that it is to begin, for the others on the socket go on.
 * Null when it begins none. What a peer says before he has said who he is begins nothing, and is looked at by
 * the protocol alone.
 */
function takeIn(
  { viewer, names, tooLarge }: Connection,
  whole: string,
  isTooLarge: boolean,
): Taken | null {
  if (viewer === null) return isTooLarge ? null : { text: whole, over: () => undefined };
  const { text, name, over } = names.inward(whole);
  if (!isTooLarge) return { text, over };
  if (name === null) return null;
  tooLarge.add(name);
  return {
    text,
    over() {
      over();
      tooLarge.delete(name);
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
