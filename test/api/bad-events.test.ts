import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ask, TestApi } from '../support/api.ts';
import { acme, loneSurrogate, startPriced, stateOf } from '../support/bad-input.ts';

let api: TestApi;
let ask: Ask;

beforeAll(async () => {
  api = await startPriced();
  ask = api.ask;
});
afterAll(() => api.stop());

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

const QUANTITY = `mutation ($input: UsageEventInput!) {
  recordUsage(input: $input) { ... on UsageRecorded { charges { quantity } } ... on Error { code } }
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
      // Numbers of more digits than a double keeps are not what was written.
      [0.1234567890123456, 'OUT_OF_RANGE'],
      [0.1 + 0.2, 'OUT_OF_RANGE'],
      [-1.000000000000001, 'OUT_OF_RANGE'],
      [1.234567890123456e-9, 'OUT_OF_RANGE'],
      [1234567890123456.5, 'OUT_OF_RANGE'],
      [2 ** 53, 'OUT_OF_RANGE'],
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

  it.each([
    [0.1, '0.1'],
    [0.000000000001, '0.000000000001'],
    [123.456789012345, '123.456789012345'],
    [12345678.1234567, '12345678.1234567'],
    [2 ** 53 - 1, '9007199254740991'],
  ])('but not a quantity of %d, which a double keeps', async (tokens, quantity) => {
    const { data } = await ask(QUANTITY, {
      input: { ...good(), type: 'llm', properties: { model: 'free', tokens } },
    });
    expect(data.recordUsage.charges).toEqual([{ quantity }]);
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
    const before = await stateOf(ask);
    const events = Array.from({ length: count }, good);
    const { data } = await ask(BATCH, { input: { events } });
    expect(data.recordUsageBatch).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: 'events', code }],
    });
    expect(await stateOf(ask)).toEqual(before);
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
