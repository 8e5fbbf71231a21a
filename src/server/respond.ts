import type { ServerResponse } from 'node:http';

/** Answers with JSON, unless the connection is gone or something was answered already. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

export interface RequestFault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Whether the same request may succeed later without a change; not said when left out. */
  readonly retryable?: boolean;
}

/** What is answered while the database is away. */
export const UNAVAILABLE = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'The database cannot be reached just now; send the same request again later.',
  retryable: true,
} as const satisfies RequestFault;

/** Answers a request that never became an operation, in the shape of a GraphQL answer. */
export function sendFault(response: ServerResponse, requestId: string, fault: RequestFault): void {
  const { status, message, ...extensions } = fault;
  if (status === 401 && !response.headersSent) response.setHeader('www-authenticate', 'Bearer');
  sendJson(response, status, { errors: [{ message, extensions: { ...extensions, requestId } }] });
}

/** Whether the answer never ends by itself. */
export function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}
