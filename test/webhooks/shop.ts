import pg from 'pg';
import type { Log } from '../../src/infra/log.ts';
import type { WebhookSettings } from '../../src/webhooks/service.ts';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';
import type { Receiver } from '../support/webhook-receiver.ts';

/** The product with its worker, and a customer who buys, that sends webhooks to this machine. */
export interface Shop extends TestApi {
  /** Makes an endpoint at a receiver. */
  endpoint(receiver: Pick<Receiver, 'url'>, input?: object): Promise<Endpoint>;
  /** Events, one after the other: customers by these names. */
  createCustomers(...externalIds: string[]): Promise<void>;
  /** The payload of a mutation with one input; fails on a refusal. */
  change(mutation: string, input: object, selection: string): Promise<Answer>;
  /** The same, whatever it is: for refusals. */
  answer(mutation: string, input: object, selection?: string): Promise<Answer>;
  readEndpoint(id: string, selection: string): Promise<Answer>;
  sql(text: string, values?: unknown[]): Promise<Answer[]>;
  /** Waits until everything that was committed has its place in the log. */
  settled(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads into answers of many shapes.
type Answer = any;

export interface Endpoint {
  readonly id: string;
  readonly secret: string;
}

export async function openShop(
  options: Partial<WebhookSettings> & { readonly worker?: boolean; readonly log?: Log } = {},
): Promise<Shop> {
  const { worker = true, log, ...webhooks } = options;
  const api = await startApi({
    worker,
    webhooks: { allowPrivate: true, ...webhooks },
    ...(log && { log }),
  });
  await setUpCalls(api.ask);

  async function answer(mutation: string, input: object, selection = '__typename') {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
    const { data, errors } = await api.ask(
      `mutation ($input: ${type}Input!) { result: ${mutation}(input: $input) {
        __typename ... on ${type}Payload { ${selection} }
        ... on Error { code message ... on ValidationError { issues { path code message } } }
      } }`,
      { input },
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return data.result;
  }

  async function change(mutation: string, input: object, selection: string) {
    const { __typename, ...payload } = await answer(mutation, input, selection);
    if (!__typename.endsWith('Payload')) throw new Error(JSON.stringify(payload));
    return payload;
  }

  async function sql(text: string, values: unknown[] = []) {
    const client = new pg.Client({ connectionString: api.databaseUrl });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async function settled() {
    await until(
      () => sql('SELECT 1 FROM event_outbox'),
      (waiting) => waiting.length === 0,
    );
  }

  await settled();
  return {
    ...api,
    answer,
    change,
    sql,
    settled,
    async endpoint({ url }, input = {}) {
      const wanted = { url, types: ['CUSTOMER_CREATED'], ...input };
      const made = await change('createWebhookEndpoint', wanted, 'endpoint { id } secret');
      return { id: made.endpoint.id, secret: made.secret };
    },
    async createCustomers(...externalIds) {
      for (const externalId of externalIds) {
        await change('createCustomer', { externalId }, 'created');
      }
    },
    async readEndpoint(id, selection) {
      const query = `query ($id: ID!) { node(id: $id) { ... on WebhookEndpoint { ${selection} } } }`;
      const { data, errors } = await api.ask(query, { id });
      if (errors) throw new Error(JSON.stringify(errors));
      return data.node;
    },
  };
}

/** Whom the events that came in are about, in the order in which they came. */
export function customersIn(received: readonly { body: string }[]): string[] {
  return received.map(({ body }) => JSON.parse(body).data.customerExternalId);
}

/** Asks until it is so. */
export async function until<T>(read: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await read();
    if (isSo(found)) return found;
  }
}
