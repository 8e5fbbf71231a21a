import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { SECOND_MS } from '../kit/clock.ts';
import { type DestinationPolicy, destinationProblem, hostOf } from './destination.ts';
import { type HostAddress, HostRefused, type LookUpHost, resolveHost } from './resolve-host.ts';

export interface PostOptions extends DestinationPolicy {
  readonly lookUp: LookUpHost;
  /** For everything, from the look-up to the end of the answer. @default 15 s */
  readonly timeoutMs?: number | undefined;
}

/** What came of a request: an answer, or why there was none. */
export interface Posted {
  readonly status: number | null;
  /** The beginning of the answer. */
  readonly body: string | null;
  readonly retryAfter: string | undefined;
  readonly error: string | null;
  readonly latencyMs: number;
}

const TIMEOUT_MS = 15 * SECOND_MS;
/** Nobody reads more of an answer; the connection is closed there. */
const BODY_MAX_BYTES = 4 * 1024;
/** Answers before the answer, such as 103; most receivers send none. */
const MAX_HINTS = 10;

/**
 * Sends one request to where a webhook may go, on a connection of its own. Follows no redirect. Never throws,
 * but when `aborted` says so: then nobody knows what came of it.
 */
export async function post(
  address: string,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  options: PostOptions,
  aborted?: AbortSignal,
): Promise<Posted> {
  const started = performance.now();
  const deadline = startDeadline(options.timeoutMs ?? TIMEOUT_MS, aborted);
  const { signal } = deadline;
  const done = (outcome: Omit<Posted, 'latencyMs'>): Posted => ({
    ...outcome,
    latencyMs: Math.round(performance.now() - started),
  });
  try {
    const url = new URL(address);
    const problem = destinationProblem(url, options);
    if (problem) throw new HostRefused(problem);
    const addresses = await orAborted(resolveHost(hostOf(url), options), signal);
    const response = await orAborted(send(url, addresses, message, signal), signal);
    const status = response.statusCode ?? null;
    const body = await readBeginning(response);
    return done({ status, body, retryAfter: response.headers['retry-after'], error: null });
  } catch (error) {
    aborted?.throwIfAborted();
    const reason = signal.aborted ? 'There was no answer in time.' : reasonOf(error as Error);
    return done({ status: null, body: null, retryAfter: undefined, error: reason });
  } finally {
    deadline.end();
  }
}

function startDeadline(timeoutMs: number, aborted: AbortSignal | undefined) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  aborted?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      aborted?.removeEventListener('abort', abort);
    },
  };
}

function send(
  url: URL,
  addresses: readonly HostAddress[],
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': length },
      // A connection that is kept would be one that was checked for another request.
      agent: false,
      lookup: lookUpOf(addresses),
      signal,
    });
    let hints = 0;
    sent.on('information', () => {
      hints += 1;
      if (hints > MAX_HINTS) sent.destroy(new Error('It announces an answer without an end'));
    });
    sent.once('response', resolve);
    // Nobody speaks anything else with us; left alone, such a connection says nothing any more.
    sent.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('It wants to speak another protocol'));
    });
    // Also what comes after the answer: an error that nobody hears ends the process.
    sent.on('error', reject);
    sent.once('close', () => reject(new Error('The connection was closed')));
    sent.end(body);
  });
}

/** Answers with the addresses that were checked, whatever it is asked. */
function lookUpOf(addresses: readonly HostAddress[]): LookupFunction {
  return (_host, { all }, done) => {
    const [first] = addresses as readonly [HostAddress];
    if (all) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };
}

/** What was answered is known by its status: a body that breaks off or takes too long changes nothing. */
function readBeginning(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = () => {
      response.destroy();
      const body = Buffer.concat(chunks).subarray(0, BODY_MAX_BYTES).toString('utf8');
      resolve(body.replaceAll('\u0000', '\uFFFD'));
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= BODY_MAX_BYTES) finish();
    });
    response.once('close', finish);
    response.once('error', finish);
  });
}

/** Not everything can be called off, but nobody has to wait for it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** In one line, without the addresses that a message may hold. */
function reasonOf(error: Error & { code?: unknown }): string {
  if (error instanceof HostRefused) return error.message;
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return typeof error.code === 'string'
    ? `The connection failed: ${error.code}.`
    : `The request failed: ${error.message.replaceAll('\n', ' ')}.`;
}
