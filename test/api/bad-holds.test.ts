import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, startApi, type TestApi } from '../support/api.ts';
import { acme, loneSurrogate, startPriced, stateOf } from '../support/bad-input.ts';

let api: TestApi;
let ask: Ask;
let hold: string;

beforeAll(async () => {
  api = await startPriced();
  ask = api.ask;
  const { data } = await ask(PLACE, { input: { customer: acme, asset: 'USD', amount: '10' } });
  hold = data.result.hold.id;
});
afterAll(() => api.stop());

const ERRORS = `... on Error { code message retryable } ... on ValidationError { issues { path code } }
  ... on NotFoundError { path what given } ... on InsufficientFundsError { available required wallet { id } }`;
const PLACE = `mutation ($input: PlaceHoldInput!) { result: placeHold(input: $input) {
  __typename ... on PlaceHoldPayload { hold { id } } ${ERRORS} } }`;
const CAPTURE = `mutation ($input: CaptureHoldInput!) { result: captureHold(input: $input) { __typename ${ERRORS} } }`;
const EXTEND = `mutation ($input: ExtendHoldInput!) { result: extendHold(input: $input) { __typename ${ERRORS} } }`;
const RELEASE = `mutation ($input: ReleaseHoldInput!) { result: releaseHold(input: $input) { __typename ${ERRORS} } }`;

const amount = { asset: 'USD', amount: '1' };
const tokens = { metric: 'tokens', quantity: '1', properties: { model: 'known' } };

const PLACED: [string, object, string, string][] = [
  ['an amount of zero', { ...amount, amount: '0' }, 'amount', 'NOT_POSITIVE'],
  ['a negative amount', { ...amount, amount: '-1' }, 'amount', 'NOT_POSITIVE'],
  [
    'more places than the asset keeps',
    { asset: 'POINT', amount: '0.5' },
    'amount',
    'SCALE_EXCEEDED',
  ],
  ['neither an amount nor a metric', { asset: 'USD' }, 'amount', 'REQUIRED'],
  ['an amount of nothing said', { amount: '1' }, 'asset', 'REQUIRED'],
  ['an amount beside a metric', { ...tokens, amount: '1' }, 'amount', 'NOT_ALLOWED'],
  ['a quantity without a metric', { ...amount, quantity: '1' }, 'quantity', 'NOT_ALLOWED'],
  ['a metric without a quantity', { metric: 'tokens' }, 'quantity', 'NOT_A_DECIMAL'],
  ['a quantity of zero', { ...tokens, quantity: '0' }, 'quantity', 'NOT_POSITIVE'],
  ['half an event', { metric: 'calls', quantity: '0.5' }, 'quantity', 'NOT_ALLOWED'],
  ['what costs nothing', { ...tokens, properties: { model: 'free' } }, 'quantity', 'NOT_POSITIVE'],
  ['an asset without a price', { ...tokens, asset: 'POINT' }, 'asset', 'NOT_ALLOWED'],
  ['a time of 25 hours', { ...amount, ttlSeconds: 90_000 }, 'ttlSeconds', 'OUT_OF_RANGE'],
  ['no time at all', { ...amount, ttlSeconds: 0 }, 'ttlSeconds', 'OUT_OF_RANGE'],
  ['no capture', { ...amount, maxCaptures: 0 }, 'maxCaptures', 'OUT_OF_RANGE'],
  ['an empty key', { ...amount, idempotencyKey: '' }, 'idempotencyKey', 'TOO_SHORT'],
  [
    'a key that is too long',
    { ...amount, idempotencyKey: 'k'.repeat(256) },
    'idempotencyKey',
    'TOO_LONG',
  ],
  ['a lone surrogate', { ...amount, description: loneSurrogate }, 'description', 'BAD_CHARACTER'],
  ['metadata that is a list', { ...amount, metadata: [1] }, 'metadata', 'BAD_FORMAT'],
];

async function refusal(document: string, input: object) {
  const before = await stateOf(ask);
  const { data, errors } = await ask(document, { input });
  expect(errors).toBeUndefined();
  expect(await stateOf(ask)).toEqual(before);
  return data.result;
}

describe('placeHold refuses', () => {
  it.each(PLACED)('%s', async (_, input, path, code) => {
    const refused = await refusal(PLACE, { customer: acme, ...input });
    expect(refused).toMatchObject({ __typename: 'ValidationError', retryable: false });
    expect(refused.issues).toContainEqual({ path, code });
  });

  it.each([
    ['customer', { ...amount, customer: { externalId: 'nobody' } }, 'Customer'],
    ['asset', { ...amount, asset: 'GOLD' }, 'Asset'],
    ['metric', { ...tokens, metric: 'nothing' }, 'BillableMetric'],
  ])('a %s that is not there', async (path, input, what) => {
    const refused = await refusal(PLACE, { customer: acme, ...input });
    expect(refused).toMatchObject({ __typename: 'NotFoundError', path, what });
  });

  it.each([
    ['these properties', { ...tokens, properties: { model: 'unknown' } }],
    ['the metric', { metric: 'unpriced', quantity: '1' }],
  ])('an estimate where nothing prices %s', async (_, input) => {
    expect(await refusal(PLACE, { customer: acme, ...input })).toMatchObject({
      code: 'PRICE_NOT_FOUND',
    });
  });

  it('with every mistake told once', async () => {
    const refused = await refusal(PLACE, { customer: acme, asset: 'USD' });
    expect(refused.issues).toEqual([{ path: 'amount', code: 'REQUIRED' }]);
  });

  it('more than the balance, and anything of a customer without a wallet', async () => {
    expect(await refusal(PLACE, { customer: acme, asset: 'USD', amount: '990.01' })).toMatchObject({
      __typename: 'InsufficientFundsError',
      available: '990',
      required: '990.01',
    });
    await ask('mutation { createCustomer(input: { externalId: "poor" }) { __typename } }');
    const poor = { customer: { externalId: 'poor' }, ...amount };
    expect(await refusal(PLACE, poor)).toMatchObject({ available: '0', wallet: null });
  });

  it('a maximum that has been reached, for it costs nothing more', async () => {
    await ask(`mutation {
      createBillableMetric(input: {
        code: "peak", name: "Peak", eventType: "peak", aggregation: MAX, property: "n"
      }) { __typename }
      createPrice(input: { metric: "peak", asset: "USD", unitAmount: "1" }) { __typename }
    }`);
    const event = { customer: acme, eventId: 'peak', type: 'peak', properties: { n: 5 } };
    await ask('mutation ($input: UsageEventInput!) { recordUsage(input: $input) { __typename } }', {
      input: event,
    });
    const refused = await refusal(PLACE, { customer: acme, metric: 'peak', quantity: '3' });
    expect(refused.issues).toEqual([{ path: 'quantity', code: 'NOT_POSITIVE' }]);
  });
});

describe('extendHold refuses', () => {
  it('more places than the asset keeps, also in a process that does not know the asset yet', async () => {
    const other = await startApi({ databaseUrl: api.databaseUrl });
    try {
      await other.ask(EXTEND, { input: { hold, amount: '10' } });
      const { data } = await ask(`mutation {
        createAsset(input: { code: "WHOLE", scale: 0 }) { __typename }
        grantCredit(input: { customer: { externalId: "acme" }, asset: "WHOLE", amount: "9" }) { __typename }
        placeHold(input: { customer: { externalId: "acme" }, asset: "WHOLE", amount: "1" }) {
          ... on PlaceHoldPayload { hold { id } }
        }
      }`);
      const input = { hold: data.placeHold.hold.id, amount: '1.5' };
      expect((await other.ask(EXTEND, { input })).data.result).toMatchObject({
        __typename: 'ValidationError',
        issues: [{ path: 'amount', code: 'SCALE_EXCEEDED' }],
      });
    } finally {
      await other.stop();
    }
  });
});

describe('captureHold refuses', () => {
  const event = { eventId: 'bad', type: 'api.call' };

  it.each<[string, object[], string, string]>([
    ['no event', [], 'events', 'TOO_FEW'],
    ['more than 100', Array(101).fill(event), 'events', 'TOO_MANY'],
    ['an empty id', [{ ...event, eventId: '' }], 'events.0.eventId', 'TOO_SHORT'],
    [
      'the second of two events',
      [event, { eventId: 'worse', type: 'llm', properties: { tokens: 'x' } }],
      'events.1.properties.tokens',
      'NOT_A_DECIMAL',
    ],
  ])('%s', async (_, events, path, code) => {
    const refused = await refusal(CAPTURE, { hold, events });
    expect(refused.issues).toContainEqual({ path, code });
  });

  it.each([
    ['EVENT_TYPE_UNKNOWN', { ...event, eventId: 'worse', type: 'unknown' }],
    ['PRICE_NOT_FOUND', { ...event, eventId: 'worse', type: 'unpriced' }],
    ['EVENT_TOO_OLD', { ...event, eventId: 'worse', occurredAt: '2020-01-01T00:00:00Z' }],
  ])('an event with %s', async (code, wrong) => {
    expect(await refusal(CAPTURE, { hold, events: [event, wrong] })).toMatchObject({ code });
  });

  it.each(['no id', 'hold_01h455vb4pex5vsknk084sn02q', 'wallet_01h455vb4pex5vsknk084sn02q'])(
    'a hold that is not there: %s',
    async (nowhere) => {
      const refused = { __typename: 'NotFoundError', what: 'Hold', given: nowhere };
      expect(await refusal(CAPTURE, { hold: nowhere, events: [event] })).toMatchObject(refused);
      expect(await refusal(EXTEND, { hold: nowhere, ttlSeconds: 9 })).toMatchObject(refused);
      expect(await refusal(RELEASE, { hold: nowhere })).toMatchObject(refused);
    },
  );

  it('usage on a hold of another customer', async () => {
    await ask('mutation { createCustomer(input: { externalId: "other" }) { __typename } }');
    const document = `mutation ($input: UsageEventInput!) { result: recordUsage(input: $input) { __typename ${ERRORS} } }`;
    const input = { customer: { externalId: 'other' }, ...event, holdId: hold };
    expect(await refusal(document, input)).toMatchObject({
      __typename: 'NotFoundError',
      path: 'holdId',
    });
  });
});

describe('extendHold refuses', () => {
  it.each<[string, object, string, string]>([
    ['nothing to do', {}, 'ttlSeconds', 'REQUIRED'],
    ['25 hours', { ttlSeconds: 90_000 }, 'ttlSeconds', 'OUT_OF_RANGE'],
    ['a negative amount', { amount: '-1' }, 'amount', 'NOT_POSITIVE'],
  ])('%s', async (_, input, path, code) => {
    const refused = await refusal(EXTEND, { hold, ...input });
    expect(refused.issues).toContainEqual({ path, code });
  });
});
