import { setTimeout as pause } from 'node:timers/promises';
import { SECOND_MS } from '../../kit/clock.ts';
import { ProviderError } from '../provider.ts';
import { type HttpAnswer, type HttpRequest, sendRequest } from './send-request.ts';

export interface JsonCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A success, or that it was refused: a status below 300, or of 400 to 499. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Asks for something that is done once however often it is asked, again while it may help. Throws a ProviderError when
 * there is no answer to go by.
 */
export type CallJson = (call: JsonCall) => Promise<JsonAnswer>;

/** How long to wait for whom. */
export interface Patience {
  /** For one answer. */
  readonly timeoutMs: number;
  /** Before each repetition; so many there are. */
  readonly retryDelaysMs: readonly number[];
}

export const PATIENCE: Patience = { timeoutMs: 15 * SECOND_MS, retryDelaysMs: [250, SECOND_MS] };

/** Somebody waits for us: who asks for more than this is asked again by whoever comes back later. */
const RETRY_AFTER_MAX_MS = 5 * SECOND_MS;
/** Too early, too much, or too slow: as good as a server that fails. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

export function createCallJson(options: {
  /** With each request, such as `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  readonly maxBytes: number;
  readonly patience: Patience;
}): CallJson {
  const { allowPrivate, maxBytes, patience } = options;
  const limits = { allowPrivate, maxBytes, timeoutMs: patience.timeoutMs };
  return async ({ method, url, headers, body }) => {
    const request: HttpRequest = {
      method,
      headers: { ...JSON_HEADERS, ...options.headers, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    };
    for (const delayMs of patience.retryDelaysMs) {
      const outcome = await attempt();
      if ('answer' in outcome) return outcome.answer;
      if (!outcome.error.isRetryable) throw outcome.error;
      await pause(Math.max(delayMs, outcome.waitMs));
    }
    const last = await attempt();
    if ('answer' in last) return last.answer;
    throw last.error;

    async function attempt(): Promise<Outcome> {
      try {
        return judge(await sendRequest(url, request, limits));
      } catch (error) {
        if (error instanceof ProviderError) return { error, waitMs: 0 };
        throw error;
      }
    }
  };
}

type Outcome =
  | { readonly answer: JsonAnswer }
  | { readonly error: ProviderError; readonly waitMs: number };

const JSON_HEADERS = {
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'Drawdown-Payments/1',
} as const;

function judge({ status, body, retryAfter }: HttpAnswer): Outcome {
  if (status >= 500 || PASSING.has(status)) {
    const error = new ProviderError(`HTTP_${status}`, `It answered with status ${status}.`, true);
    return { error, waitMs: waitOf(retryAfter) };
  }
  if (status === 401 || status === 403) {
    return refused('UNAUTHORIZED', `It does not take our key: status ${status}.`);
  }
  if (status >= 300 && status < 400) {
    return refused('REDIRECTED', 'It leads elsewhere, which is not followed: change the address.');
  }
  const answer = { status, body: status === 204 ? null : readJson(body) };
  if (answer.body === undefined && status < 400) {
    // Somebody in between has answered: nobody knows what came of it.
    return { error: new ProviderError('BAD_ANSWER', 'It answered no JSON.', true), waitMs: 0 };
  }
  return { answer };
}

function refused(code: string, message: string): Outcome {
  return { error: new ProviderError(code, message, false), waitMs: 0 };
}

/** Undefined when it is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function waitOf(retryAfter: string | undefined): number {
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
  return Math.min(seconds * SECOND_MS, RETRY_AFTER_MAX_MS);
}
