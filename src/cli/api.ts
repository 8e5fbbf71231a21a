import { backoffMs, MAX_RETRIES, pause } from '../sdk/backoff.ts';
import { type Answer, faultOf, postGraphql, type Unanswered } from '../sdk/post-graphql.ts';
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

export function createApi({ endpoint, key }: { endpoint: string; key: string }): Api {
  let reached = false;

  async function attempt(body: string): Promise<Answer | Unanswered> {
    const outcome = await postGraphql({ endpoint, key, timeoutMs: REQUEST_TIMEOUT_MS }, body);
    reached ||= !('unanswered' in outcome);
    if (!('notGraphql' in outcome)) return outcome;
    throw new CommandError(`${endpoint} answered HTTP ${outcome.notGraphql}, and not by GraphQL.`);
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

function dataOf<Data>(answer: Answer): Data {
  const fault = faultOf(answer);
  if (fault !== null) throw new CommandError(fault);
  return answer.data as Data;
}
