import { SECOND_MS } from '../kit/clock.ts';
import { backoffMs, MAX_RETRIES, pause } from './backoff.ts';
import { CommandError } from './command-error.ts';

/** The public GraphQL API, as a user of the platform sees it. */
export interface Api {
  /**
   * Sends one operation and answers its data. A request that got no answer, or a 5xx one, is sent again
   * a bounded number of times: only send what is safe to repeat.
   */
  send<Data>(document: string, variables: object): Promise<Data>;
}

const REQUEST_TIMEOUT_MS = 60_000;

/** Before the server was reached once it is more likely not there than restarting. */
const RETRIES_AT_FIRST = 2;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

export function createApi({ endpoint, key }: { endpoint: string; key: string }): Api {
  let reached = false;

  async function attempt(body: string): Promise<Answer | Unanswered> {
    const outcome = await post(endpoint, key, body);
    reached ||= !('unanswered' in outcome);
    return outcome;
  }

  return {
    async send<Data>(document: string, variables: object): Promise<Data> {
      const body = JSON.stringify({ query: document, variables });
      for (let retry = 0; ; retry += 1) {
        const outcome = await attempt(body);
        if (!('unanswered' in outcome)) return dataOf<Data>(outcome);
        if (retry >= (reached ? MAX_RETRIES : RETRIES_AT_FIRST)) {
          throw new CommandError(`${endpoint} does not answer: ${outcome.unanswered}.`);
        }
        await pause(Math.max(backoffMs(retry), outcome.waitMs ?? 0));
      }
    },
  };
}

/** Nothing became of the request, or nothing is known about it. */
interface Unanswered {
  /** `ECONNREFUSED`, `HTTP 503, OVERLOADED` */
  readonly unanswered: string;
  /** What the server asks for before the next attempt. */
  readonly waitMs?: number;
}

async function post(endpoint: string, key: string, body: string): Promise<Answer | Unanswered> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        authorization: `Bearer ${key}`,
      },
      body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (response.status >= 500) return unansweredBy(response);
    return readAnswer(endpoint, response);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    return { unanswered: causeOf(error) };
  }
}

async function unansweredBy(response: Response): Promise<Unanswered> {
  const code = /"code":"(\w+)"/.exec(await response.text())?.[1];
  const unanswered = code ? `HTTP ${response.status}, ${code}` : `HTTP ${response.status}`;
  return { unanswered, waitMs: SECOND_MS * Number(response.headers.get('retry-after') ?? 0) };
}

async function readAnswer(endpoint: string, response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new CommandError(`${endpoint} answered HTTP ${response.status} without JSON.`);
  }
}

function dataOf<Data>(answer: Answer): Data {
  const [error] = answer.errors ?? [];
  if (!error) return answer.data as Data;
  const { code, requestId } = error.extensions ?? {};
  const about = [code, requestId && `request ${requestId}`].filter(Boolean).join(', ');
  throw new CommandError(about ? `${error.message} (${about})` : error.message);
}

/** `fetch` hides the reason one level down. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
