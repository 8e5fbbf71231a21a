import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kit/clock.ts';
import { withAdmin } from '../support/admin.ts';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let walletId: string;

beforeAll(async () => {
  api = await startApi();
  ({ walletId } = await setUpCalls(api.ask, 'acme', '100'));
});
afterAll(() => api.stop());

const CREATE = `mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) {
  __typename
  ... on CreateAlertRulePayload { alertRule {
    id name kind belowAmount belowPercent projectedEmptyHours grantExpiringDays deletedAt
    burnRate { multiple windowMinutes trailingHours minimum }
    customer { externalId } wallet { id } asset { code }
  } }
  ... on Error { code } ... on ValidationError { issues { path code } }
} }`;

const create = async (input: object) => (await api.ask(CREATE, { input })).data.createAlertRule;

const use = (eventId: string, count = 1) =>
  api.ask(
    `mutation ($input: RecordUsageBatchInput!) { recordUsageBatch(input: $input) { __typename } }`,
    {
      input: {
        events: Array.from({ length: count }, (_, at) => ({
          customer: { externalId: 'acme' },
          eventId: `${eventId} ${at}`,
          type: 'api.call',
        })),
      },
    },
  );

const ALERTS = `query ($id: ID!, $activeOnly: Boolean!) { wallet(id: $id) {
  alerts(activeOnly: $activeOnly) { edges { node {
    kind told threshold observed active recoveredAt rule { name belowPercent } wallet { id } grant { id }
  } } }
  customer { alerts(first: 1) { edges { node { id } } } }
} }`;

async function alertsOf(activeOnly: boolean, key?: string) {
  const { data, errors } = await api.ask(ALERTS, { id: walletId, activeOnly }, key);
  expect(errors).toBeUndefined();
  expect(data.wallet.customer.alerts.edges.length).toBeLessThanOrEqual(1);
  return data.wallet.alerts.edges.map(({ node }: { node: object }) => node);
}

test('an organization begins with rules below 50, 20 and 5 percent', async () => {
  const { data } = await api.ask(`{ alertRules { edges { node {
    name kind belowPercent customer { id } wallet { id } asset { id } burnRate { multiple }
  } } } }`);
  const rules = data.alertRules.edges.map(({ node }: { node: object }) => node);
  const all = { kind: 'BELOW_PERCENT', customer: null, wallet: null, asset: null, burnRate: null };
  expect(rules).toEqual(
    ['50', '20', '5'].map((belowPercent) => ({
      ...all,
      belowPercent,
      name: `Below ${belowPercent} %`,
    })),
  );
});

test('the state of a wallet names what it has crossed, and what it has recovered from', async () => {
  expect(await alertsOf(false)).toEqual([]);
  await use('down', 85);
  const common = { kind: 'BELOW_PERCENT', observed: '15', wallet: { id: walletId }, grant: null };
  const [worst, other] = (await alertsOf(true)).sort((a: { told: boolean }) => (a.told ? -1 : 1));
  expect(worst).toEqual({
    ...common,
    told: true,
    threshold: '20',
    active: true,
    recoveredAt: null,
    rule: { name: 'Below 20 %', belowPercent: '20' },
  });
  expect(other).toMatchObject({ ...common, told: false, threshold: '50' });
  await api.ask(
    `mutation { grantCredit(input: { customer: { externalId: "acme" }, asset: "USD", amount: "85" }) { __typename } }`,
  );
  expect(await alertsOf(true)).toEqual([]);
  expect(await alertsOf(false)).toHaveLength(2);
  expect((await alertsOf(false))[0].recoveredAt).not.toBeNull();
});

test('every kind of rule is answered as it was asked for', async () => {
  const conditions = [
    [{ belowAmount: '5' }, { kind: 'BELOW_AMOUNT', belowAmount: '5' }],
    [{ belowPercent: '12.5' }, { kind: 'BELOW_PERCENT', belowPercent: '12.5' }],
    [{ depleted: true }, { kind: 'DEPLETED' }],
    [{ recovered: true }, { kind: 'RECOVERED' }],
    [{ projectedEmptyHours: 24 }, { kind: 'PROJECTED_EMPTY', projectedEmptyHours: 24 }],
    [{ grantExpiringDays: 7 }, { kind: 'GRANT_EXPIRING', grantExpiringDays: 7 }],
    [
      { burnRate: { multiple: '5', minimum: '10' } },
      {
        kind: 'BURN_RATE',
        burnRate: { multiple: '5', windowMinutes: 60, trailingHours: 24, minimum: '10' },
      },
    ],
  ] as const;
  for (const [condition, expected] of conditions) {
    const of = { customer: { externalId: 'acme' }, asset: 'USD' };
    const { alertRule } = await create({ ...of, condition });
    expect(alertRule).toMatchObject({
      belowAmount: null,
      belowPercent: null,
      burnRate: null,
      projectedEmptyHours: null,
      grantExpiringDays: null,
      customer: { externalId: 'acme' },
      asset: { code: 'USD' },
      wallet: null,
      ...expected,
    });
  }
});

test('a rule of a wallet is changed and deleted, and its alerts still name it', async () => {
  const condition = { belowAmount: '1000' };
  const { alertRule } = await create({ wallet: walletId, name: 'Big', condition });
  expect(alertRule).toMatchObject({ wallet: { id: walletId }, asset: null, name: 'Big' });
  const named = async () =>
    (await alertsOf(true)).filter(({ rule }: { rule: { name: string } }) => rule.name === 'Big');
  expect(await named()).toHaveLength(1);
  const { data } = await api.ask(
    `mutation ($rule: ID!) {
      updateAlertRule(input: { rule: $rule, condition: { belowAmount: "2000" } }) {
        ... on UpdateAlertRulePayload { alertRule { belowAmount name } }
      }
      deleteAlertRule(input: { rule: $rule }) {
        ... on DeleteAlertRulePayload { alertRule { id deletedAt } }
      }
    }`,
    { rule: alertRule.id },
  );
  expect(data.updateAlertRule.alertRule).toEqual({ belowAmount: '2000', name: 'Big' });
  expect(data.deleteAlertRule.alertRule).toEqual({
    id: alertRule.id,
    deletedAt: expect.any(String),
  });
  expect(await named()).toEqual([]);
  const { data: listed } = await api.ask('{ alertRules(first: 100) { edges { node { id } } } }');
  expect(JSON.stringify(listed)).not.toContain(alertRule.id);
});

test('an alert about a depletion shows 0 as what was crossed', async () => {
  await api.ask(`mutation {
    createCustomer(input: { externalId: "short" }) { __typename }
    grantCredit(input: { customer: { externalId: "short" }, asset: "USD", amount: "1" }) { __typename }
  }`);
  await create({ customer: { externalId: 'short' }, condition: { depleted: true } });
  const { data } = await api.ask(`mutation {
    recordUsage(input: { customer: { externalId: "short" }, eventId: "all", type: "api.call" }) {
      ... on UsageRecorded { event { customer { alerts(first: 10) { edges { node { kind threshold observed told } } } } } }
    }
  }`);
  const alerts = data.recordUsage.event.customer.alerts.edges;
  expect(alerts.map(({ node }: { node: object }) => node)).toContainEqual({
    kind: 'DEPLETED',
    threshold: '0',
    observed: '0',
    told: expect.any(Boolean),
  });
});

test('a grant that is about to expire is told by the call that makes it, and by no repeat of it', async () => {
  await api.ask('mutation { createCustomer(input: { externalId: "brief" }) { __typename } }');
  const customer = { externalId: 'brief' };
  const { alertRule } = await create({ customer, condition: { grantExpiringDays: 7 } });
  expect(alertRule.kind).toBe('GRANT_EXPIRING');
  const expiresAt = new Date(Date.now() + 2 * DAY_MS).toISOString();
  const input = { customer, asset: 'USD', amount: '3', expiresAt, idempotencyKey: 'brief' };
  const grant = async () => {
    const { data } = await api.ask(
      `mutation ($input: GrantCreditInput!) { grantCredit(input: $input) { ... on GrantCreditPayload {
        grant { id } wallet { alerts(activeOnly: true) { edges { node { kind observed threshold told grant { id } } } } }
      } } }`,
      { input },
    );
    return data.grantCredit;
  };
  const first = await grant();
  const alert = { kind: 'GRANT_EXPIRING', observed: '3', threshold: null, told: true };
  expect(first.wallet.alerts.edges).toEqual([{ node: { ...alert, grant: first.grant } }]);
  expect(await grant()).toEqual(first);
  const { data } = await api.ask(
    '{ customer(ref: { externalId: "brief" }) { alerts { edges { node { id } } } } }',
  );
  expect(data.customer.alerts.edges).toHaveLength(1);
});

test('a grant whose days begin by and by is told by a worker within seconds', async () => {
  await api.ask('mutation { createCustomer(input: { externalId: "soon" }) { __typename } }');
  const customer = { externalId: 'soon' };
  await create({ customer, condition: { grantExpiringDays: 1 } });
  const worker = await startApi({ databaseUrl: api.databaseUrl, worker: true });
  const begins = Date.now() + 1_500;
  const expiresAt = new Date(begins + DAY_MS).toISOString();
  const kinds = async (): Promise<string[]> => {
    const { data } = await api.ask(
      '{ customer(ref: { externalId: "soon" }) { alerts { edges { node { kind } } } } }',
    );
    return data.customer.alerts.edges.map(({ node }: { node: { kind: string } }) => node.kind);
  };
  await api.ask(
    `mutation ($input: GrantCreditInput!) { grantCredit(input: $input) { __typename } }`,
    { input: { customer, asset: 'USD', amount: '3', expiresAt } },
  );
  while ((await kinds()).length === 0);
  expect(Date.now()).toBeGreaterThanOrEqual(begins);
  expect(Date.now()).toBeLessThan(begins + 25_000);
  await worker.stop();
  expect(await kinds()).toEqual(['GRANT_EXPIRING']);
});

test.each(['depleted', 'recovered'])('%s: false asks for nothing', async (flag) => {
  expect(await create({ condition: { [flag]: false } })).toEqual({
    __typename: 'ValidationError',
    code: 'VALIDATION_FAILED',
    issues: [{ path: 'condition', code: 'REQUIRED' }],
  });
});

test('wrong input is a typed error that names the place', async () => {
  expect(await create({ asset: 'USD', condition: { belowAmount: '0' } })).toEqual({
    __typename: 'ValidationError',
    code: 'VALIDATION_FAILED',
    issues: [{ path: 'condition.belowAmount', code: 'NOT_POSITIVE' }],
  });
  expect(
    await create({ customer: { externalId: 'nobody' }, condition: { depleted: true } }),
  ).toEqual({
    __typename: 'NotFoundError',
    code: 'NOT_FOUND',
  });
});

test('a customer token reads its own alerts and the rules for them, and changes none', async () => {
  const { data } = await api.ask(
    `mutation { createCustomerToken(input: { customer: { externalId: "acme" } }) {
      ... on CreateCustomerTokenPayload { token } } }`,
  );
  const { token } = data.createCustomerToken;
  expect((await alertsOf(false, token)).length).toBeGreaterThan(0);
  const answer = await api.ask(CREATE, { input: { condition: { depleted: true } } }, token);
  expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('a wallet from before there were alerts takes percents of what it has when it is charged', async () => {
  const { walletId: old } = await setUpCalls(api.ask, 'old', '40');
  expect(old).not.toBe('');
  // As the migration leaves it.
  await withAdmin(api.databaseUrl, (admin) =>
    admin.query(`UPDATE wallets SET alert_below = NULL, alert_base = NULL, alert_version = 0,
      version = version + 1 WHERE customer_id = (SELECT id FROM customers WHERE external_id = 'old')`),
  );
  const send = (count: number, eventId: string) =>
    api.ask(
      `mutation ($input: RecordUsageBatchInput!) { recordUsageBatch(input: $input) { __typename } }`,
      {
        input: {
          events: Array.from({ length: count }, (_, at) => ({
            customer: { externalId: 'old' },
            eventId: `${eventId} ${at}`,
            type: 'api.call',
          })),
        },
      },
    );
  const active = async () => {
    const { data } = await api.ask(ALERTS, { id: old, activeOnly: true });
    return data.wallet.alerts.edges.map(
      ({ node }: { node: { rule: { name: string }; threshold: string } }) =>
        `${node.rule.name}: ${node.threshold}`,
    );
  };
  await send(30, 'first');
  expect(await active()).toEqual([]);
  // Of the 10 that were left.
  await send(6, 'second');
  expect(await active()).toEqual(['Below 50 %: 5']);
});
