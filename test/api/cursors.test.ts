import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { createManualClock, DAY_MS, systemClock } from '../../src/kit/clock.ts';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { LISTS } from '../support/lists.ts';
import { settledLog } from '../support/settled-log.ts';
import { withClient } from '../support/stored-organization.ts';

// Every list of the graph pages in the same way, and takes no cursor but those that it wrote.

const encode = (text: string) => Buffer.from(text).toString('base64');
const UUID = '019a0000-0000-7000-8000-000000000000';

const BAD_CURSORS = [
  '',
  'garbage',
  '%%%',
  '\\u0000',
  '-1',
  '1e3',
  '1'.repeat(19),
  'x'.repeat(10_000),
  encode('GPC:N:5'),
  encode('GPC:S:'),
  encode('GPC:S:5'),
  encode(`GPC:S:${UUID}x`),
  encode(`GPC:S:${UUID.toUpperCase()}`),
  encode(`GPC:D:${UUID}`),
  encode('GPC:I:5'),
  encode('GPC:I:x'),
  encode('GPC:J:{"id":1}'),
  encode('GPC:J:null'),
  encode('GPC:J:["a","b"]'),
  encode(`GPC:J:["${UUID}"]`),
  encode(`GPC:J:["${UUID}",{"not":"${UUID}"}]`),
  encode(`GPC:J:["${UUID}","${UUID}","${UUID}"]`),
  `${encode(`GPC:S:${UUID}`)}=`,
  `${encode(`GPC:S:${UUID}`)}\\n`,
  'customer_01h455vb4pex5vsknk084sn02q',
  UUID,
];

let api: TestApi;
let walletId: string;
const clock = createManualClock(systemClock.now());

beforeAll(async () => {
  api = await startApi({ clock });
  ({ walletId } = await setUpCalls(api.ask));
  for (const name of ['One', 'Two', 'Three', 'Four']) await addOneOfEach(name);
  await pingFirst(4);
  for (const amount of ['2', '3', '4']) await publish('One', amount);
  await payInParts();
  clock.advance(DAY_MS);
  while (await api.services.subscriptions.renewals.run(null));
  await settledLog(api.databaseUrl);
});
afterAll(() => api.stop());

async function addOneOfEach(name: string): Promise<void> {
  const acme = 'customer: { externalId: "acme" }';
  const { data, errors } = await api.ask(`mutation {
    createApiKey(input: { name: "${name}" }) { __typename }
    createAsset(input: { code: "${name.toUpperCase()}" }) { __typename }
    createExchangeRate(input: { from: "${name.toUpperCase()}", to: "USD", spendRate: "1" }) { __typename }
    createCustomer(input: { externalId: "${name}" }) { __typename }
    createBillableMetric(input: { code: "${name}", name: "${name}", eventType: "api.call", aggregation: COUNT }) { __typename }
    onCard: createPrice(input: { metric: "${name}", asset: "USD", unitAmount: "0.01", rateCard: "${name}" }) { __typename }
    priced: createPrice(input: { metric: "${name}", asset: "USD", unitAmount: "0" }) { __typename }
    again: createPrice(input: { metric: "calls", asset: "USD", unitAmount: "1", dimensions: { name: "${name}" } }) { __typename }
    grantCredit(input: { ${acme}, asset: "USD", amount: "10" }) { __typename }
    createWebhookEndpoint(input: { url: "http://127.0.0.1:9/${name}" }) { __typename }
    createTestClock(input: { name: "${name}" }) { __typename }
    createAlertRule(input: { ${acme}, asset: "USD", condition: { belowAmount: "1000" } }) { __typename }
    recordUsage(input: { ${acme}, eventId: "${name}", type: "api.call" }) { __typename }
    createFeature(input: { code: "${name}", kind: BOOLEAN }) { __typename }
    saveCreditPack(input: { code: "${name}", asset: "USD", amount: "1", priceAsset: "USD", price: "1" }) { __typename }
    savePaymentProvider(input: { code: "${name}", config: { manual: {} }, isDefault: true }) { __typename }
    createTopUp(input: { ${acme}, asset: "USD", amount: "10" }) { __typename }
    createPaymentLink(input: { ${acme}, asset: "USD", amount: "10", description: "${name}" }) { __typename }
    placeHold(input: { ${acme}, asset: "USD", amount: "1" }) { ... on PlaceHoldPayload { hold { id } } }
  }`);
  if (errors) throw new Error(JSON.stringify(errors));
  for (const eventId of ['first', 'second', 'third']) {
    await succeed(
      'PlaceHold',
      `mutation { recordUsage(input: { ${acme}, eventId: "${name} ${eventId}",
      type: "api.call", holdId: "${data.placeHold.hold.id}" }) { __typename } }`,
    );
  }
  await publish(name, '0.01');
  await succeed(
    'CreateSubscription',
    `mutation { createSubscription(input: { ${acme}, plan: "${name}" }) { __typename } }`,
  );
}

/** A version of a plan of the day, with two fees. */
async function publish(code: string, amount: string): Promise<void> {
  const fees = `[{ code: "one", amount: "0.01" }, { code: "two", amount: "${amount}" }]`;
  const definition = `{ interval: DAY, asset: "USD", fees: ${fees} }`;
  await succeed(
    'SavePlanDraft',
    `mutation {
    savePlanDraft(input: { code: "${code}", definition: ${definition} }) { __typename }
    publishPlan(input: { plan: "${code}" }) { __typename }
  }`,
  );
}

async function succeed(what: string, document: string): Promise<void> {
  const { data, errors } = await api.ask(document);
  const names = Object.values(data ?? {}).map((it) => (it as { __typename: string }).__typename);
  const isDone = names.every((name) => name.endsWith('Payload') || name === 'UsageRecorded');
  if (errors || !isDone) throw new Error(`${what}: ${JSON.stringify(errors ?? names)}`);
}

async function pingFirst(times: number): Promise<void> {
  const { data } = await api.ask('{ webhookEndpoints(last: 1) { edges { node { id } } } }');
  const { id } = data.webhookEndpoints.edges[0].node;
  const ping = `mutation ($id: ID!) { pingWebhookEndpoint(input: { endpoint: $id }) { __typename } }`;
  for (let time = 0; time < times; time += 1) await api.ask(ping, { id });
}

/** The oldest payment in four parts, another one in one, and events of their providers. */
async function payInParts(): Promise<void> {
  const { data } = await api.ask('{ payments(last: 2) { edges { node { id } } } }');
  const [second, first] = data.payments.edges.map(({ node }: { node: { id: string } }) => node.id);
  const parts = [1, 2, 3, 4].map((part) => [first, part] as const);
  for (const [payment, part] of [...parts, [second, 1] as const]) {
    const input = `payment: "${payment}", reference: "${part}", amount: "1"`;
    await succeed('Confirm', `mutation { confirmPayment(input: { ${input} }) { __typename } }`);
  }
  for (let part = 1; part <= 4; part += 1) {
    const input = `payment: "${first}", amount: "0.5"`;
    await succeed('Refund', `mutation { refundPayment(input: { ${input} }) { __typename } }`);
  }
  await withClient(api.databaseUrl, (client) =>
    client.query(`INSERT INTO payment_disputes (id, organization_id, customer_id, payment_id, wallet_id, ref, status, amount,
        credit, bonus, lapsed, shortfall, spent_credit_policy, allocations, created_at, updated_at)
      SELECT gen_random_uuid(), organization_id, customer_id, payment_id, wallet_id, id::text, 'OPEN', 1, 0, 0, 0, 0,
        'WRITE_OFF', '[]', created_at, created_at FROM payment_refunds;
      INSERT INTO withdrawals (id, organization_id, customer_id, wallet_id, asset_id, amount, status, code_salt, code_digest,
        code_mailed, confirm_by, closed_at, created_at, updated_at)
      SELECT gen_random_uuid(), r.organization_id, r.customer_id, r.wallet_id, w.asset_id, 1, 'CANCELED', 'salt', 'digest',
        false, r.created_at, r.created_at, r.created_at, r.created_at
      FROM payment_refunds r JOIN wallets w ON w.id = r.wallet_id;
      UPDATE payment_refunds SET withdrawal_id = (SELECT id FROM withdrawals ORDER BY id LIMIT 1);
      INSERT INTO payment_events (id, organization_id, provider_id, event_id, type, body, received_at)
      SELECT gen_random_uuid(), organization_id, id, code, 'told', '{}', created_at FROM payment_providers;
      UPDATE payments SET link_id = (SELECT id FROM payment_links ORDER BY id LIMIT 1);
      INSERT INTO payment_methods (id, organization_id, customer_id, provider_id, token, brand, created_at)
      SELECT gen_random_uuid(), p.organization_id, c.id, p.id, 'token', 'visa', p.created_at
      FROM payment_providers p JOIN customers c ON c.external_id = 'acme'`),
  );
}

interface Page {
  readonly edges: { cursor: string }[];
  readonly pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> &
    Record<'startCursor' | 'endCursor', string>;
}

function askList(list: string, args: string) {
  const [, field = ''] = list.split('.');
  const page = `LIST: ${field}(${args}) {
    edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }`;
  return api.ask((LISTS[list] ?? '').replace('WALLET', walletId).replace('LIST', page));
}

async function readPage(list: string, args: string): Promise<Page> {
  const { data, errors } = await askList(list, args);
  expect(errors, `${list}(${args})`).toBeUndefined();
  const page = pageIn(data);
  if (!page) throw new Error(`${list} is not in ${JSON.stringify(data)}.`);
  return page;
}

/** The list, wherever it stands in the answer. */
function pageIn(answer: unknown): Page | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  if ('LIST' in answer) return answer.LIST as Page;
  for (const part of Object.values(answer)) {
    const page = pageIn(part);
    if (page) return page;
  }
  return undefined;
}

const cursorsOf = (page: Page) => page.edges.map(({ cursor }) => cursor);

test('the table knows every list of the graph', () => {
  const lists = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type !== schema.getSubscriptionType())
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => field.args.some(({ name }) => name === 'after'))
        .map((field) => `${type.name}.${field.name}`),
    );
  expect(lists.sort()).toEqual(Object.keys(LISTS).sort());
});

describe.each(Object.keys(LISTS))('%s', (list) => {
  test.each(['after', 'before'])('refuses a cursor that it did not write, as %s', async (arg) => {
    for (const cursor of BAD_CURSORS) {
      const { errors } = await askList(list, `${arg}: "${cursor}"`);
      expect(
        errors?.map(({ extensions }) => extensions),
        cursor,
      ).toMatchObject([{ code: 'BAD_USER_INPUT', issues: [{ path: arg, code: 'BAD_FORMAT' }] }]);
    }
  });

  test('refuses pages of other sizes, and of two directions', async () => {
    const [cursor] = cursorsOf(await readPage(list, 'first: 1'));
    for (const [args, path] of [
      ['first: 0', 'first'],
      ['first: -1', 'first'],
      ['last: 101', 'last'],
      ['first: 1, last: 1', 'last'],
      [`after: "${cursor}", last: 1`, 'last'],
      [`first: 1, before: "${cursor}"`, 'before'],
      [`after: "${cursor}", before: "${cursor}"`, 'before'],
    ] as const) {
      const { errors } = await askList(list, args);
      expect(
        errors?.map(({ extensions }) => extensions),
        args,
      ).toMatchObject([{ code: 'BAD_USER_INPUT', issues: [{ path }] }]);
    }
  });

  test('is read whole in pages, forwards and backwards', async () => {
    const all = cursorsOf(await readPage(list, 'first: 100'));
    expect(all.length).toBeGreaterThan(1);
    const last = await readPage(list, `first: 100, after: "${all.at(-1)}"`);
    all.push(...cursorsOf(last));
    const forwards: string[] = [];
    let page = await readPage(list, 'first: 2');
    for (; ; page = await readPage(list, `first: 2, after: "${page.pageInfo.endCursor}"`)) {
      forwards.push(...cursorsOf(page));
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(forwards).toEqual(all);
    const backwards: string[] = [];
    for (page = await readPage(list, 'last: 2'); ; ) {
      backwards.unshift(...cursorsOf(page));
      if (!page.pageInfo.hasPreviousPage) break;
      page = await readPage(list, `last: 2, before: "${page.pageInfo.startCursor}"`);
    }
    expect(backwards).toEqual(all);
  });
});

test('a list of open grants goes on behind one that was drawn empty meanwhile', async () => {
  await api.ask('mutation { createCustomer(input: { externalId: "spender" }) { __typename } }');
  const customer = { externalId: 'spender' };
  const granted: Granted[] = [];
  for (const priority of [2, 1, 0]) granted.unshift(await grantOne({ customer, priority }));
  const [newest, ...others] = granted.map(({ grant }) => grant.id);
  const openGrants = async (args: string) => {
    const { data } = await api.ask(
      `query ($id: ID!) { wallet(id: $id) { grants(openOnly: true, ${args}) { edges { cursor node { id } } } } }`,
      { id: granted[0]?.wallet.id },
    );
    return data.wallet.grants.edges;
  };
  const [{ node, cursor }] = await openGrants('first: 1');
  expect(node.id).toBe(newest);
  await api.ask(
    'mutation ($input: UsageEventInput!) { recordUsage(input: $input) { __typename } }',
    { input: { customer, eventId: 'spent', type: 'api.call' } },
  );
  const rest = await openGrants(`first: 5, after: "${cursor}"`);
  expect(rest.map((edge: { node: { id: string } }) => edge.node.id)).toEqual(others);
});

interface Granted {
  readonly grant: { readonly id: string };
  readonly wallet: { readonly id: string };
}

async function grantOne(input: object): Promise<Granted> {
  const { data } = await api.ask(
    `mutation ($input: GrantCreditInput!) { grantCredit(input: $input) {
      ... on GrantCreditPayload { grant { id } wallet { id } }
    } }`,
    { input: { asset: 'USD', amount: '1', ...input } },
  );
  return data.grantCredit;
}
