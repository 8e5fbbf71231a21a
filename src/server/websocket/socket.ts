import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../infra/log.ts';
import type { Flow } from './flow.ts';
import type { Load } from './load.ts';
import type { OperationNames } from './names.ts';

const INTERNAL_ERROR = 4500;

export interface SocketOptions {
  readonly keepAliveMs: number;
  readonly flow: Flow;
  readonly load: Load;
  readonly names: OperationNames;
  readonly log: Log;
}

/** Runs the protocol on one socket: messages in and out, keep-alive, and the end. */
export function serveSocket<Extra>(
  protocol: Server<Extra>,
  socket: WebSocket,
  extra: Extra,
  options: SocketOptions,
): void {
  const { flow, load, names, log } = options;
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => flow.send(names.outward(text)),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', async (data) => {
          // A peer that was told to go may take its time to answer, and is not served meanwhile.
          if (socket.readyState !== socket.OPEN) return;
          const { text, over } = names.inward(String(data));
          const settle = load.enter(text.length);
          flow.holdBack();
          try {
            await handle(text);
          } catch (error) {
            log.error({ error }, 'A WebSocket message could not be handled.');
            socket.close(INTERNAL_ERROR, 'Internal error');
          } finally {
            settle();
            over();
          }
        }),
    },
    extra,
  );
  socket.on('ping', (data) => {
    if (socket.readyState !== socket.OPEN) return;
    load.enterControl();
    if (flow.hasRoom()) socket.pong(data);
    flow.holdBack();
  });
  socket.on('pong', load.enterControl);
  const stopKeepAlive = keepAlive(socket, options);
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
 * A peer that has not been heard of for a whole period is gone. While there is no room, a ping would come
 * behind all that waits for the peer, and the flow judges instead.
 */
function keepAlive(socket: WebSocket, { keepAliveMs, flow }: SocketOptions): () => void {
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
