import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Answer } from '../support/api.ts';
import type { Random } from './random.ts';

/** Somebody else's server, to which webhooks are sent. It fails now and then, as such do. */
export interface Receiver {
  /** Makes the endpoint, of every type of event. */
  register(ask: (query: string, variables?: object) => Promise<Answer['data']>): Promise<void>;
  /** How many different events have come. */
  count(): number;
  /** Which of these have not come, in a sentence. */
  missing(ids: readonly string[]): string[];
  /** Whether they came in another order than this one, in a sentence. */
  outOfOrder(ids: readonly string[]): string[];
  readonly faults: string[];
  close(): Promise<void>;
}

/** Events that it fails in all, each once: a first failure holds the ones behind it back for some seconds, a
 * second one of the same event for minutes. */
const FAILURES = 5;
const FAILING_SHARE = 0.02;

export async function openReceiver(random: Random): Promise<Receiver> {
  const received = new Set<string>();
  const faults: string[] = [];
  let webhook: Webhook | null = null;
  const failed = new Set<string>();

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const id = String(request.headers['webhook-id']);
    if (failed.size < FAILURES && !failed.has(id) && random.next() < FAILING_SHARE) {
      failed.add(id);
      response.writeHead(500).end();
      return;
    }
    try {
      webhook?.verify(body, request.headers as Record<string, string>);
      received.add(id);
      response.writeHead(204).end();
    } catch (error) {
      faults.push(`a webhook could not be verified: ${error}`);
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    async register(ask) {
      const { createWebhookEndpoint } = await ask(
        `mutation ($input: CreateWebhookEndpointInput!) {
          createWebhookEndpoint(input: $input) { ... on CreateWebhookEndpointPayload { secret } ... on Error { message } }
        }`,
        { input: { url: `http://127.0.0.1:${port}/hook`, idempotencyKey: 'torture' } },
      );
      webhook = new Webhook(createWebhookEndpoint.secret);
    },
    count: () => received.size,
    missing(ids) {
      const absent = ids.filter((id) => !received.has(id));
      return absent.length === 0 ? [] : [`${absent.length} events never came as webhooks`];
    },
    outOfOrder(ids) {
      const wanted = new Set(ids);
      const came = [...received].filter((id) => wanted.has(id));
      const firstWrong = came.findIndex((id, index) => id !== ids[index]);
      return firstWrong < 0 ? [] : [`webhooks are out of order from the ${firstWrong + 1}th on`];
    },
    faults,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
