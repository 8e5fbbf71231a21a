import { readConfig } from '../../src/config.ts';
import { start } from '../../src/main.ts';
import { createTestDatabase } from '../support/database.ts';

export const FIRST_KEY = 'sk_the-first-key-of-this-test-0123456789';

// biome-ignore lint/suspicious/noExplicitAny: an answer has whatever shape the document asked for.
type Data = any;

export interface Answer {
  readonly status: number;
  readonly data: Data;
  readonly errors?: readonly { message: string; extensions: { code: string; requestId: string } }[];
}

/** The whole product on a database of its own, spoken to over HTTP like any client does. */
export async function openServer() {
  const database = await createTestDatabase();
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    DRAWDOWN_BOOTSTRAP_KEY: FIRST_KEY,
    LOG_LEVEL: 'silent',
  });
  const running = await start({ config, worker: false });

  async function send(
    query: string,
    variables: object = {},
    credential: string | null = FIRST_KEY,
  ): Promise<Answer> {
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
      },
      body: typeof variables === 'string' ? variables : JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  }

  return {
    services: running.services,
    send,
    /** Another organization, and its key. */
    async openOrganization(name: string): Promise<string> {
      const input = { organization: name, mode: 'TEST', name: 'First' } as const;
      const issued = await running.services.access.issueKey(input);
      if ('refusal' in issued) throw new Error(`Refused: ${JSON.stringify(issued)}`);
      return issued.secret;
    },
    async close() {
      await running.stop();
      await database.drop();
    },
  };
}
