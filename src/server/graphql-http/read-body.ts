import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** The largest body that `/graphql` takes: a full batch of events with full metadata fits. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

export type Body =
  | { readonly kind: 'WHOLE'; readonly bytes: Buffer }
  | { readonly kind: 'TOO_LARGE' }
  /** Whoever sent it has gone away in the middle. */
  | { readonly kind: 'GONE' };

/** Of a caller without a credential, who may introspect: the longest document that anybody asks for. */
export const MAX_ANONYMOUS_BYTES = 64 * 1024;

/** Whether the announced length alone is too much. */
export function announcesTooMuch(request: IncomingMessage, maxBytes: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > maxBytes;
}

/** Reads a body to its end, or up to the byte that is too many; what comes after that is not kept. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (request.destroyed) return Promise.resolve({ kind: 'GONE' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) return void chunks.push(chunk);
      chunks.length = 0;
      resolve({ kind: 'TOO_LARGE' });
    });
    request.once('end', () => resolve({ kind: 'WHOLE', bytes: joined(chunks) }));
    request.once('error', () => resolve({ kind: 'GONE' }));
    request.once('close', () => resolve({ kind: 'GONE' }));
  });
}

/** The request as it was before its body was read. */
export function unread(request: IncomingMessage, bytes: Buffer): IncomingMessage {
  const { method, url, socket } = request;
  // Yoga knows it by this name alone.
  const headers = { ...request.headers, 'content-type': 'application/json' };
  const body = Readable.from([bytes], { objectMode: false });
  return Object.assign(body, { method, url, headers, socket }) as unknown as IncomingMessage;
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}
