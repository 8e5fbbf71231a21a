import type { Metrics } from '../infra/metrics.ts';
import type { Clock } from '../kit/clock.ts';
import type { Message } from './message.ts';
import { type PostOptions, post } from './post.ts';
import { readRetryAfter } from './retry.ts';
import { identifyingHeaders, type SigningSecrets, signatureOf } from './signing.ts';

/** What came of one request to an endpoint, as the log of deliveries keeps it. */
export interface Attempt {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly url: string;
  /** Without the signatures. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseStatus: number | null;
  readonly responseBody: string | null;
  readonly latencyMs: number;
  readonly error: string | null;
  /** When it began. */
  readonly at: Date;
  readonly retryAfterMs: number | null;
}

export type MakeAttempt = (
  endpoint: SigningSecrets & { readonly url: string },
  message: Message,
  patience?: Patience,
) => Promise<Attempt>;

export interface Patience {
  /** Throws when it says so. */
  readonly aborted?: AbortSignal;
  /** At the most, in milliseconds. @default that of every attempt */
  readonly timeoutMs?: number;
}

/** The status by which a receiver says that he wants nothing more. */
export const GONE = 410;

const FIXED_HEADERS = {
  'content-type': 'application/json',
  'user-agent': 'Drawdown-Webhooks/1',
} as const;

export function createAttempts(
  { clock, metrics }: { readonly clock: Clock; readonly metrics: Metrics },
  options: PostOptions,
): MakeAttempt {
  const attempts = metrics.counter(
    'webhook_attempts_total',
    'Requests to webhook endpoints, by what came of them.',
    ['status'],
  );
  return async (endpoint, { id, body }, { aborted, timeoutMs } = {}) => {
    const at = clock.now();
    const requestHeaders = { ...FIXED_HEADERS, ...identifyingHeaders({ id, at }) };
    const signature = signatureOf(endpoint, { id, at, body });
    const headers = { ...requestHeaders, 'webhook-signature': signature };
    const patient = timeoutMs === undefined ? options : { ...options, timeoutMs };
    const posted = await post(endpoint.url, { headers, body }, patient, aborted);
    const { status, latencyMs } = posted;
    const error = posted.error ?? problemOf(status ?? 0);
    const outcome = error === null ? 'SUCCEEDED' : 'FAILED';
    attempts.inc({ status: outcome });
    return {
      status: outcome,
      url: endpoint.url,
      requestHeaders,
      responseStatus: status,
      responseBody: posted.body,
      latencyMs,
      error,
      at,
      retryAfterMs: readRetryAfter(status ?? 0, posted.retryAfter, clock),
    };
  };
}

/** Why an answer is no success; null for 2xx. */
function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return 'Redirects are not followed: change the URL instead.';
  if (status === GONE) return 'The receiver wants nothing more.';
  return `The receiver answered with status ${status}.`;
}
