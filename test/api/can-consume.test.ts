import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ask, startApi, type TestApi } from '../support/api.ts';
import { acme, call, nobody, setUpChecks } from './checks-fixture.ts';

// May they? Through the front door, with a customer who has ten dollars and calls at a dollar each.

let api: TestApi;
let ask: Ask;

beforeAll(async () => {
  api = await startApi();
  ask = api.ask;
  await setUpChecks(ask);
});
afterAll(() => api.stop());

const CHECK = `query ($input: CanConsumeInput!) { canConsume(input: $input) {
  outcome reason available required shortfall index asOf
  asset { code } wallet { customer { externalId } } issues { path }
} }`;

async function check(input: object, key?: string) {
  const { data, errors } = await ask(CHECK, { input: { customer: acme, ...input } }, key);
  expect(errors).toBeUndefined();
  return data.canConsume;
}

async function faultOf(input: object) {
  const { errors } = await ask(CHECK, { input: { customer: acme, ...input } });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  return errors?.[0].extensions.issues.map((issue: { path: string; code: string }) => [
    issue.path,
    issue.code,
  ]);
}

let recorded = 0;

async function record(externalId = 'acme') {
  recorded += 1;
  const input = { customer: { externalId }, eventId: `call-${recorded}`, type: 'api.call' };
  const { data } = await ask(
    `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
      __typename ... on UsageRecorded { throttled }
    } }`,
    { input },
  );
  return data.recordUsage;
}

describe('canConsume', () => {
  test('says what a charge would find, and what it was decided on', async () => {
    expect(await check(call)).toMatchObject({
      outcome: 'ALLOW',
      reason: null,
      available: '10',
      required: '1',
      shortfall: null,
      asset: { code: 'USD' },
      wallet: { customer: acme },
    });
    expect(await check({ metric: 'calls', quantity: '10' })).toMatchObject({
      outcome: 'ALLOW',
      required: '10',
    });
    expect(await check({ metric: 'calls', quantity: '11' })).toMatchObject({
      outcome: 'DENY',
      reason: 'INSUFFICIENT_FUNDS',
      available: '10',
      required: '11',
      shortfall: '1',
    });
    expect(await check({ asset: 'USD', amount: '10.5' })).toMatchObject({
      outcome: 'DENY',
      shortfall: '0.5',
    });
    expect(
      await check({ metric: 'tokens', quantity: '3000', properties: { model: 'mini' } }),
    ).toMatchObject({
      outcome: 'ALLOW',
      required: '3',
    });
  });

  test('knows a charge as soon as it was answered', async () => {
    for (let left = 10; left > 0; left -= 1) {
      expect(await check(call)).toMatchObject({ outcome: 'ALLOW', available: String(left) });
      expect(await record()).toMatchObject({ __typename: 'UsageRecorded' });
    }
    expect(await check(call)).toMatchObject({ outcome: 'DENY', available: '0' });
    expect(await record()).toMatchObject({ __typename: 'InsufficientFundsError' });
    await ask(`mutation { grantCredit(input: {
      customer: { externalId: "acme" }, asset: "USD", amount: "10"
    }) { __typename } }`);
    expect(await check(call)).toMatchObject({ outcome: 'ALLOW', available: '10' });
  });

  test('says who belongs in the slow lane, and who may go on without end', async () => {
    const slow = { customer: { externalId: 'slow' } };
    expect(await check({ ...slow, ...call })).toMatchObject({
      outcome: 'THROTTLE',
      reason: 'OVERDRAWN',
      available: '5',
      required: '1',
    });
    expect(await record('slow')).toMatchObject({ throttled: true });
    expect(await check({ ...slow, asset: 'USD', amount: '4' })).toMatchObject({
      outcome: 'THROTTLE',
    });
    expect(await check({ ...slow, asset: 'USD', amount: '4.01' })).toMatchObject({
      outcome: 'DENY',
      available: '4',
    });
    const arrears = { customer: { externalId: 'arrears' } };
    expect(await check({ ...arrears, metric: 'calls', quantity: '1000000' })).toMatchObject({
      outcome: 'ALLOW',
      available: null,
    });
  });

  test('denies with a reason who or what does not exist', async () => {
    const reasons = await Promise.all(
      [
        { ...call, customer: nobody },
        { metric: 'nothing', quantity: '1' },
        { asset: 'NOTHING', amount: '1' },
        { event: { type: 'nothing' } },
        { metric: 'tokens', quantity: '1' },
        { event: { ...call.event, occurredAt: '2020-01-01T00:00:00Z' } },
        { event: { ...call.event, occurredAt: '2999-01-01T00:00:00Z' } },
        { ...call, customer: { externalId: 'empty' } },
      ].map(async (input) => {
        const { outcome, reason, wallet } = await check(input);
        expect([outcome, wallet]).toEqual(['DENY', null]);
        return reason;
      }),
    );
    expect(reasons).toEqual([
      'CUSTOMER_NOT_FOUND',
      'METRIC_NOT_FOUND',
      'ASSET_NOT_FOUND',
      'EVENT_TYPE_UNKNOWN',
      'PRICE_NOT_FOUND',
      'EVENT_TOO_OLD',
      'EVENT_IN_FUTURE',
      'INSUFFICIENT_FUNDS',
    ]);
  });

  test('allows what counts nothing or costs nothing', async () => {
    const empty = { customer: { externalId: 'empty' } };
    const nothing = { outcome: 'ALLOW', reason: null, required: null, asset: null };
    expect(await check({ ...empty, event: { type: 'llm' } })).toMatchObject(nothing);
    expect(await check({ ...empty, metric: 'calls', quantity: '0' })).toMatchObject(nothing);
    expect(await check({ ...empty, asset: 'USD', amount: '0' })).toMatchObject({
      outcome: 'ALLOW',
      required: '0',
      available: '0',
    });
  });

  test.each([
    ['nothing', {}, [['', 'REQUIRED']]],
    ['two', { ...call, asset: 'USD', amount: '1' }, [['', 'NOT_ALLOWED']]],
    ['a metric alone', { metric: 'calls' }, [['quantity', 'REQUIRED']]],
    ['an asset alone', { asset: 'USD' }, [['amount', 'REQUIRED']]],
    ['an event with a quantity', { ...call, quantity: '1' }, [['quantity', 'NOT_ALLOWED']]],
    ['less than nothing', { metric: 'calls', quantity: '-1' }, [['quantity', 'NEGATIVE']]],
    ['no number', { asset: 'USD', amount: '1e3' }, [['amount', 'NOT_A_DECIMAL']]],
    ['a part of a point', { asset: 'POINT', amount: '0.5' }, [['amount', 'SCALE_EXCEEDED']]],
    [
      'an event in bad form',
      { event: { type: '', occurredAt: 'now', properties: { a: 2 ** 60 } } },
      [
        ['event.type', 'TOO_SHORT'],
        ['event.occurredAt', 'NOT_AN_INSTANT'],
        ['event.properties.a', 'OUT_OF_RANGE'],
      ],
    ],
    [
      'a quantity that is none',
      { event: { type: 'llm', properties: { tokens: 'many' } } },
      [['event.properties.tokens', 'NOT_A_DECIMAL']],
    ],
    [
      'more than there are digits',
      { metric: 'calls', quantity: '1', properties: [1] },
      [['properties', 'BAD_FORMAT']],
    ],
  ])('refuses %s as bad input', async (_what, input, issues) => {
    expect(await faultOf(input)).toEqual(issues);
  });

  test("answers a token about its own customer, and about another's as about nobody", async () => {
    const { data } = await ask(`mutation {
      createCustomerToken(input: { customer: { externalId: "slow" } }) { ... on CreateCustomerTokenPayload { token } }
    }`);
    const { token } = data.createCustomerToken;
    const own = { ...call, customer: { externalId: 'slow' } };
    expect(await check(own, token)).toMatchObject({ outcome: 'THROTTLE' });
    const [others, nobodys] = await Promise.all([
      check(call, token),
      check({ ...call, customer: nobody }, token),
    ]);
    expect(others).toEqual({ ...nobodys, asOf: others.asOf });
    expect(others.reason).toBe('CUSTOMER_NOT_FOUND');
  });

  test('follows the catalogue and the policy of a wallet at once', async () => {
    const input = { customer: { externalId: 'empty' }, metric: 'later', quantity: '1' };
    expect(await check(input)).toMatchObject({ reason: 'METRIC_NOT_FOUND' });
    await ask(`mutation {
      createBillableMetric(input: { code: "later", eventType: "later", aggregation: COUNT }) { __typename }
      createPrice(input: { metric: "later", asset: "USD", unitAmount: "2" }) { __typename }
    }`);
    expect(await check(input)).toMatchObject({ reason: 'INSUFFICIENT_FUNDS', wallet: null });
    const { data } = await ask(`mutation { openWallet(input: {
      customer: { externalId: "empty" }, asset: "USD"
    }) { ... on OpenWalletPayload { wallet { id } } } }`);
    expect(await check(input)).toMatchObject({ wallet: { customer: { externalId: 'empty' } } });
    await ask(
      `mutation ($wallet: ID!) { updateWallet(input: {
        wallet: $wallet, onEmpty: OVERDRAFT, overdraftLimit: "2"
      }) { __typename } }`,
      { wallet: data.openWallet.wallet.id },
    );
    expect(await check(input)).toMatchObject({ outcome: 'ALLOW', available: '2' });
  });
});
