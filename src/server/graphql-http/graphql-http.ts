import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticate } from '../../access/viewer.ts';
import type { Log } from '../../infra/log.ts';
import { isOutage } from '../../infra/outage.ts';
import { isRefusal } from '../../kit/refusal.ts';
import type { Caller, GraphqlYoga } from '../graphql/yoga.ts';
import { type RequestFault, sendFault, UNAVAILABLE } from '../respond.ts';
import { createAnonymousTurns } from './anonymous.ts';
import { applyCors } from './cors.ts';
import type { AnswerDirectly } from './direct-http.ts';
import type { OpenStreams } from './open-streams.ts';
import {
  announcesTooMuch,
  MAX_ANONYMOUS_BYTES,
  MAX_BODY_BYTES,
  readBody,
  unread,
} from './read-body.ts';

export interface GraphqlHttpOptions {
  readonly yoga: GraphqlYoga;
  /** Asked first about every POST. */
  readonly answerDirectly: AnswerDirectly;
  readonly authenticate: Authenticate;
  readonly allowedOrigins: readonly string[];
  readonly streams: OpenStreams;
  readonly log: Log;
}

export type HandleHttp = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<void>;

const JSON_TYPE = /^application\/(graphql\+)?json\s*(;|,|$)/i;
const BAD_HOST: RequestFault = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The "Host" header names no host.',
};
const BUSY: RequestFault = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many callers without a credential; send one, or the same request again later.',
  retryable: true,
};
/** A form can be sent by any page without asking first, so forms are not taken. */
const NOT_JSON: RequestFault = {
  status: 415,
  code: 'BAD_REQUEST',
  message: 'Send "Content-Type: application/json".',
};

const NOT_READABLE: RequestFault = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'Send "variables" and "extensions" as JSON.',
};

/**
 * GraphQL over HTTP and SSE. Who asks is settled before the document is looked at: a wrong credential is
 * answered 401, no credential at all is a caller who may only introspect.
 */
export function createGraphqlHttp(options: GraphqlHttpOptions): HandleHttp {
  const { yoga, answerDirectly, streams, log } = options;
  const anonymous = createAnonymousTurns();
  const namesHost = createHostCheck();

  async function findViewer(authorization: string | undefined, requestId: string) {
    if (authorization === undefined) return null;
    try {
      const found = await options.authenticate(authorization);
      return isRefusal(found) ? fault(401, 'UNAUTHENTICATED', found.message) : found;
    } catch (error) {
      log.error({ requestId, error }, 'A credential could not be checked.');
      return isOutage(error) ? UNAVAILABLE : fault(503, 'INTERNAL_SERVER_ERROR', 'Internal error');
    }
  }

  async function inTurn(caller: Caller, response: ServerResponse, work: () => Promise<void>) {
    if (caller.viewer) return work();
    // Nobody's time goes into answers that nobody waits for.
    const turn = anonymous.run(async () => (response.destroyed ? undefined : work()));
    if (turn) return turn;
    response.setHeader('retry-after', 1);
    sendFault(response, caller.requestId, BUSY);
  }

  async function askYoga(request: IncomingMessage, response: ServerResponse, caller: Caller) {
    const onSubscribed = streams.add(response, caller.viewer);
    await yoga.handle(request, response, { ...caller, onSubscribed });
  }

  async function answerPost(request: IncomingMessage, response: ServerResponse, caller: Caller) {
    const maxBytes = caller.viewer ? MAX_BODY_BYTES : MAX_ANONYMOUS_BYTES;
    const body = await readBody(request, maxBytes);
    if (body.kind === 'GONE') return;
    if (body.kind === 'TOO_LARGE') return sendFault(response, caller.requestId, tooLarge(maxBytes));
    const { bytes } = body;
    const { accept } = request.headers;
    await inTurn(
      caller,
      response,
      () =>
        answerDirectly({ caller, bytes, accept }, response) ??
        askYoga(unread(request, bytes), response, caller),
    );
  }

  return async (request, response, requestId) => {
    if (applyCors(request, response, options.allowedOrigins)) return;
    const refused = namesHost(request) ? refusalOf(request) : BAD_HOST;
    if (refused) return sendFault(response, requestId, refused);

    const viewer = await findViewer(request.headers.authorization, requestId);
    if (viewer && 'status' in viewer) return sendFault(response, requestId, viewer);
    const caller = { viewer, requestId };
    if (request.method !== 'POST')
      return inTurn(caller, response, () => askYoga(request, response, caller));
    await answerPost(request, response, caller);
  };
}

function tooLarge(maxBytes: number): RequestFault {
  return fault(413, 'LIMIT_EXCEEDED', `The body is larger than ${maxBytes} bytes.`);
}

function fault(status: number, code: string, message: string): RequestFault {
  return { status, code, message };
}

/** Yoga makes an address of it. Nearly all requests have the same. */
function createHostCheck(): (request: IncomingMessage) => boolean {
  let last = 'localhost';
  return ({ headers: { host = last } }) => {
    if (host === last) return true;
    if (!URL.canParse(`http://${host}`)) return false;
    last = host;
    return true;
  };
}

function refusalOf(request: IncomingMessage): RequestFault | null {
  if (request.method !== 'POST') return isReadable(request.url ?? '') ? null : NOT_READABLE;
  if (announcesTooMuch(request, MAX_BODY_BYTES)) return tooLarge(MAX_BODY_BYTES);
  return JSON_TYPE.test(request.headers['content-type'] ?? '') ? null : NOT_JSON;
}

/** Whether what an address brings along as JSON is any. */
function isReadable(url: string): boolean {
  try {
    const { searchParams } = new URL(url, 'http://localhost');
    for (const name of ['variables', 'extensions']) JSON.parse(searchParams.get(name) || '{}');
    return true;
  } catch {
    return false;
  }
}
