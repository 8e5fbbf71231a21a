import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, setUpCalls, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let ask: Ask;

beforeAll(async () => {
  api = await startApi();
  ask = api.ask;
  await setUpCalls(ask, 'acme', '1000');
  await ask(`mutation {
    createAsset(input: { code: "POINT", name: "Points", scale: 0 }) { __typename }
    tokens: createBillableMetric(input: { code: "tokens", name: "Tokens", eventType: "llm", aggregation: SUM, property: "tokens" }) { __typename }
    createPrice(input: { metric: "tokens", asset: "USD", unitAmount: "0.001", dimensions: { model: "known" } }) { __typename }
    unpriced: createBillableMetric(input: { code: "unpriced", name: "Unpriced", eventType: "unpriced", aggregation: COUNT }) { __typename }
  }`);
});
afterAll(() => api.stop());

/** Everything a refused operation might have left behind. */
async function state() {
  const { data } = await ask(`{
    customer(ref: { externalId: "acme" }) {
      wallets { name version balance { settled pending } grants { edges { node { id remaining } } } entries { edges { node { id } } } }
    }
    usageEvents(first: 100) { edges { node { id } } }
  }`);
  return data;
}

const GRANT = `mutation ($input: GrantCreditInput!) {
  grantCredit(input: $input) {
    __typename
    ... on Error { code message retryable }
    ... on ValidationError { issues { path code } }
    ... on NotFoundError { path what given }
  }
}`;

const acme = { externalId: 'acme' };
const loneSurrogate = 'bad \ud800 text';

const AMOUNTS: [string, unknown, string][] = [
  ['negative', '-1', 'NOT_POSITIVE'],
  ['zero', '0', 'NOT_POSITIVE'],
  ['NaN', 'NaN', 'NOT_A_DECIMAL'],
  ['Infinity', 'Infinity', 'NOT_A_DECIMAL'],
  ['an exponent', '1e400', 'NOT_A_DECIMAL'],
  ['hexadecimal', '0x10', 'NOT_A_DECIMAL'],
  ['a leading space', ' 1', 'NOT_A_DECIMAL'],
  ['a trailing space', '1 ', 'NOT_A_DECIMAL'],
  ['a plus sign', '+1', 'NOT_A_DECIMAL'],
  ['negative zero', '-0', 'NOT_A_DECIMAL'],
  ['a bare point', '.5', 'NOT_A_DECIMAL'],
  ['a comma', '1,5', 'NOT_A_DECIMAL'],
  ['leading zeros', '007', 'NOT_A_DECIMAL'],
  ['an empty string', '', 'NOT_A_DECIMAL'],
  ['a JSON number', 10, 'NOT_A_DECIMAL'],
  ['another alphabet', '１', 'NOT_A_DECIMAL'],
  ['13 decimal places', '0.0000000000001', 'SCALE_EXCEEDED'],
  ['27 digits', '100000000000000000000000000', 'OUT_OF_RANGE'],
  ['what would overflow the balance', '99999999999999999999999999', 'OUT_OF_RANGE'],
];

const GRANTS: [string, object, string, string][] = [
  ...AMOUNTS.map(([what, amount, code]): [string, object, string, string] => [
    `an amount that is ${what}`,
    { amount },
    'amount',
    code,
  ]),
  [
    'more places than the asset keeps',
    { asset: 'POINT', amount: '1.5' },
    'amount',
    'SCALE_EXCEEDED',
  ],
  ['NUL in a description', { description: 'a\u0000b' }, 'description', 'BAD_CHARACTER'],
  ['a lone surrogate', { description: loneSurrogate }, 'description', 'BAD_CHARACTER'],
  [
    'a lone surrogate in metadata',
    { metadata: { a: [loneSurrogate] } },
    'metadata.a.0',
    'BAD_CHARACTER',
  ],
  ['metadata that is a list', { metadata: [1] }, 'metadata', 'BAD_FORMAT'],
  ['1 MB of metadata', { metadata: { a: 'x'.repeat(1 << 20) } }, 'metadata', 'TOO_LARGE'],
  [
    '51 keys',
    { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 1])) },
    'metadata',
    'TOO_MANY',
  ],
  ['a number that JSON cannot hold', { metadata: { a: 2 ** 53 } }, 'metadata.a', 'OUT_OF_RANGE'],
  ['a priority of 101', { priority: 101 }, 'priority', 'OUT_OF_RANGE'],
  ['a time without a zone', { expiresAt: '2099-01-01T00:00:00' }, 'expiresAt', 'NOT_AN_INSTANT'],
  ['a day that is not there', { expiresAt: '2099-02-30T00:00:00Z' }, 'expiresAt', 'NOT_AN_INSTANT'],
  ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt', 'NOT_ALLOWED'],
  ['an empty scope', { scope: { metrics: [] } }, 'scope.metrics', 'TOO_FEW'],
  ['a negative cost basis', { costBasis: '-1' }, 'costBasis', 'NEGATIVE'],
];

describe('a grant is refused with the path, and nothing is written:', () => {
  it.each(GRANTS)('%s', async (_what, change, path, code) => {
    const before = await state();
    const input = { customer: acme, asset: 'USD', amount: '1', ...change };
    const { data, errors } = await ask(GRANT, { input });
    expect(errors).toBeUndefined();
    expect(data.grantCredit).toMatchObject({
      __typename: 'ValidationError',
      retryable: false,
      issues: [{ path, code }],
    });
    expect(await state()).toEqual(before);
  });

  it('__proto__ as a key of metadata, sent as JSON', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sk_test_the_first_organizations_key_for_tests',
      },
      body: `{"query":${JSON.stringify(GRANT)},"variables":{"input":{"customer":{"externalId":"acme"},
        "asset":"USD","amount":"1","metadata":{"__proto__":{"polluted":true}}}}}`,
    });
    const { data } = (await response.json()) as { data: { grantCredit: object } };
    expect(data.grantCredit).toMatchObject({
      issues: [{ path: 'metadata.__proto__', code: 'NOT_ALLOWED' }],
    });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('__proto__ as a key of metadata, written in the document', async () => {
    const { data } = await ask(`mutation {
      grantCredit(input: { customer: { externalId: "acme" }, asset: "USD", amount: "1", metadata: { __proto__: { a: 1 } } }) {
        ... on ValidationError { issues { path code } }
      }
    }`);
    expect(data.grantCredit.issues).toEqual([{ path: 'metadata.__proto__', code: 'NOT_ALLOWED' }]);
  });

  it.each([
    ['customer', { customer: { externalId: 'nobody' } }, 'Customer', 'nobody'],
    [
      'customer id of another kind',
      { customer: { id: 'wallet_01h455vb4pex5vsknk084sn02q' } },
      'Customer',
      'wallet_01h455vb4pex5vsknk084sn02q',
    ],
    ['asset', { asset: 'EUR' }, 'Asset', 'EUR'],
    ['metric', { scope: { metrics: ['calls', 'nope'] } }, 'BillableMetric', 'nope'],
  ])('an unknown %s', async (_what, change, what, given) => {
    const before = await state();
    const { data } = await ask(GRANT, {
      input: { customer: acme, asset: 'USD', amount: '1', ...change },
    });
    expect(data.grantCredit).toMatchObject({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
      what,
      given,
    });
    expect(await state()).toEqual(before);
  });
});

const BATCH = `mutation ($input: RecordUsageBatchInput!) {
  recordUsageBatch(input: $input) {
    __typename
    ... on RecordUsageBatchPayload {
      recorded duplicates refused
      outcomes {
        __typename
        ... on Error { code }
        ... on ValidationError { issues { path code } }
        ... on NotFoundError { path given }
        ... on IdempotencyMismatchError { key field }
        ... on InsufficientFundsError { available required shortfall asset { code } wallet { name } }
        ... on PriceNotFoundError { metric dimensions quantity }
        ... on EventTimeError { earliest latest }
      }
    }
    ... on ValidationError { issues { path code } }
  }
}`;

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const minutesAhead = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

const EVENTS: [string, object, object][] = [
  [
    'an unknown customer',
    { customer: { externalId: 'nobody' } },
    { __typename: 'NotFoundError', path: 'events.1.customer.externalId' },
  ],
  [
    'an unknown hold',
    { holdId: 'hold_01h455vb4pex5vsknk084sn02q' },
    { __typename: 'NotFoundError', path: 'events.1.holdId' },
  ],
  ['a type that no metric counts', { type: 'nothing.counts.this' }, { code: 'EVENT_TYPE_UNKNOWN' }],
  [
    'a metric without a price',
    { type: 'unpriced' },
    { code: 'PRICE_NOT_FOUND', metric: 'unpriced', quantity: '1' },
  ],
  [
    'a model without a rate',
    { type: 'llm', properties: { model: 'unknown', tokens: 5 } },
    { code: 'PRICE_NOT_FOUND', metric: 'tokens', dimensions: { model: 'unknown' }, quantity: '5' },
  ],
  ['40 days ago', { occurredAt: daysAgo(40) }, { code: 'EVENT_TOO_OLD' }],
  ['10 minutes ahead', { occurredAt: minutesAhead(10) }, { code: 'EVENT_IN_FUTURE' }],
  [
    'a time that is none',
    { occurredAt: 'yesterday' },
    { issues: [{ path: 'events.1.occurredAt', code: 'NOT_AN_INSTANT' }] },
  ],
  ['an empty id', { eventId: '' }, { issues: [{ path: 'events.1.eventId', code: 'TOO_SHORT' }] }],
  [
    'an id of 256 characters',
    { eventId: 'x'.repeat(256) },
    { issues: [{ path: 'events.1.eventId', code: 'TOO_LONG' }] },
  ],
  [
    'NUL in the id',
    { eventId: 'a\u0000' },
    { issues: [{ path: 'events.1.eventId', code: 'BAD_CHARACTER' }] },
  ],
  [
    'a lone surrogate in the subject',
    { subject: loneSurrogate },
    { issues: [{ path: 'events.1.subject', code: 'BAD_CHARACTER' }] },
  ],
  [
    'NUL in a property',
    { properties: { a: '\u0000' } },
    { issues: [{ path: 'events.1.properties.a', code: 'BAD_CHARACTER' }] },
  ],
  [
    'properties of 1 MB',
    { properties: { a: 'x'.repeat(1 << 20) } },
    { issues: [{ path: 'events.1.properties', code: 'TOO_LARGE' }] },
  ],
  [
    'properties that are text',
    { properties: 'tokens' },
    { issues: [{ path: 'events.1.properties', code: 'BAD_FORMAT' }] },
  ],
  ...(
    [
      [-5, 'NEGATIVE'],
      ['-5', 'NEGATIVE'],
      ['NaN', 'NOT_A_DECIMAL'],
      ['1e400', 'NOT_A_DECIMAL'],
      ['0x10', 'NOT_A_DECIMAL'],
      [' 1', 'NOT_A_DECIMAL'],
      ['-0', 'NOT_A_DECIMAL'],
      [true, 'NOT_A_DECIMAL'],
      [{ n: 1 }, 'NOT_A_DECIMAL'],
      ['0.0000000000001', 'SCALE_EXCEEDED'],
      ['100000000000000000000000000', 'OUT_OF_RANGE'],
    ] as const
  ).map(([tokens, code]): [string, object, object] => [
    `a quantity of ${JSON.stringify(tokens)}`,
    { type: 'llm', properties: { model: 'known', tokens } },
    { issues: [{ path: 'events.1.properties.tokens', code }] },
  ]),
  [
    'a quantity that costs more than there is',
    { type: 'llm', properties: { model: 'known', tokens: '2000000' } },
    {
      code: 'INSUFFICIENT_FUNDS',
      required: '2000',
      asset: { code: 'USD' },
      wallet: { name: 'default' },
    },
  ],
];

describe('an event is refused with the fact, and the others of its batch go through:', () => {
  let nextId = 0;
  const good = () => ({ customer: acme, eventId: `good-${nextId++}`, type: 'api.call' });

  it.each(EVENTS)('%s', async (_what, change, expected) => {
    const bad = { ...good(), ...change };
    const { data, errors } = await ask(BATCH, { input: { events: [good(), bad, good()] } });
    expect(errors).toBeUndefined();
    expect(data.recordUsageBatch).toMatchObject({
      recorded: 2,
      refused: 1,
      outcomes: [{ __typename: 'UsageRecorded' }, expected, { __typename: 'UsageRecorded' }],
    });
  });

  it('a number that JSON reads as infinity', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sk_test_the_first_organizations_key_for_tests',
      },
      body: `{"query":${JSON.stringify(BATCH)},"variables":{"input":{"events":[{"customer":{"externalId":"acme"},
        "eventId":"infinite","type":"llm","properties":{"model":"known","tokens":1e999}}]}}}`,
    });
    const { data } = (await response.json()) as Awaited<ReturnType<Ask>>;
    const issues = [{ path: 'events.0.properties.tokens', code: 'OUT_OF_RANGE' }];
    expect(data.recordUsageBatch.outcomes).toMatchObject([{ issues }]);
  });

  it('the same event twice in one batch: recorded once', async () => {
    const event = good();
    const { data } = await ask(BATCH, { input: { events: [event, event] } });
    expect(data.recordUsageBatch).toMatchObject({ recorded: 1, duplicates: 1, refused: 0 });
  });

  it.each([
    ['type', { type: 'llm', properties: { model: 'known', tokens: 1 } }],
    ['subject', { subject: 'someone' }],
    ['properties', { properties: { a: 1 } }],
    ['occurredAt', { occurredAt: daysAgo(1) }],
  ])('the same id with another %s', async (field, change) => {
    const event = good();
    const { data } = await ask(BATCH, { input: { events: [event, { ...event, ...change }] } });
    expect(data.recordUsageBatch.outcomes[1]).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      key: event.eventId,
      field,
    });
    const again = await ask(BATCH, { input: { events: [{ ...event, ...change }] } });
    expect(again.data.recordUsageBatch.outcomes).toMatchObject([{ field }]);
  });

  it.each([
    ['no events', 0, 'TOO_FEW'],
    ['1,001 events', 1001, 'TOO_MANY'],
  ])('a batch of %s', async (_what, count, code) => {
    const before = await state();
    const events = Array.from({ length: count }, good);
    const { data } = await ask(BATCH, { input: { events } });
    expect(data.recordUsageBatch).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: 'events', code }],
    });
    expect(await state()).toEqual(before);
  });

  it('a batch of 1,000 is taken', async () => {
    const events = Array.from({ length: 1000 }, () => ({
      ...good(),
      type: 'llm',
      properties: { model: 'known', tokens: 1 },
    }));
    const { data } = await ask(BATCH, { input: { events } });
    expect(data.recordUsageBatch).toMatchObject({ recorded: 1000, refused: 0 });
  });
});

describe('a credential is refused:', () => {
  it.each([
    ['none', null],
    ['not a key', 'hello'],
    ['a key that was never made', 'sk_test_0000000000000000000000000000000000'],
    ['a token that is none', 'eyJhbGciOiJFZERTQSJ9.e30.AAAA'],
    ['an empty one', ''],
  ])('%s', async (_what, key) => {
    const { status, errors } = await ask('{ organization { id } }', {}, key);
    expect(status).toBe(401);
    expect(errors?.[0].extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      requestId: expect.any(String),
    });
  });
});
