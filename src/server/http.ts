import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { GraphQLSchema } from 'graphql';
import type { Authenticate, FindLiveKeys } from '../access/viewer.ts';
import type { Config } from '../config.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics.ts';
import { PROJECT } from '../infra/project.ts';
import type { WaitOut } from '../infra/wait-out.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { HostedPages } from '../payments/pages/page.ts';
import { createCredentialWatch } from './credential-watch.ts';
import { createEventExecutor } from './graphql/event-executor.ts';
import { createKnownDocuments } from './graphql/known-documents.ts';
import { createPresentErrors } from './graphql/present-errors.ts';
import { createSubscribe } from './graphql/subscribe.ts';
import { type BuildContext, createGraphqlYoga } from './graphql/yoga.ts';
import { createDirectHttp } from './graphql-http/direct-http.ts';
import { createGraphqlHttp } from './graphql-http/graphql-http.ts';
import { createOpenStreams } from './graphql-http/open-streams.ts';
import { createSendErrors } from './graphql-http/send-errors.ts';
import { type ChargeQueue, createShedLoad } from './graphql-http/shed-load.ts';
import { createInboundWebhooks, type ReceiveWebhook } from './inbound-webhooks.ts';
import { type Address, listen } from './listen.ts';
import { createGraphiql } from './pages/graphiql.ts';
import { createReadiness, type ReadinessChecks } from './probes/health.ts';
import { createProbes } from './probes/probes.ts';
import { requestIdOf } from './request-id.ts';
import { createRequestTracker } from './request-tracker.ts';
import { sendFault } from './respond.ts';
import { createRoutes, GRAPHQL_PATH, pathOf } from './routes.ts';
import { createStalledReaders } from './stalled-readers.ts';
import {
  createGraphqlWebsocket,
  refuseUpgrade,
  type WebsocketLimits,
} from './websocket/websocket.ts';

export interface ServerOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'allowedOrigins'>;
  readonly schema: GraphQLSchema;
  readonly authenticate: Authenticate;
  /** Asked about the keys of open streams, so that a revoked key does not keep them. */
  readonly findLiveKeys: FindLiveKeys;
  readonly buildContext: BuildContext;
  /** For subscriptions that an outage comes between. */
  readonly waitOut: WaitOut;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly checks: ReadinessChecks;
  /** Takes in webhooks of payment providers. @default none are heard */
  readonly receiveWebhook?: ReceiveWebhook;
  /** The queue in which charges wait. @default none */
  readonly charges?: ChargeQueue;
  /** Where customers pay, by what their paths begin with. @default nowhere */
  readonly hosted?: Readonly<Record<string, HostedPages>>;
  readonly clock?: Clock;
  readonly websocketLimits?: Partial<WebsocketLimits>;
  /** The documents that GraphiQL shows. @default schema/operations of this project */
  readonly operationsFolder?: string;
  /** How long a stop waits for requests, and twice as long as for charges, in milliseconds. @default 10000 */
  readonly stopTimeoutMs?: number;
  /** How long a peer may take nothing of a large answer, in milliseconds. @default 60000 */
  readonly readTimeoutMs?: number;
}

export interface Server {
  /** Resolves with the address, once connections are accepted. */
  listen(): Promise<Address>;
  /** Accepts nothing new, finishes what was begun, closes streams and sockets. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than what load balancers use, so that they are the ones who close. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const NO_QUEUE: ChargeQueue = { isFull: () => false, retryAfterMs: 0, giveUp: () => undefined };
const READ_TIMEOUT_MS = 60_000;
const OPERATIONS_FOLDER = fileURLToPath(new URL('schema/operations/', PROJECT));

export function createServer(options: ServerOptions): Server {
  const { config, log, charges = NO_QUEUE } = options;
  const { stopTimeoutMs = STOP_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS } = options;
  const { routes, websocket, streams } = assemble(options, charges);
  const requests = createRequestTracker(options.metrics);
  const readers = createStalledReaders(readTimeoutMs);
  const http = createHttpServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  http.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  let isStopping = false;

  http.on('request', (request, response) => {
    const requestId = requestIdOf(request);
    response.setHeader('x-request-id', requestId);
    if (!requests.track(request, response)) return;
    routes(request, response, requestId).catch((error) => {
      log.error({ requestId, error }, 'A request failed.');
      sendFault(response, requestId, {
        status: 500,
        code: 'INTERNAL_SERVER_ERROR',
        message: 'Internal error',
      });
    });
  });
  http.on('connection', readers.watch);
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    readers.letGo(request.socket);
    if (isStopping) refuseUpgrade(socket, '503 Service Unavailable');
    else if (pathOf(request) === GRAPHQL_PATH) websocket.upgrade(request, socket, head);
    else refuseUpgrade(socket, '404 Not Found');
  });

  return {
    listen: () => listen(http, config),
    async stop() {
      isStopping = true;
      const endMs = performance.now() + stopTimeoutMs;
      requests.closeBehindAnswers();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      streams.end();
      // What holds them up is a wallet that somebody else has locked, and may have for long.
      const giveUp = setTimeout(charges.giveUp, stopTimeoutMs / 2);
      await websocket.stop(stopTimeoutMs);
      // Only now, when nothing else takes time: what is asked meanwhile, on connections that were open, is answered too.
      await requests.idle(endMs - performance.now());
      clearTimeout(giveUp);
      http.closeAllConnections();
      readers.close();
      await closed;
    },
  };
}

function assemble(options: ServerOptions, charges: ChargeQueue) {
  const clock = options.clock ?? systemClock;
  const { allowedOrigins } = options.config;
  const presentErrors = createPresentErrors(options);
  const documents = createKnownDocuments();
  const eventExecutor = createEventExecutor(options);
  const subscribe = createSubscribe(eventExecutor);
  const yoga = createGraphqlYoga({ ...options, presentErrors, documents, subscribe });
  const shedLoad = createShedLoad({ ...options, charges });
  const answerDirectly = createDirectHttp({
    ...options,
    documents,
    presentErrors,
    shedLoad,
    sendErrors: createSendErrors(yoga),
  });
  const credentials = createCredentialWatch({ ...options, clock });
  const streams = createOpenStreams(credentials);
  const graphql = createGraphqlHttp({
    ...options,
    yoga,
    answerDirectly,
    allowedOrigins,
    streams,
  });
  const graphiql = createGraphiql({
    operationsFolder: options.operationsFolder ?? OPERATIONS_FOLDER,
  });
  const probes = createProbes({ ...options, readiness: createReadiness({ ...options, clock }) });
  const limits = options.websocketLimits;
  const { receiveWebhook } = options;
  const inbound = receiveWebhook ? createInboundWebhooks(receiveWebhook, clock) : null;
  return {
    streams,
    routes: createRoutes({ ...options, graphql, graphiql, probes, inbound }),
    websocket: createGraphqlWebsocket({
      ...options,
      yoga,
      presentErrors,
      eventExecutor,
      allowedOrigins,
      credentials,
      limits,
    }),
  };
}
