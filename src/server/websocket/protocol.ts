import { GraphQLError } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Authenticate, Viewer } from '../../access/viewer.ts';
import type { Log } from '../../infra/log.ts';
import { isRefusal } from '../../kit/refusal.ts';
import type { CredentialWatch } from '../credential-watch.ts';
import type { Flow } from './flow.ts';
import type { Load } from './load.ts';
import type { OperationNames } from './names.ts';
import type { WsOperations } from './operations.ts';
import type { Turns } from './turns.ts';

/** What is known of one socket. */
export interface Connection {
  readonly socket: WebSocket;
  readonly requestId: string;
  readonly flow: Flow;
  readonly load: Load;
  readonly names: OperationNames;
  readonly turns: Turns;
  /** Names of operations whose message is larger than one may be: they are refused. */
  readonly tooLarge: Set<string>;
  /** Who showed a credential in `connection_init`; null before. */
  viewer: Viewer | null;
  callOffWatch: () => void;
}

export interface WsProtocolOptions {
  readonly operations: WsOperations;
  readonly authenticate: Authenticate;
  readonly initTimeoutMs: number;
  /** Of one message, in bytes. */
  readonly maxMessageBytes: number;
  readonly credentials: CredentialWatch;
  readonly log: Log;
}

/** Codes that graphql-ws clients answer by connecting again, which is what is wanted of them. */
const FORBIDDEN = 4403;
const TRY_AGAIN_LATER = 1013;

/** The `graphql-transport-ws` protocol with our rules in its hooks. */
export function createWsProtocol(options: WsProtocolOptions): Server<Connection> {
  const { operations, maxMessageBytes } = options;
  return makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: options.initTimeoutMs,
    execute: operations.execute,
    subscribe: operations.subscribe,
    onConnect: (context) => admit(context.extra, context.connectionParams ?? {}, options),
    onClose: (context) => context.extra.callOffWatch(),
    onSubscribe(context, name, payload) {
      const { extra } = context;
      if (extra.tooLarge.has(name)) {
        return [limitExceeded(`The message is larger than ${maxMessageBytes} bytes.`)];
      }
      if (extra.load.isOver()) {
        return [limitExceeded('Too many operations of this socket are not over yet.')];
      }
      return operations.prepare({
        id: extra.names.idOf(name),
        viewer: extra.viewer,
        flow: extra.flow,
        requestId: operationId(extra, name),
        turns: extra.turns,
        // Not when the peer has said `complete`, or is gone.
        isWanted: () => name in context.subscriptions,
        payload,
      });
    },
    onNext: ({ extra }, name, _payload, _args, result) =>
      operations.presentResult(result, operationId(extra, name)),
    onError: ({ extra }, name, _payload, errors) =>
      operations.presentErrors(errors, operationId(extra, name)),
  });
}

/** Answers false for a wrong credential: the protocol then closes with 4403. */
async function admit(
  connection: Connection,
  params: Readonly<Record<string, unknown>>,
  { authenticate, credentials, log }: WsProtocolOptions,
): Promise<boolean> {
  const { socket } = connection;
  const authorization = params.authorization ?? params.Authorization;
  if (typeof authorization !== 'string') return false;
  try {
    const viewer = await authenticate(authorization);
    if (isRefusal(viewer)) return false;
    connection.viewer = viewer;
    if (socket.readyState === socket.OPEN) {
      connection.callOffWatch = credentials.watch(viewer, () =>
        socket.close(FORBIDDEN, 'Forbidden'),
      );
    }
    return true;
  } catch (error) {
    log.error({ requestId: connection.requestId, error }, 'A credential could not be checked.');
    socket.close(TRY_AGAIN_LATER, 'Try again later');
    return false;
  }
}

/** The socket's request id, and the client's name of the operation where it is fit to be logged. */
function operationId(connection: Connection, name: string): string {
  const id = connection.names.idOf(name);
  return /^[A-Za-z0-9-]{1,64}$/.test(id) ? `${connection.requestId}:${id}` : connection.requestId;
}

function limitExceeded(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } });
}
