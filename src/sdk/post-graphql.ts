import { retryAfterMs } from './retry-after.ts';

/** Where the API is, and as whom it is asked. */
export interface Endpoint {
  readonly endpoint: string;
  readonly key: string;
  readonly timeoutMs: number;
}

/** What the server made of an operation. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

/** Nothing became of the request, or nothing is known about it. */
export interface Unanswered {
  /** `ECONNREFUSED`, `HTTP 503, OVERLOADED` */
  readonly unanswered: string;
  /** What the server asks for before the next attempt; a minute at most. */
  readonly waitMs?: number;
}

/** Whoever answered is not our API. */
export interface NotGraphql {
  /** HTTP status */
  readonly notGraphql: number;
}

/** Sends one operation, once. Never throws. */
export async function postGraphql(
  { endpoint, key, timeoutMs }: Endpoint,
  body: string,
): Promise<Answer | Unanswered | NotGraphql> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        authorization: `Bearer ${key}`,
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.status >= 500 ? await unansweredBy(response) : await readAnswer(response);
  } catch (error) {
    return { unanswered: causeOf(error) };
  }
}

async function unansweredBy(response: Response): Promise<Unanswered> {
  const code = /"code":"(\w+)"/.exec(await response.text())?.[1];
  const unanswered = code ? `HTTP ${response.status}, ${code}` : `HTTP ${response.status}`;
  return { unanswered, waitMs: retryAfterMs(response.headers) };
}

async function readAnswer(response: Response): Promise<Answer | NotGraphql> {
  const text = await response.text();
  try {
    const answer: unknown = JSON.parse(text);
    if (isAnswer(answer)) return answer;
  } catch {
    // No JSON, so not ours either.
  }
  return { notGraphql: response.status };
}

/** A proxy, or a stub behind a health check, may say `null`, `true` or `"ok"`. */
function isAnswer(answer: unknown): answer is Answer {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return false;
  return !('errors' in answer) || Array.isArray(answer.errors);
}

/** In one line: the message of the first error, with its code and the request that a log can be searched for. */
export function faultOf({ errors }: Answer): string | null {
  const [error] = errors ?? [];
  if (!error) return null;
  const { code, requestId } = error.extensions ?? {};
  const about = [code, requestId && `request ${requestId}`].filter(Boolean).join(', ');
  return about ? `${error.message} (${about})` : error.message;
}

/** `fetch` hides the reason one level down. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
