import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/kit/clock.ts';
import { openTill, type Till } from '../till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill({ limited: true });
  await till.provider('wire', { manual: { instructions: 'IBAN DE00' } });
});
afterAll(async () => {
  await till?.stop();
});

const DOLLARS = { asset: 'USD', amount: '10' };

/** What was answered to so many at once. */
async function atOnce(count: number, ask: (index: number) => Promise<{ code?: string }>) {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
  const refused = answers.filter(({ code }) => code === 'PAYMENT_LIMIT');
  return { passed: count - refused.length, refused };
}

interface Told {
  readonly type: string;
  readonly customer: { readonly externalId: string } | null;
}

function limits(limits: object) {
  return till.given('updatePaymentSettings', { limits }, 'organization { id }');
}

describe('A customer', () => {
  it('is asked five times an hour, however many ask at once, and again when an hour has gone', async () => {
    const ada = await till.customer('ada');
    const { passed, refused } = await atOnce(50, () => till.topUp(ada, DOLLARS));
    expect(passed).toBe(5);
    expect(refused).toHaveLength(45);
    expect(refused[0]).toMatchObject({
      __typename: 'PaymentLimitError',
      limit: 'CUSTOMER_ATTEMPTS',
      retryAfterSeconds: 3600,
      retryable: true,
    });
    till.clock.advance(HOUR_MS - 1);
    expect(await till.topUp(ada, DOLLARS)).toMatchObject({ retryAfterSeconds: 1 });
    till.clock.advance(1);
    expect((await atOnce(6, () => till.topUp(ada, DOLLARS))).passed).toBe(5);
  });

  it('may try again when the fifth attempt before is an hour old, and is told when', async () => {
    const bob = await till.customer('bob');
    for (let count = 0; count < 5; count += 1) {
      await till.asked(bob, DOLLARS);
      till.clock.advance(10 * MINUTE_MS);
    }
    const { retryAfterSeconds, retryAt } = await till.topUp(bob, DOLLARS);
    expect(retryAfterSeconds).toBe(600);
    till.clock.set(new Date(retryAt));
    expect((await atOnce(2, () => till.topUp(bob, DOLLARS))).passed).toBe(1);
  });

  it('is counted once for one idempotency key, also from another address', async () => {
    const cy = await till.customer('cy');
    const ask = (index: number) =>
      till.topUp(cy, { ...DOLLARS, idempotencyKey: 'same', ipAddress: `198.51.100.${index + 1}` });
    expect((await atOnce(10, ask)).passed).toBe(10);
    expect((await atOnce(10, () => till.topUp(cy, DOLLARS))).passed).toBe(4);
    // What has passed before is answered still, and what was refused is not remembered.
    expect(await ask(0)).toMatchObject({ __typename: 'CreateTopUpPayload' });
  });

  it('is not counted for what was refused', async () => {
    const dee = await till.customer('dee');
    await till.topUp(dee, { asset: 'USD', amount: '0' });
    for (let count = 0; count < 5; count += 1) await till.asked(dee, DOLLARS);
    for (let count = 0; count < 5; count += 1) await till.topUp(dee, DOLLARS);
    till.clock.advance(HOUR_MS);
    expect((await atOnce(5, () => till.topUp(dee, DOLLARS))).passed).toBe(5);
  });
});

describe('An address', () => {
  it('is asked from five times an hour, whoever the customers are', async () => {
    const customers = await Promise.all(['e1', 'e2', 'e3', 'e4'].map(till.customer));
    const ask = (index: number) =>
      till.topUp(customers[index % 4] ?? '', { ...DOLLARS, ipAddress: '203.0.113.7' });
    const { passed, refused } = await atOnce(16, ask);
    expect(passed).toBe(5);
    expect(new Set(refused.map((each) => (each as { limit?: string }).limit))).toEqual(
      new Set(['IP_ATTEMPTS']),
    );
    const elsewhere = { ...DOLLARS, ipAddress: '203.0.113.8' };
    expect(await till.topUp('e1', elsewhere)).toMatchObject({ __typename: 'CreateTopUpPayload' });
  });

  it('of IPv6 is that of its network, of which one owner has as many as he likes', async () => {
    const fay = await till.customer('fay');
    await limits({ customerAttempts: null });
    const ask = (index: number) =>
      till.topUp(fay, { ...DOLLARS, ipAddress: `2001:db8:1:2::${index + 1}` });
    expect((await atOnce(10, ask)).passed).toBe(5);
    await limits({ customerAttempts: 5 });
  });

  it.each(['localhost', '203.0.113', '', '203.0.113.7, 10.0.0.1'])(
    'that is %j is none',
    async (ipAddress) => {
      const { issues } = await till.topUp('fay', { ...DOLLARS, ipAddress });
      expect(issues).toEqual([{ path: 'ipAddress', code: 'BAD_FORMAT' }]);
    },
  );
});

describe('An amount', () => {
  it('is at most what a customer may pay in a day, also when it is asked for at once', async () => {
    const gus = await till.customer('gus');
    await limits({ customerAttempts: null, dailyAmounts: [{ currency: 'USD', amount: '35' }] });
    const { passed, refused } = await atOnce(10, () => till.topUp(gus, DOLLARS));
    expect(passed).toBe(3);
    expect(refused[0]).toMatchObject({ limit: 'DAILY_AMOUNT', retryAfterSeconds: 86_400 });
    // What the rest of the day still has room for.
    const rest = await till.asked(gus, { asset: 'USD', amount: '5' });
    // What is more than a day takes is so tomorrow.
    expect(await till.topUp(gus, { asset: 'USD', amount: '36' })).toMatchObject({
      limit: 'DAILY_AMOUNT',
      retryAt: null,
      retryable: false,
    });
    // What came to nothing makes room.
    await till.given('cancelPayment', { payment: rest.id });
    await till.asked(gus, { asset: 'USD', amount: '5' });
    await limits({ customerAttempts: 5, dailyAmounts: null });
  });

  it('is at most the ceiling until a payment has settled', async () => {
    const hal = await till.customer('hal');
    await limits({ firstTopUpAmounts: [{ currency: 'USD', amount: '20' }] });
    expect(await till.topUp(hal, { asset: 'USD', amount: '20.01' })).toMatchObject({
      limit: 'FIRST_TOP_UP',
      retryAt: null,
    });
    const first = await till.asked(hal, { asset: 'USD', amount: '15' });
    // Also not in pieces.
    expect(await till.topUp(hal, { asset: 'USD', amount: '6' })).toMatchObject({
      limit: 'FIRST_TOP_UP',
    });
    await till.confirm(first.id, 'bank');
    await till.asked(hal, { asset: 'USD', amount: '500' });
    await limits({ firstTopUpAmounts: null });
  });
});

describe('Limits', () => {
  const READ = `{ organization { paymentSettings { limits {
    customerAttempts customerFailures ipAttempts ipFailures cardAttempts cardFailures
    dailyAmounts { asset { code } amount } firstTopUpAmounts { asset { code } amount } } } } }`;
  const readLimits = async () => (await till.run(READ)).organization.paymentSettings.limits;

  it('are changed one by one, also by two at once', async () => {
    await Promise.all([
      limits({ cardAttempts: 7, dailyAmounts: [{ currency: 'USD', amount: '9.5' }] }),
      limits({ cardFailures: null }),
    ]);
    expect(await readLimits()).toEqual({
      customerAttempts: 5,
      customerFailures: 3,
      ipAttempts: 5,
      ipFailures: 3,
      cardAttempts: 7,
      cardFailures: null,
      dailyAmounts: [{ asset: { code: 'USD' }, amount: '9.5' }],
      firstTopUpAmounts: [],
    });
    await limits({ cardAttempts: 5, cardFailures: 3, dailyAmounts: [] });
  });

  it.each([
    [{ customerAttempts: 0 }, 'limits.customerAttempts OUT_OF_RANGE'],
    [{ ipFailures: 1001 }, 'limits.ipFailures OUT_OF_RANGE'],
    [
      { dailyAmounts: [{ currency: 'USD', amount: '-1' }] },
      'limits.dailyAmounts.0.amount NOT_POSITIVE',
    ],
    [
      {
        dailyAmounts: [
          { currency: 'USD', amount: '1' },
          { currency: 'USD', amount: '2' },
        ],
      },
      'limits.dailyAmounts.1.currency NOT_ALLOWED',
    ],
  ])('of %j are refused', async (wanted, expected) => {
    const { issues } = await till.mutate(
      'updatePaymentSettings',
      { limits: wanted },
      'organization { id }',
    );
    expect(issues.map(({ path, code }: Record<string, string>) => `${path} ${code}`)).toEqual([
      expected,
    ]);
  });

  it('are told to the merchant once an hour for whoever has reached them', async () => {
    const ivy = await till.customer('ivy');
    const told = async () => {
      const { events } = await till.run(
        `{ events(last: 100) { edges { node { type customer { externalId }
          ... on PaymentLimitedEvent { limit amount asset { code } byRule retryAt } } } } }`,
      );
      return events.edges
        .map(({ node }: { node: Told }) => node)
        .filter(
          ({ type, customer }: Told) => type === 'PAYMENT_LIMITED' && customer?.externalId === ivy,
        );
    };
    await atOnce(20, () => till.topUp(ivy, DOLLARS));
    await expect.poll(told).toEqual([
      {
        type: 'PAYMENT_LIMITED',
        customer: { externalId: 'ivy' },
        limit: 'CUSTOMER_ATTEMPTS',
        amount: '10',
        asset: { code: 'USD' },
        byRule: false,
        retryAt: new Date(till.clock.now().getTime() + HOUR_MS).toISOString(),
      },
    ]);
    till.clock.advance(HOUR_MS);
    await atOnce(7, () => till.topUp(ivy, DOLLARS));
    await expect.poll(async () => (await told()).length).toBe(2);
  });
});
