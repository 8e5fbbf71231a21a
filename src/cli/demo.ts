import type { Log } from '../infra/log.ts';
import { newId, toTypeId } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import type { Running } from '../main.ts';
import type { Services } from '../services.ts';
import { type Api, createApi } from './api.ts';
import { createRunawayWatch, RUNAWAY_USAGE, startRunaway } from './demo-runaway.ts';

export interface DemoOptions {
  readonly running: Pick<Running, 'services' | 'url'>;
  readonly log: Log;
}

const ORGANIZATION = 'Demo';
const EVERY_MS = 1_000;
const CUSTOMERS = ['ada', 'grace', 'linus'] as const;
const MODELS = { small: '0.0000006', large: '0.00001' } as const;

const SET_UP = `mutation SetUp($asset: CreateAssetInput!, $metric: CreateBillableMetricInput!) {
  createAsset(input: $asset) { __typename }
  createBillableMetric(input: $metric) { __typename }
}`;
const PRICE =
  'mutation Price($input: CreatePriceInput!) { createPrice(input: $input) { __typename } }';
const CUSTOMER = `mutation Customer($customer: CreateCustomerInput!, $grant: GrantCreditInput!) {
  createCustomer(input: $customer) { __typename }
  grantCredit(input: $grant) { __typename }
}`;
const USAGE = `mutation Usage($input: RecordUsageBatchInput!) {
  recordUsageBatch(input: $input) { ... on RecordUsageBatchPayload { recorded refused } }
}`;

/** A demo organization whose customers consume through the public API until it is stopped. */
export async function startDemo({ running, log }: DemoOptions): Promise<{ stop(): Promise<void> }> {
  const { services } = running;
  const { apiKeyId, secret } = await issueKey(services);
  const api = createApi({ endpoint: `${running.url}/graphql`, key: secret });
  await setUp(api);
  await startRunaway(api);
  const watchRunaway = createRunawayWatch(api, (line) => process.stdout.write(line));
  process.stdout.write(`  The demo organization's key, for this run:\n  ${secret}\n\n`);
  let sending: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    sending = api
      .send(USAGE, { input: { events: someEvents() } })
      .then(watchRunaway)
      .catch((error: unknown) => {
        log.warn({ error }, 'The demo could not send its traffic.');
      });
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await sending;
      // The key was for this run.
      await services.access.revokeAnyKey(toTypeId('apiKey', apiKeyId));
    },
  };
}

async function issueKey({ access }: Services) {
  const issued = await access.issueKey({ organization: ORGANIZATION, mode: null, name: 'Demo' });
  if (isRefusal(issued)) throw new Error(`No key for the demo organization: ${issued.refusal}.`);
  return issued;
}

async function setUp(api: Api): Promise<void> {
  await api.send(SET_UP, {
    asset: { code: 'USD', name: 'US Dollar' },
    metric: {
      code: 'demo_tokens',
      name: 'Tokens',
      eventType: 'demo.completion',
      aggregation: 'SUM',
      property: 'tokens',
    },
  });
  for (const [model, unitAmount] of Object.entries(MODELS)) {
    const input = { metric: 'demo_tokens', asset: 'USD', unitAmount, dimensions: { model } };
    await api.send(PRICE, { input });
  }
  for (const externalId of CUSTOMERS) {
    await api.send(CUSTOMER, {
      customer: { externalId },
      grant: {
        customer: { externalId },
        asset: 'USD',
        amount: '25',
        description: 'Demo credit',
        idempotencyKey: `demo-credit-${externalId}`,
      },
    });
  }
}

function someEvents() {
  const usual = CUSTOMERS.map((externalId) => ({
    customer: { externalId },
    type: 'demo.completion',
    properties: {
      model: Math.random() < 0.5 ? 'small' : 'large',
      tokens: Math.ceil(Math.random() * 2_000),
    },
  }));
  return [...usual, RUNAWAY_USAGE].map((event) => ({ ...event, eventId: newId('usageEvent') }));
}
