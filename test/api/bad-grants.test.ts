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

const GRANT = `mutation ($input: GrantCreditInput!) {
  grantCredit(input: $input) {
    __typename
    ... on Error { code message retryable }
    ... on ValidationError { issues { path code } }
    ... on NotFoundError { path what given }
  }
}`;

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
  [
    'an hour that is not there',
    { expiresAt: '2099-01-01T24:00:00Z' },
    'expiresAt',
    'NOT_AN_INSTANT',
  ],
  ['a day that is not there', { expiresAt: '2099-02-30T00:00:00Z' }, 'expiresAt', 'NOT_AN_INSTANT'],
  ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt', 'NOT_ALLOWED'],
  ['an empty scope', { scope: { metrics: [] } }, 'scope.metrics', 'TOO_FEW'],
  ['a negative cost basis', { costBasis: '-1' }, 'costBasis', 'NEGATIVE'],
];

describe('a grant is refused with the path, and nothing is written:', () => {
  it.each(GRANTS)('%s', async (_what, change, path, code) => {
    const before = await stateOf(ask);
    const input = { customer: acme, asset: 'USD', amount: '1', ...change };
    const { data, errors } = await ask(GRANT, { input });
    expect(errors).toBeUndefined();
    expect(data.grantCredit).toMatchObject({
      __typename: 'ValidationError',
      retryable: false,
      issues: [{ path, code }],
    });
    expect(await stateOf(ask)).toEqual(before);
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
    const before = await stateOf(ask);
    const { data } = await ask(GRANT, {
      input: { customer: acme, asset: 'USD', amount: '1', ...change },
    });
    expect(data.grantCredit).toMatchObject({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
      what,
      given,
    });
    expect(await stateOf(ask)).toEqual(before);
  });
});
