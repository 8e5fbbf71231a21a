import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticate } from '../access/viewer.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { CredentialWatch } from './credential-watch.ts';
import { createInFlight } from './in-flight.ts';
import { isAllowedOrigin } from './origin.ts';
import type { PresentErrors } from './present-errors.ts';
import { requestIdOf } from './request-id.ts';
import { createFlow } from './ws-flow.ts';
import { createLoad } from './ws-load.ts';
import { createWsOperations } from './ws-operations.ts';
import { createWsProtocol } from './ws-protocol.ts';
import { serveSocket } from './ws-socket.ts';
import { createTurns } from './ws-turns.ts';
import type { GraphqlYoga } from './yoga.ts';

export interface WebsocketLimits {
  /** Time for `connection_init`, in milliseconds. @default 3000 */
  readonly initTimeoutMs: number;
  /** Between pings, in milliseconds; a peer that is silent from one to the next is dropped. @default 12000 */
  readonly keepAliveMs: number;
  /** Of one message, in bytes. @default 65536 */
  readonly maxMessageBytes: number;
  /** Subscriptions and unanswered operations of one socket. @default 1000 */
  readonly maxOperations: number;
  /** Their messages together, in characters: what is kept of them until they are over. @default 1048576 */
  readonly maxHeldChars: number;
  /** Operations of one socket that are executed at the same time; others wait for their turn. @default 32 */
  readonly maxRunning: number;
}

export interface WebsocketOptions {
  readonly yoga: GraphqlYoga;
  readonly authenticate: Authenticate;
  readonly presentErrors: PresentErrors;
  readonly allowedOrigins: readonly string[];
  readonly credentials: CredentialWatch;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits?: Partial<WebsocketLimits> | undefined;
}

export interface GraphqlWebsocket {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Waits for answers that are being worked on, then asks every peer to connect again. */
  stop(timeoutMs: number): Promise<void>;
}

const LIMITS: WebsocketLimits = {
  initTimeoutMs: 3_000,
  keepAliveMs: 12_000,
  maxMessageBytes: 64 * 1024,
  maxOperations: 1_000,
  maxHeldChars: 1024 * 1024,
  maxRunning: 32,
};

/** graphql-ws clients answer it by connecting again. */
const SERVICE_RESTART = 1012;
/** How long a peer may take to say goodbye. */
const GOODBYE_MS = 2_000;

/** GraphQL over WebSocket. The credential is shown once, in `connection_init`. */
export function createGraphqlWebsocket(options: WebsocketOptions): GraphqlWebsocket {
  const limits = { ...LIMITS, ...options.limits };
  const inFlight = createInFlight();
  const gauge = options.metrics.gauge('websockets', 'WebSockets that are open.');
  const operations = createWsOperations({ ...options, inFlight });
  const protocol = createWsProtocol({ ...options, ...limits, operations });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols,
  });

  function serve(socket: WebSocket, request: IncomingMessage): void {
    const requestId = requestIdOf(request);
    gauge.inc();
    socket.once('close', () => gauge.dec());
    const flow = createFlow(socket);
    const load = createLoad({ ...limits, maxChars: limits.maxHeldChars });
    const turns = createTurns({ ...limits, isHeld: flow.isFull });
    flow.onRoom(turns.wake);
    const connection = {
      socket,
      requestId,
      load,
      turns,
      viewer: null,
      callOffWatch: () => undefined,
    };
    const log = options.log.child({ requestId });
    serveSocket(protocol, socket, connection, { keepAliveMs: limits.keepAliveMs, flow, load, log });
  }

  return {
    upgrade(request, socket, head) {
      const { origin, host } = request.headers;
      if (isAllowedOrigin(origin, host, options.allowedOrigins)) {
        sockets.handleUpgrade(request, socket, head, serve);
      } else {
        refuseUpgrade(socket, '403 Forbidden');
      }
    },
    async stop(timeoutMs) {
      await inFlight.idle(timeoutMs);
      // What was executed last is handed to its socket within this turn.
      await nextTurn();
      await Promise.all([...sockets.clients].map(sayGoodbye));
    },
  };
}

/** Answers an upgrade that is not wanted, in plain HTTP. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function sayGoodbye(socket: WebSocket): Promise<void> {
  const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
  await new Promise<void>((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve();
    socket.once('close', () => resolve());
    socket.close(SERVICE_RESTART, 'Service restart');
  });
  clearTimeout(timer);
}
