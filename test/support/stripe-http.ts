import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Decoded from a form: `line_items[0][quantity]=1`. All leaves are texts, as on the wire. */
export interface Form {
  readonly [name: string]: string | Form | undefined;
}

export interface StripeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly params: Form;
  readonly idempotencyKey: string | null;
}

/** An answer with an error object. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly error: Readonly<Record<string, unknown>>;

  constructor(status: number, error: Readonly<Record<string, unknown>>) {
    super(String(error.message));
    this.status = status;
    this.error = error;
  }
}

/**
 * What becomes of a request instead of its answer. `_AFTER`: what was asked is done all the same. After ERROR_AFTER the same key is
 * answered with the same error again, as with Stripe; after the other two, with what was done.
 */
export type Fault =
  | 'ERROR'
  | 'ERROR_AFTER'
  | 'HANG'
  | 'HANG_AFTER'
  | 'DROP_AFTER'
  | 'RATE_LIMIT'
  | 'LOCKED';

const FAULTS = {
  ERROR: [500, { type: 'api_error', message: 'An unknown error occurred' }],
  RATE_LIMIT: [429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many' }],
  LOCKED: [409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'In use' }],
} as const;

interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface StripeHttp {
  readonly apiBase: string;
  readonly requests: readonly StripeRequest[];
  fail(count: number, fault: Fault, request: RegExp): void;
  /** What was answered before: as after a day. */
  forget(): void;
  close(): Promise<void>;
}

/** Authentication, forms, idempotency keys and errors; what a request means is `handle`'s. */
export async function startStripeHttp(
  secretKey: string,
  handle: (request: StripeRequest) => unknown,
): Promise<StripeHttp> {
  const requests: StripeRequest[] = [];
  const faults: { fault: Fault; fits: RegExp }[] = [];
  /** By idempotency key: what was asked and answered first. */
  const saved = new Map<string, { readonly asked: string; readonly answer: Answer }>();
  let count = 0;

  const server = createServer(async (incoming, response) => {
    const { raw, ...request } = await readRequest(incoming);
    requests.push(request);
    const line = `${request.method} ${request.path}`;
    const at = faults.findIndex(({ fits }) => fits.test(line));
    const fault = at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
    if (fault === 'HANG') return;
    if (incoming.headers.authorization !== `Bearer ${secretKey}`) {
      const message = 'Invalid API Key provided: sk_test_********1234';
      return send(response, answerOf(401, { type: 'invalid_request_error', message }));
    }
    if (fault && fault in FAULTS) {
      const [status, error] = FAULTS[fault as keyof typeof FAULTS];
      return send(response, answerOf(status, error));
    }
    const answer = answerOnce(request, raw, fault === 'ERROR_AFTER');
    if (fault === 'HANG_AFTER') return;
    if (fault === 'DROP_AFTER') return void incoming.socket.destroy();
    send(response, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  function answerOnce(request: StripeRequest, raw: string, isSpoilt: boolean): Answer {
    const { idempotencyKey: key, method, path } = request;
    if (method !== 'POST' || key === null) return answerTo(request);
    const asked = `${path} ${raw}`;
    const before = saved.get(key);
    if (before?.asked === asked) return before.answer;
    if (before) {
      const message = 'Keys for idempotent requests can only be used with the same parameters.';
      return answerOf(400, { type: 'idempotency_error', message });
    }
    const made = answerTo(request);
    const answer = isSpoilt ? answerOf(...FAULTS.ERROR) : made;
    // What fails validation is not kept: nothing was begun.
    if (answer.status !== 400 && answer.status !== 404) saved.set(key, { asked, answer });
    return answer;
  }

  function answerTo(request: StripeRequest): Answer {
    try {
      return { status: 200, body: JSON.stringify(handle(request)) };
    } catch (error) {
      if (error instanceof StripeRefusal) return answerOf(error.status, error.error);
      throw error;
    }
  }

  function send(response: ServerResponse, { status, body }: Answer): void {
    count += 1;
    response.writeHead(status, {
      'content-type': 'application/json',
      'request-id': `req_${count}`,
    });
    response.end(body);
  }

  return {
    apiBase: `http://127.0.0.1:${port}`,
    requests,
    fail(times, fault, fits) {
      for (let i = 0; i < times; i += 1) faults.push({ fault, fits });
    },
    forget: () => saved.clear(),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answerOf(status: number, error: object): Answer {
  return { status, body: JSON.stringify({ error }) };
}

async function readRequest(incoming: IncomingMessage): Promise<StripeRequest & { raw: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = '', headers } = incoming;
  const url = new URL(incoming.url ?? '/', 'http://stripe');
  const raw = method === 'GET' ? url.search.slice(1) : Buffer.concat(chunks).toString();
  const key = headers['idempotency-key'];
  const idempotencyKey = typeof key === 'string' ? key : null;
  return { method, path: url.pathname, params: readForm(raw), idempotencyKey, raw };
}

function readForm(raw: string): Form {
  const form: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(raw)) {
    const [first = '', ...rest] = name.split(/\[|\]\[|\]/).filter((part) => part !== '');
    const path = [first, ...rest];
    const last = path.pop() as string;
    let at = form;
    for (const part of path) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return form as Form;
}

/** The form inside a form; an empty one when there is none. */
export function formOf(value: string | Form | undefined): Form {
  return typeof value === 'object' ? value : {};
}

/** Null when it is not there. */
export function textOf(value: string | Form | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** Texts by name: metadata. */
export function textsOf(value: string | Form | undefined): Record<string, string> {
  const texts = Object.entries(formOf(value)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}
