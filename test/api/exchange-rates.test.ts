import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withClient } from '../support/stored-organization.ts';
import { instant, openExchange } from './exchange-fixture.ts';

let shop: Awaited<ReturnType<typeof openExchange>>;

beforeAll(async () => {
  shop = await openExchange();
});
afterAll(() => shop.api.stop());

describe('the example of the documentation', () => {
  beforeAll(async () => {
    const effectiveAt = instant(1);
    await shop.create({ from: 'USD', to: 'CREDIT', topUpRate: '100', effectiveAt });
    await shop.create({
      from: 'CREDIT',
      to: 'USD',
      spendRate: '0.009',
      topUpRate: '0.01',
      effectiveAt,
    });
  });

  test.each([
    ['25 dollars buy credits', 'USD', 'CREDIT', 'TOP_UP', '25', '2500', 1, 'NONE'],
    ['1,250 credits cost dollars', 'CREDIT', 'USD', 'TOP_UP', '1250', '12.5', 2, 'NONE'],
    ['half a cent is rounded to even', 'CREDIT', 'USD', 'TOP_UP', '0.5', '0', 2, 'DOWN'],
    ['1,250 credits spent', 'CREDIT', 'USD', 'SPEND', '1250', '11.25', 4, 'NONE'],
    ['a tenth of a credit spent', 'CREDIT', 'USD', 'SPEND', '0.1', '0.0009', 4, 'NONE'],
  ])('%s', async (_what, from, to, purpose, amount, worth, places, rounding) => {
    const at = instant(2);
    expect(await shop.quote({ from, to, purpose, amount, at })).toMatchObject({
      ...{ from: { code: from }, to: { code: to }, purpose, amount, worth, places, rounding },
      ...{ at, effectiveAt: instant(1), validUntil: null },
    });
  });

  test('dollars that are spent are worth nothing in credits: that direction is not derived', async () => {
    const at = instant(2);
    expect(
      await shop.quote({ from: 'USD', to: 'CREDIT', purpose: 'SPEND', amount: '1', at }),
    ).toMatchObject({
      code: 'EXCHANGE_RATE_NOT_FOUND',
      message: `Nothing says what 1 USD is worth in CREDIT for SPEND at ${at}.`,
      ...{ from: { code: 'USD' }, to: { code: 'CREDIT' }, purpose: 'SPEND', at },
    });
  });

  test('no third asset stands between two', async () => {
    await shop.create({ from: 'JPY', to: 'USD', topUpRate: '0.007', effectiveAt: instant(1) });
    expect(
      await shop.quote({
        ...{ from: 'JPY', to: 'CREDIT', purpose: 'TOP_UP', amount: '100', at: instant(2) },
      }),
    ).toMatchObject({
      code: 'EXCHANGE_RATE_NOT_FOUND',
      from: { code: 'JPY' },
      to: { code: 'CREDIT' },
    });
  });
});

describe('a rate', () => {
  test('holds from its instant until the next one begins', async () => {
    const pair = await shop.freshPair('DATED');
    const rates = [];
    for (const [day, spendRate] of [
      [10, '2'],
      [30, '4'],
      [20, '3'],
    ] as const) {
      rates.push(await shop.create({ ...pair, spendRate, effectiveAt: instant(day) }));
    }
    const [tenth, thirtieth, twentieth] = rates.map(({ exchangeRate }) => exchangeRate);
    const quote = (at: string) => shop.quote({ ...pair, purpose: 'SPEND', amount: '1', at });
    const before = new Date(Date.parse(instant(20)) - 1).toISOString();
    expect(await quote(before)).toMatchObject({
      ...{ worth: '2', exchangeRate: { id: tenth.id } },
      ...{ effectiveAt: instant(10), validUntil: instant(20) },
    });
    expect(await quote(instant(20))).toMatchObject({
      ...{ worth: '3', exchangeRate: { id: twentieth.id } },
      ...{ effectiveAt: instant(20), validUntil: instant(30) },
    });
    expect(await quote(instant(31))).toMatchObject({
      ...{ worth: '4', exchangeRate: { id: thirtieth.id }, validUntil: null },
    });
    expect(await quote(instant(9))).toMatchObject({ code: 'EXCHANGE_RATE_NOT_FOUND' });

    const { exchangeRates } = await shop.run(
      `query ($from: String, $to: String) { exchangeRates(from: $from, to: $to) {
        totalCount edges { node { id } }
      } }`,
      pair,
    );
    expect(exchangeRates).toEqual({
      totalCount: 3,
      edges: [thirtieth, twentieth, tenth].map(({ id }) => ({ node: { id } })),
    });
  });

  test('that is left out stays as it was: the two go on each by itself', async () => {
    const pair = await shop.freshPair('APART');
    await shop.create({ ...pair, spendRate: '2', topUpRate: '3', effectiveAt: instant(1) });
    await shop.create({ ...pair, spendRate: '4', effectiveAt: instant(5) });
    await shop.create({ ...pair, topUpRate: '6', effectiveAt: instant(9) });
    const quote = async (purpose: string, day: number) =>
      shop.quote({ ...pair, purpose, amount: '1', at: instant(day) });
    expect(await quote('TOP_UP', 6)).toMatchObject({
      ...{ worth: '3', effectiveAt: instant(1), validUntil: instant(9) },
    });
    expect(await quote('SPEND', 4)).toMatchObject({ worth: '2', validUntil: instant(5) });
    expect(await quote('SPEND', 10)).toMatchObject({
      ...{ worth: '4', effectiveAt: instant(5), validUntil: null },
    });
    expect(await quote('TOP_UP', 10)).toMatchObject({ worth: '6' });
  });

  test('with a date stands once: repeated it is the first one, and another one is refused', async () => {
    const pair = await shop.freshPair('TAKEN');
    const input = { ...pair, spendRate: '2.50', effectiveAt: instant(1) };
    const first = await shop.create(input);
    expect(first).toMatchObject({ created: true, exchangeRate: { spendRate: '2.5' } });
    expect(await shop.create(input)).toEqual({ ...first, created: false });
    for (const other of [{ spendRate: '3' }, { topUpRate: '1' }]) {
      expect(await shop.create({ ...input, ...other })).toMatchObject({
        code: 'CONFLICT',
        path: 'effectiveAt',
        message: expect.stringContaining('it is spendRate 2.5, topUpRate none'),
      });
    }
    expect(
      await shop.quote({ ...pair, purpose: 'SPEND', amount: '1', at: instant(1) }),
    ).toMatchObject({ worth: '2.5' });
  });

  test('without a date begins now, and repeats nothing', async () => {
    const pair = await shop.freshPair('NOW');
    const before = Date.now();
    const first = await shop.create({ ...pair, spendRate: '2' });
    expect(Date.parse(first.exchangeRate.effectiveAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(first.exchangeRate.effectiveAt)).toBeLessThanOrEqual(Date.now());
    expect(await shop.create({ ...pair, spendRate: '2.0' })).toEqual({ ...first, created: false });
    const second = await shop.create({ ...pair, spendRate: '3' });
    expect(second).toMatchObject({ created: true });
    expect(await shop.create({ ...pair, spendRate: '2' })).toMatchObject({ created: true });
    const both = { spendRate: '2', topUpRate: '5' };
    expect(await shop.create({ ...pair, topUpRate: '5' })).toMatchObject({ created: true });
    expect(await shop.create({ ...pair, ...both })).toMatchObject({ created: false });
    expect(await shop.create({ ...pair, ...both, topUpRate: '6' })).toMatchObject({
      created: true,
    });
    expect(await shop.quote({ ...pair, purpose: 'SPEND', amount: '1' })).toMatchObject({
      worth: '2',
    });
  });

  test('is created once for an idempotency key', async () => {
    const pair = await shop.freshPair('KEYED');
    const input = { ...pair, spendRate: '2', idempotencyKey: 'rate-1' };
    const first = await shop.create(input);
    await shop.create({ ...pair, spendRate: '3' });
    expect(await shop.create(input)).toEqual(first);
    expect(await shop.create({ ...input, spendRate: '4' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    });
  });

  test('of twenty that are created at once for one instant is one', async () => {
    const pair = await shop.freshPair('RACE');
    const created = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        shop.create({ ...pair, spendRate: String(1 + (n % 2)), effectiveAt: instant(1) }),
      ),
    );
    const won = created.filter((each) => each.created);
    expect(won).toHaveLength(1);
    const same = created.filter(({ exchangeRate }) => exchangeRate?.id === won[0].exchangeRate.id);
    expect(same).toHaveLength(10);
    expect(created.filter(({ code }) => code === 'CONFLICT')).toHaveLength(10);
  });
});

test('a rate cannot be changed or removed, not even by hand', async () => {
  await withClient(shop.api.databaseUrl, async (client) => {
    for (const text of ['UPDATE exchange_rates SET spend_rate = 1', 'DELETE FROM exchange_rates']) {
      await expect(client.query(text)).rejects.toThrow('never changed or removed');
    }
  });
});
