import { readConfig } from '../../src/config.ts';
import { createLog, type Log } from '../../src/infra/log.ts';
import { type Clock, systemClock } from '../../src/kit/clock.ts';
import { start } from '../../src/main.ts';
import type { WebhookSettings } from '../../src/webhooks/service.ts';
import { createTestDatabase } from './database.ts';

export const KEY = 'sk_test_the_first_organizations_key_for_tests';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into answers of many shapes.
  readonly data: any;
  // biome-ignore lint/suspicious/noExplicitAny: likewise.
  readonly errors: any[] | undefined;
}

export type Ask = (query: string, variables?: object, key?: string | null) => Promise<Answer>;

export type TestApi = Awaited<ReturnType<typeof startApi>>;

/** The whole product in this process, on a database of its own, behind a real port. */
export async function startApi(
  options: {
    clock?: Clock;
    databaseUrl?: string;
    redisUrl?: string;
    worker?: boolean;
    log?: Log;
    webhooks?: Partial<WebhookSettings>;
    /** Other variables of its environment. */
    environment?: Readonly<Record<string, string>>;
  } = {},
) {
  const database = options.databaseUrl ? null : await createTestDatabase();
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: options.databaseUrl ?? database?.url,
    REDIS_URL: options.redisUrl,
    DRAWDOWN_BOOTSTRAP_KEY: KEY,
    LOG_LEVEL: 'silent',
    ...options.environment,
  });
  const running = await start({
    config,
    log: options.log ?? createLog({ level: 'silent' }),
    clock: options.clock ?? systemClock,
    worker: options.worker ?? false,
    // Receivers of tests are on this machine.
    webhooks: { allowPrivate: true, ...options.webhooks },
  });
  const url = running.url ?? '';

  const ask = askAt(url);

  return {
    url,
    ask,
    services: running.services,
    databaseUrl: config.databaseUrl ?? '',
    /** Another organization's secret key. */
    async otherKey(name = 'Other'): Promise<string> {
      const issued = await running.services.access.issueKey({
        organization: name,
        mode: null,
        name,
      });
      if (!('secret' in issued)) throw new Error('No key was made.');
      return issued.secret;
    },
    async stop() {
      await running.stop();
      await database?.drop();
    },
  };
}

/** Asks a server over HTTP, as the first organization unless another key is given, or null for none. */
export function askAt(url: string): Ask {
  return async (query, variables = {}, key = KEY) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as object) } as Answer;
  };
}

/** A customer with ten dollars and calls at a dollar each: what most tests start from. */
export async function setUpCalls(ask: Ask, externalId = 'acme', amount: string | null = '10') {
  const { data, errors } = await ask(
    `mutation ($customer: CreateCustomerInput!) {
      createAsset(input: { code: "USD", name: "US Dollar" }) { __typename }
      createCustomer(input: $customer) { ... on CreateCustomerPayload { customer { id } } }
      createBillableMetric(input: { code: "calls", name: "Calls", eventType: "api.call", aggregation: COUNT }) {
        __typename
      }
      createPrice(input: { metric: "calls", asset: "USD", unitAmount: "1" }) { __typename }
    }`,
    { customer: { externalId } },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const customerId: string = data.createCustomer.customer.id;
  if (amount === null) return { customerId, walletId: '', grantId: '' };
  const granted = await ask(
    `mutation ($input: GrantCreditInput!) {
      grantCredit(input: $input) { ... on GrantCreditPayload { grant { id } wallet { id } } }
    }`,
    { input: { customer: { externalId }, asset: 'USD', amount } },
  );
  const { grant, wallet } = granted.data.grantCredit;
  return { customerId, walletId: wallet.id as string, grantId: grant.id as string };
}
