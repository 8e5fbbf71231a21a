import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClockWords, clockWords, day, START } from '../clocks/clock-fixture.ts';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { openEventStream } from '../support/sse.ts';
import { exchangeWords } from './exchange-fixture.ts';

// What a wallet holds, in another asset, by the rate of the customer's time.

let api: TestApi;
let clocks: ClockWords;
let words: ReturnType<typeof exchangeWords>;

beforeAll(async () => {
  api = await startApi({ worker: true });
  clocks = clockWords(api.ask);
  words = exchangeWords(api.ask);
  await words.run(`mutation {
    usd: createAsset(input: { code: "USD", scale: 4 }) { __typename }
    eur: createAsset(input: { code: "EUR" }) { __typename }
    credit: createAsset(input: { code: "CREDIT", scale: 1 }) { __typename }
  }`);
  for (const [rate, on] of [
    ['0.009', day(-100)],
    ['0.0081', day(10)],
    ['0.01', '2199-01-01T00:00:00Z'],
  ] as const) {
    await words.create({ from: 'CREDIT', to: 'USD', spendRate: rate, effectiveAt: on });
  }
});
afterAll(() => api.stop());

const grant = (externalId: string, amount: string, more: object = {}) =>
  clocks.grant(externalId, amount, { asset: 'CREDIT', ...more });

test('it follows the test clock of the customer, and the time of the server for others', async () => {
  const clock = await clocks.clock();
  await clocks.customer('timed', clock);
  await clocks.customer('untimed', null);
  for (const externalId of ['timed', 'untimed']) await grant(externalId, '1000.5');
  const worth = { asset: { code: 'USD' }, exchangeRate: { id: expect.stringMatching(/^fx_/) } };
  const early = { ...worth, settled: '9.0045', available: '9.0045', rate: '0.009' };
  // 1000.5 x 0.0081 = 8.10405, to four places half-even.
  const later = { ...worth, settled: '8.104', available: '8.104', rate: '0.0081' };
  expect(await words.worth('timed', 'USD')).toEqual([{ ...early, at: START }]);
  expect(await words.worth('untimed', 'USD')).toMatchObject([later]);
  await clocks.advance(clock, day(10));
  expect(await words.worth('timed', 'USD')).toEqual([{ ...later, at: day(10) }]);
});

test('what is owed is worth less than nothing, and what may be overdrawn is available', async () => {
  await clocks.customer('debtor', null);
  const { errors } = await api.ask(`mutation {
    createBillableMetric(input: { code: "units", eventType: "use", aggregation: SUM, property: "n" }) { __typename }
    createPrice(input: { metric: "units", asset: "CREDIT", unitAmount: "1" }) { __typename }
    openWallet(input: { customer: { externalId: "debtor" }, asset: "CREDIT", onEmpty: OVERDRAFT, overdraftLimit: "300" }) { __typename }
  }`);
  expect(errors).toBeUndefined();
  await clocks.use('debtor', 'u-1', 100);
  expect(await words.worth('debtor', 'USD')).toMatchObject([
    { settled: '-0.81', available: '1.62' },
  ]);
});

test('a wallet in the asset is worth what it holds; without a rate nothing is said', async () => {
  await clocks.customer('mixed', null);
  await grant('mixed', '10');
  await clocks.grant('mixed', '7.5');
  const [credits, dollars] = await words.worth('mixed', 'USD');
  expect(credits).toMatchObject({ available: '0.081' });
  expect(dollars).toMatchObject({ available: '7.5', rate: '1', exchangeRate: null });
  // Neither turned round (USD in CREDIT) nor through a third (CREDIT in EUR).
  expect(await words.worth('mixed', 'CREDIT')).toMatchObject([{ available: '10' }, null]);
  expect(await words.worth('mixed', 'EUR')).toEqual([null, null]);
});

test('only the rate for spending counts', async () => {
  await words.create({ from: 'EUR', to: 'CREDIT', topUpRate: '110', effectiveAt: START });
  await clocks.customer('european', null);
  await clocks.grant('european', '5', { asset: 'EUR' });
  expect(await words.worth('european', 'CREDIT')).toEqual([null]);
});

test('an asset that is not there is an error beside the rest', async () => {
  await clocks.customer('lost', null);
  await grant('lost', '1');
  for (const name of ['GBP', 'asset_01h455vb4pex5vsknk084sn02q', '\\u0000']) {
    const { data, errors } = await api.ask(
      `{ customer(ref: { externalId: "lost" }) { wallets { name worth(in: "${name}") { settled } } } }`,
    );
    expect(data.customer.wallets).toEqual([{ name: 'default', worth: null }]);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['NOT_FOUND']);
  }
});

test("a customer's token sees what its wallets are worth, and not the rate behind it", async () => {
  await clocks.customer('page', null);
  await grant('page', '100');
  const { createCustomerToken } = await words.run(`mutation {
    createCustomerToken(input: { customer: { externalId: "page" } }) { ... on CreateCustomerTokenPayload { token } }
  }`);
  const read = (fields: string) =>
    api.ask(
      `{ customer(ref: { externalId: "page" }) { wallets { worth(in: "USD") { ${fields} } } } }`,
      {},
      createCustomerToken.token,
    );
  const { data } = await read('available rate');
  expect(data.customer.wallets).toEqual([{ worth: { available: '0.81', rate: '0.0081' } }]);
  const { errors } = await read('exchangeRate { id }');
  expect(errors?.map(({ extensions }) => extensions.scope)).toEqual(['catalog:read']);
});

test('whoever watches a balance sees its worth change with it', async () => {
  await clocks.customer('watched', null);
  const { wallet } = await grant('watched', '100');
  const stream = await openEventStream(
    api.url,
    `subscription ($id: ID!) { balanceChanged(walletId: $id) {
      wallet { worth(in: "USD") { available } }
    } }`,
    { id: wallet.id },
    KEY,
  );
  const told = async () => {
    const event = (await stream.next()) as { data: { balanceChanged: { wallet: object } } };
    return event.data.balanceChanged.wallet;
  };
  expect(await told()).toEqual({ worth: { available: '0.81' } });
  await grant('watched', '50');
  expect(await told()).toEqual({ worth: { available: '1.215' } });
  await stream.close();
});

test('each wallet of a page has its own worth', async () => {
  const customers = Array.from({ length: 30 }, (_, n) => `crowd-${n}`);
  for (const externalId of customers) {
    await clocks.customer(externalId, null);
    await grant(externalId, '1');
  }
  const { customers: page } =
    await words.run(`{ customers(search: "crowd-", first: 100) { edges { node {
    wallets { worth(in: "USD") { available exchangeRate { id spendRate } } }
  } } } }`);
  expect(page.edges).toHaveLength(30);
  for (const { node } of page.edges) {
    expect(node.wallets).toEqual([
      {
        worth: {
          available: '0.0081',
          exchangeRate: { id: expect.any(String), spendRate: '0.0081' },
        },
      },
    ]);
  }
});
