import { lookup } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from '../../kit/public-address.ts';
import { ProviderError } from '../provider.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** Null for one without. */
  readonly body: string | null;
}

export interface HttpLimits {
  /** Addresses may be private, and without TLS. */
  readonly allowPrivate: boolean;
  /** For everything, from the look-up to the end of the answer. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

/**
 * Sends one request, on a connection of its own, and reads its whole answer; follows no redirect. The address was said
 * by an organization and the server asks for it, so it leads to no machine beside ours: what a host name stands for is
 * looked at as it is connected to, when it can no longer become another. What is thrown repeats neither the address nor
 * a header: either may hold a secret.
 */
export async function sendRequest(
  url: URL,
  message: HttpRequest,
  limits: HttpLimits,
): Promise<HttpAnswer> {
  const { allowPrivate, timeoutMs, maxBytes } = limits;
  if (!allowPrivate && !mayBeCalled(url)) throw refusedAddress();
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { method, headers, body } = message;
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const look: LookupFunction = allowPrivate ? lookup : lookUpPublic;
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = send(url, {
      method,
      headers: { ...headers, ...length },
      agent: false,
      lookup: look,
      signal,
    });
    sent.end(body ?? undefined);
    const response = await answerTo(sent);
    return {
      status: response.statusCode ?? 0,
      body: await readBody(response, maxBytes),
      retryAfter: response.headers['retry-after'],
    };
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (signal.aborted) throw new ProviderError('TIMEOUT', 'There was no answer in time.', true);
    throw faultOf(error as NodeJS.ErrnoException);
  }
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('It wants to speak another protocol.'));
    });
    // Also what comes after the answer: an error that nobody hears ends the process.
    sent.on('error', reject);
    sent.once('close', () => reject(new Error('The connection was closed.')));
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new ProviderError(
        'ANSWER_TOO_LARGE',
        'The answer is larger than any should be.',
        false,
      );
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An address of numbers is connected to without a look-up. */
function mayBeCalled(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return url.protocol === 'https:' && (isIP(host) === 0 || isPublicAddress(host));
}

const REFUSED = 'ADDRESS_REFUSED';

const lookUpPublic: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const allowed = (found ?? []).filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (error) done(error, '');
    else if (!first) done(Object.assign(new Error('Not public.'), { code: REFUSED }), '');
    else if (options.all) done(null, allowed);
    else done(null, first.address, first.family);
  });
};

function faultOf(error: NodeJS.ErrnoException): ProviderError {
  if (error.code === REFUSED) return refusedAddress();
  const reason = error.code === undefined ? '' : `: ${error.code}`;
  return new ProviderError('UNREACHABLE', `The connection failed${reason}.`, true);
}

function refusedAddress(): ProviderError {
  const message = 'Its address must start with https:// and lead to the public internet.';
  return new ProviderError(REFUSED, message, false);
}
