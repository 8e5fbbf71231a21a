import { WebSocket } from 'ws';
import { KEY } from '../support/api.ts';
import type { Random } from './random.ts';

/** A subscription that is taken up again, at any of the servers, whenever its socket ends. */
export interface Follower {
  stop(): void;
}

export interface FollowerOptions {
  /** Where the servers answer just now. */
  readonly urls: () => readonly string[];
  readonly random: Random;
  readonly query: string;
  /** The variables of the next attempt: what has been seen so far is in them. */
  readonly variables: () => object;
  // biome-ignore lint/suspicious/noExplicitAny: each query has its own shape.
  readonly onData: (data: any) => void;
  /** Told what should never be: an error that the server answers. */
  readonly onFault: (fault: string) => void;
}

/** How long a socket is kept before it is dropped on purpose, and how long until the next. */
const KEPT_MS = [500, 4_000] as const;
const AWAY_MS = [20, 300] as const;

export function follow(options: FollowerOptions): Follower {
  const { random } = options;
  let socket: WebSocket | null = null;
  let isStopped = false;

  function connect(): void {
    if (isStopped) return;
    const opened = new WebSocket(
      `${random.pick(options.urls()).replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    socket = opened;
    const drop = setTimeout(() => opened.terminate(), random.between(...KEPT_MS));
    opened.on('open', () =>
      opened.send(
        JSON.stringify({
          type: 'connection_init',
          payload: { authorization: `Bearer ${KEY}` },
        }),
      ),
    );
    opened.on('message', (text) => hear(opened, JSON.parse(String(text))));
    opened.on('error', () => undefined);
    opened.on('close', () => {
      clearTimeout(drop);
      setTimeout(connect, random.between(...AWAY_MS));
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: messages of the protocol have many shapes.
  function hear(opened: WebSocket, message: any): void {
    if (isStopped || socket !== opened) return;
    if (message.type === 'connection_ack') {
      const payload = { query: options.query, variables: options.variables() };
      opened.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    } else if (message.type === 'next' && !message.payload.errors) {
      options.onData(message.payload.data);
    } else if (message.type === 'next' || message.type === 'error') {
      if (!isRefusal(message)) options.onFault(JSON.stringify(message.payload));
      opened.terminate();
    } else if (message.type === 'complete') {
      opened.terminate();
    } else if (message.type === 'ping') {
      opened.send(JSON.stringify({ type: 'pong' }));
    }
  }

  connect();
  return {
    stop() {
      isStopped = true;
      socket?.terminate();
    },
  };
}

/**
 * Who subscribes while the database is away is told so, with errors and no data. An event that is told with errors is
 * lost to its reader, for the next one comes behind it.
 */
// biome-ignore lint/suspicious/noExplicitAny: likewise.
function isRefusal({ payload }: any): boolean {
  const errors = Array.isArray(payload) ? payload : payload.errors;
  return payload.data === undefined && errors[0]?.extensions?.code === 'SERVICE_UNAVAILABLE';
}
