import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';

/** The largest body that `/graphql` takes: a full batch of events with full metadata fits. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Whether the announced length alone is too much. */
export function announcesTooMuch(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES;
}

/**
 * The request to read from. A body without an announced length is counted on its way, and `onExceeded`
 * runs instead of the byte that would be too many; Node holds announced bodies to their length itself.
 */
export function countBody(request: IncomingMessage, onExceeded: () => void): IncomingMessage {
  if (request.headers['transfer-encoding'] === undefined) return request;
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) return done(null, chunk);
      onExceeded();
      done(new Error('The body is larger than allowed.'));
    },
  });
  const { method, url, headers, socket } = request;
  return Object.assign(request.pipe(counter), {
    method,
    url,
    headers,
    socket,
  }) as unknown as IncomingMessage;
}
