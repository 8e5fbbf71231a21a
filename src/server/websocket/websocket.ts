import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticate } from '../../access/viewer.ts';
import type { Log } from '../../infra/log.ts';
import type { Metrics } from '../../infra/metrics.ts';
import type { CredentialWatch } from '../credential-watch.ts';
import type { EventExecutor } from '../graphql/event-executor.ts';
import type { PresentErrors } from '../graphql/present-errors.ts';
import type { GraphqlYoga } from '../graphql/yoga.ts';
import { createInFlight } from '../in-flight.ts';
import { requestIdOf } from '../request-id.ts';
import { createAudiences } from './audiences.ts';
import { createFlow } from './flow.ts';
import { sayGoodbye } from './goodbye.ts';
import { createLoad } from './load.ts';
import { createLoopTurn } from './loop-turn.ts';
import { createOperationNames } from './names.ts';
import { createWsOperations } from './operations.ts';
import { isAllowedOrigin } from './origin.ts';
import { createWsProtocol } from './protocol.ts';
import { serveSocket } from './socket.ts';
import { createTurns } from './turns.ts';

export interface WebsocketLimits {
  /** Time for `connection_init`, in milliseconds. @default 3000 */
  readonly initTimeoutMs: number;
  /** Between pings, in milliseconds; a peer that is silent from one to the next is dropped. @default 12000 */
  readonly keepAliveMs: number;
  /**
   * Of one message, in bytes. Up to twice as much is read, to refuse the operation that it is to begin.
   * @default 65536
   */
  readonly maxMessageBytes: number;
  /** Subscriptions and unanswered operations of one socket. @default 1000 */
  readonly maxOperations: number;
  /** Their messages together, in characters: what is kept of them until they are over. @default 1048576 */
  readonly maxHeldChars: number;
  /** Messages in a minute that come beyond these limits; with one more the socket is closed. @default 10000 */
  readonly maxBeyond: number;
  /** Operations of one socket that are executed at the same time; others wait for their turn. @default 32 */
  readonly maxRunning: number;
  /** How long a peer may read nothing of what waits for it, in milliseconds. @default 30000 */
  readonly stallMs: number;
}

export interface WebsocketOptions {
  readonly yoga: GraphqlYoga;
  readonly authenticate: Authenticate;
  readonly presentErrors: PresentErrors;
  readonly eventExecutor: EventExecutor;
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
  // Each one costs about as much as a request that is refused. Who ends and begins all that a socket may
  // have, as when a page changes, comes to a few thousand.
  maxBeyond: 10_000,
  maxRunning: 32,
  stallMs: 30_000,
};

/** graphql-ws clients answer them by connecting again. */
const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;
/** They answer this one by giving up: on a new socket, they would send the same again. */
const TOO_MANY_REQUESTS = 4429;

/** GraphQL over WebSocket. The credential is shown once, in `connection_init`. */
export function createGraphqlWebsocket(options: WebsocketOptions): GraphqlWebsocket {
  const limits = { ...LIMITS, ...options.limits };
  const inFlight = createInFlight();
  const gauge = options.metrics.gauge('websockets', 'WebSockets that are open.');
  const stalled = options.metrics.counter(
    'websockets_stalled_total',
    'WebSockets that were closed because their peer did not read.',
  );
  const loopTurn = createLoopTurn();
  const operations = createWsOperations({ ...options, inFlight, audiences: createAudiences() });
  const protocol = createWsProtocol({ ...options, ...limits, operations });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 2 * limits.maxMessageBytes,
    perMessageDeflate: false,
    // It would write pongs to a peer that does not read them.
    autoPong: false,
    handleProtocols,
  });

  function serve(socket: WebSocket, request: IncomingMessage): void {
    const requestId = requestIdOf(request);
    gauge.inc();
    socket.once('close', () => gauge.dec());
    const log = options.log.child({ requestId });
    const flow = createFlow(socket, {
      connection: request.socket,
      stallMs: limits.stallMs,
      onStall() {
        stalled.inc();
        log.info({ stallMs: limits.stallMs }, 'A WebSocket was closed: its peer does not read.');
        // It finds the goodbye behind all that it left unread, if it reads on in time.
        void sayGoodbye(socket, TRY_AGAIN_LATER, 'Too slow', limits.stallMs);
      },
    });
    const load = createLoad({
      ...limits,
      maxChars: limits.maxHeldChars,
      onFlood() {
        log.info({ maxBeyond: limits.maxBeyond }, 'A WebSocket was closed: it sends too much.');
        void sayGoodbye(socket, TOO_MANY_REQUESTS, 'Too many requests');
      },
    });
    const turns = createTurns({ ...limits, isHeld: flow.isFull, loopTurn });
    flow.onRoom(turns.wake);
    const names = createOperationNames();
    const connection = {
      socket,
      requestId,
      flow,
      load,
      turns,
      names,
      tooLarge: new Set<string>(),
      viewer: null,
      callOffWatch: () => undefined,
    };
    serveSocket(protocol, connection, { ...limits, log });
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
      const goodbyes = [...sockets.clients].map((socket) =>
        sayGoodbye(socket, SERVICE_RESTART, 'Service restart'),
      );
      await Promise.all(goodbyes);
    },
  };
}

/** Answers an upgrade that is not wanted, in plain HTTP. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  // Its connection is nobody's any more, and may be left half open.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
