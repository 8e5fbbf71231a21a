import { once } from 'node:events';
import { connect } from 'node:net';

/** One keep-alive connection that sends one GraphQL request at a time. */
export interface HttpClient {
  /** Sends a body and returns the answer's; throws on any status but 200. */
  post(body: string): Promise<string>;
  close(): void;
}

const HEAD_END = '\r\n\r\n';

/**
 * The load generator shares the machine with what it measures, so it speaks just as much HTTP as it
 * needs, on a plain socket: a fifth of the CPU time of the platform's client.
 */
export async function connectHttp(url: string, key: string): Promise<HttpClient> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  const head = `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: `;
  let waiting: { resolve(body: string): void; reject(error: Error): void } | null = null;
  let received: Buffer[] = [];
  let missing = 0;

  function finish(): void {
    const answer = Buffer.concat(received);
    received = [];
    missing = 0;
    const text = answer.toString();
    const done = waiting;
    waiting = null;
    if (text.startsWith('HTTP/1.1 200 ')) done?.resolve(text.slice(text.indexOf(HEAD_END) + 4));
    else done?.reject(new Error(`The server answered ${text.slice(0, 500)}`));
  }

  socket.on('data', (chunk) => {
    missing = received.length === 0 ? sizeOf(chunk) - chunk.length : missing - chunk.length;
    received.push(chunk);
    if (missing === 0) finish();
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('The server closed the connection.')));

  return {
    post: (body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(`${head}${Buffer.byteLength(body)}${HEAD_END}${body}`);
      }),
    close: () => socket.destroy(),
  };
}

/** The length of a whole answer, by its first chunk: our server sends its heads in one piece. */
function sizeOf(chunk: Buffer): number {
  const headEnd = chunk.indexOf(HEAD_END);
  const length = /\r\ncontent-length: *(\d+)/i.exec(chunk.toString('latin1', 0, headEnd));
  if (headEnd < 0 || !length)
    throw new Error('The answer has no Content-Length in its first packet.');
  return headEnd + HEAD_END.length + Number(length[1]);
}
