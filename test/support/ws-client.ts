import { WebSocket } from 'ws';

/** A message of the `graphql-transport-ws` protocol, as it came. */
export interface ServerMessage {
  readonly type: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent.
  readonly payload?: any;
}

export interface WsClientOptions {
  readonly origin?: string;
  readonly protocol?: string;
  readonly headers?: Record<string, string>;
}

export interface WsClient {
  readonly socket: WebSocket;
  /** Sends an object as JSON, and text as it is. */
  send(message: object | string): void;
  /** `connection_init` with this authorization; resolves with the acknowledgement. */
  init(authorization?: string): Promise<ServerMessage>;
  subscribe(id: string, query: string, variables?: object): void;
  /** The next message that was not taken yet, in order of arrival. Fails when the socket closes first. */
  next(): Promise<ServerMessage>;
  /** How many messages have arrived and were not taken. */
  waiting(): number;
  /** How and when the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
}

/** A raw socket that knows nothing of the protocol, so that a test can break it. */
export async function openWs(url: string, options: WsClientOptions = {}): Promise<WsClient> {
  const socket = new WebSocket(url, options.protocol ?? 'graphql-transport-ws', {
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(options.headers ? { headers: options.headers } : {}),
  });
  const arrived: ServerMessage[] = [];
  const readers: { resolve: (message: ServerMessage) => void; reject: (error: Error) => void }[] =
    [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: String(reason) });
      for (const reader of readers.splice(0))
        reader.reject(new Error(`The socket closed with ${code}.`));
    });
  });
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ServerMessage;
    const reader = readers.shift();
    if (reader) reader.resolve(message);
    else arrived.push(message);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);

  const client: WsClient = {
    socket,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    init(authorization) {
      client.send({
        type: 'connection_init',
        ...(authorization ? { payload: { authorization } } : {}),
      });
      return client.next();
    },
    subscribe: (id, query, variables) =>
      client.send({ type: 'subscribe', id, payload: { query, variables } }),
    next() {
      const message = arrived.shift();
      if (message) return Promise.resolve(message);
      return new Promise((resolve, reject) => readers.push({ resolve, reject }));
    },
    waiting: () => arrived.length,
    async close() {
      socket.close();
      await closed;
    },
  };
  return client;
}
