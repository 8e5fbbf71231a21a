import type { IncomingMessage, ServerResponse } from 'node:http';
import { isPublicAddress } from '../../kit/public-address.ts';
import type { HostedPages, PageAnswer } from '../../payments/pages/page.ts';
import { announcesTooMuch, readBody } from '../graphql-http/read-body.ts';
import { type RequestFault, sendFault } from '../respond.ts';
import { isAllowedOrigin } from '../websocket/origin.ts';

/** Their forms have a few short fields. */
const MAX_FORM_BYTES = 16 * 1024;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

const TOO_LARGE: RequestFault = {
  status: 413,
  code: 'LIMIT_EXCEEDED',
  message: `The form is larger than ${MAX_FORM_BYTES} bytes.`,
};
const NO_FORM: RequestFault = {
  status: 415,
  code: 'BAD_REQUEST',
  message: 'Send the form of the page.',
};
const FOREIGN: RequestFault = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'The form was sent from another site.',
};

/** Answers for pages at which customers pay: they are read, and their forms come from themselves alone. */
export async function answerPage(
  pages: HostedPages,
  request: IncomingMessage,
  response: ServerResponse,
  { path, requestId }: { readonly path: string; readonly requestId: string },
): Promise<void> {
  const { method = 'GET' } = request;
  const ip = payerAddress(request);
  if (method !== 'POST')
    return send(response, await pages.handle({ method, path, form: null, ip }));
  const refused = refusalOf(request);
  if (refused) return sendFault(response, requestId, refused);
  const body = await readBody(request, MAX_FORM_BYTES);
  if (body.kind === 'GONE') return;
  if (body.kind === 'TOO_LARGE') return sendFault(response, requestId, TOO_LARGE);
  const form = new URLSearchParams(body.bytes.toString('utf8'));
  send(response, await pages.handle({ method, path, form, ip }));
}

/**
 * From where somebody pays; null where that says nothing of him: addresses that are not public are those of a proxy, or of whoever
 * develops.
 */
function payerAddress({ socket }: IncomingMessage): string | null {
  // What comes over IPv4 to a socket of both is written as if it were of IPv6.
  const address = socket.remoteAddress?.replace(/^::ffff:/i, '') ?? '';
  return isPublicAddress(address) ? address : null;
}

function refusalOf(request: IncomingMessage): RequestFault | null {
  if (!isFromItself(request)) return FOREIGN;
  if (announcesTooMuch(request, MAX_FORM_BYTES)) return TOO_LARGE;
  return FORM_TYPE.test(request.headers['content-type'] ?? '') ? null : NO_FORM;
}

/** Browsers say where a form comes from, in one of two ways or in both. */
function isFromItself({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return isAllowedOrigin(headers.origin, headers.host, []);
}

function send(response: ServerResponse, { status, headers, body }: PageAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
