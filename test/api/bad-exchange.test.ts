import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchangeWords, instant, openExchange } from './exchange-fixture.ts';

let shop: Awaited<ReturnType<typeof openExchange>>;

beforeAll(async () => {
  shop = await openExchange();
  await shop.create({ from: 'USD', to: 'CREDIT', topUpRate: '100', effectiveAt: instant(1) });
});
afterAll(() => shop.api.stop());

describe('is refused', () => {
  const rate = { from: 'USD', to: 'POINT', spendRate: '1' };
  const quote = { from: 'CREDIT', to: 'USD', purpose: 'SPEND', amount: '1', at: instant(2) };
  const issue = (path: string, code: string) => ({ issues: [{ path, code }] });

  test.each<[string, object, object]>([
    ['a rate from what is not there', { from: 'GBP' }, { code: 'NOT_FOUND', path: 'from' }],
    ['a rate to what is not there', { to: 'GBP' }, { code: 'NOT_FOUND', path: 'to' }],
    ['a rate of text that is none', { to: '\u0000' }, { code: 'NOT_FOUND', path: 'to' }],
    ['a rate of an asset in itself', { to: 'USD' }, issue('to', 'NOT_ALLOWED')],
    ['no rate at all', { spendRate: null }, issue('spendRate', 'REQUIRED')],
    ['a rate of zero', { spendRate: '0' }, issue('spendRate', 'NOT_POSITIVE')],
    ['a negative rate', { topUpRate: '-1' }, issue('topUpRate', 'NOT_POSITIVE')],
    ['a rate as a number', { spendRate: 1.5 }, issue('spendRate', 'NOT_A_DECIMAL')],
    ['a rate with an exponent', { spendRate: '1e3' }, issue('spendRate', 'NOT_A_DECIMAL')],
    [
      'a rate of thirteen places',
      { topUpRate: '0.0000000000001' },
      issue('topUpRate', 'SCALE_EXCEEDED'),
    ],
    [
      'a rate of thirteen digits',
      { spendRate: '1000000000000' },
      issue('spendRate', 'OUT_OF_RANGE'),
    ],
    ['a date that is none', { effectiveAt: 'soon' }, issue('effectiveAt', 'NOT_AN_INSTANT')],
    [
      'a date without a zone',
      { effectiveAt: '2030-01-01T00:00:00' },
      issue('effectiveAt', 'NOT_AN_INSTANT'),
    ],
    [
      'a date that is too far',
      { effectiveAt: '2200-01-01T00:00:00Z' },
      issue('effectiveAt', 'OUT_OF_RANGE'),
    ],
  ])('%s', async (_what, change, expected) => {
    expect(await shop.create({ ...rate, ...change })).toMatchObject(expected);
    const { exchangeRates } = await shop.run(
      '{ exchangeRates(from: "USD", to: "POINT") { totalCount } }',
    );
    expect(exchangeRates.totalCount).toBe(0);
  });

  test.each<[string, object, object]>([
    ['a quote from what is not there', { from: 'GBP' }, { code: 'NOT_FOUND', path: 'from' }],
    ['a quote in what is not there', { to: 'GBP' }, { code: 'NOT_FOUND', path: 'to' }],
    ['a quote of an asset in itself', { to: 'CREDIT' }, issue('to', 'NOT_ALLOWED')],
    ['a negative amount', { amount: '-1' }, issue('amount', 'NEGATIVE')],
    ['an amount that is none', { amount: 'much' }, issue('amount', 'NOT_A_DECIMAL')],
    ['an amount finer than its asset', { amount: '0.25' }, issue('amount', 'SCALE_EXCEEDED')],
    [
      'to pay half a cent',
      { from: 'USD', to: 'CREDIT', purpose: 'TOP_UP', amount: '0.005' },
      issue('amount', 'SCALE_EXCEEDED'),
    ],
    [
      'an amount of 27 digits',
      { amount: '100000000000000000000000000' },
      issue('amount', 'OUT_OF_RANGE'),
    ],
    [
      'a worth of 27 digits',
      { from: 'USD', to: 'CREDIT', purpose: 'TOP_UP', amount: '1000000000000000000000000' },
      issue('amount', 'OUT_OF_RANGE'),
    ],
    ['an instant that is none', { at: 'now' }, issue('at', 'NOT_AN_INSTANT')],
  ])('%s', async (_what, change, expected) => {
    expect(await shop.quote({ ...quote, ...change })).toMatchObject(expected);
  });

  test("what is another organization's, as what is nowhere", async () => {
    const { from, to } = await shop.freshPair('OTHERS');
    const { exchangeRate } = await shop.create({ from, to, spendRate: '2' });
    const words = exchangeWords(shop.api.ask, await shop.api.otherKey());
    const nowhere = { code: 'NOT_FOUND', path: 'from', given: from };
    expect(await words.create({ from, to, spendRate: '1' })).toMatchObject(nowhere);
    const asked = { from, to, purpose: 'SPEND', amount: '1' };
    expect(await words.quote(asked)).toMatchObject(nowhere);
    const { node, exchangeRates } = await words.run(
      'query ($id: ID!) { node(id: $id) { id } exchangeRates { totalCount edges { node { id } } } }',
      { id: exchangeRate.id },
    );
    expect({ node, exchangeRates }).toEqual({
      node: null,
      exchangeRates: { totalCount: 0, edges: [] },
    });
  });

  test('a key that may read and not write, and one that may do neither', async () => {
    const keyWith = async (scopes: string[]): Promise<string> => {
      const { createApiKey } = await shop.run(
        `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
          ... on CreateApiKeyPayload { secret }
        } }`,
        { input: { name: 'Narrow', scopes } },
      );
      return createApiKey.secret;
    };
    const codes = async (document: string, key: string) => {
      const { errors } = await shop.api.ask(document, {}, key);
      return errors?.map(({ extensions }) => [extensions.code, extensions.scope]);
    };
    const write =
      'mutation { createExchangeRate(input: { from: "USD", to: "POINT", spendRate: "1" }) { __typename } }';
    const list = '{ exchangeRates { totalCount } }';
    const ask =
      '{ quoteExchange(input: { from: "USD", to: "POINT", amount: "1", purpose: SPEND }) { __typename } }';
    const reader = await keyWith(['catalog:read']);
    expect(await codes(write, reader)).toEqual([['FORBIDDEN', 'catalog:write']]);
    expect([await codes(list, reader), await codes(ask, reader)]).toEqual([undefined, undefined]);
    const stranger = await keyWith(['usage:write']);
    expect(await codes(list, stranger)).toEqual([['FORBIDDEN', 'catalog:read']]);
    expect(await codes(ask, stranger)).toEqual([['FORBIDDEN', 'catalog:read']]);
  });
});
