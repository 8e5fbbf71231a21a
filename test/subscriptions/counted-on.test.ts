import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop, START } from './shop.ts';

// What was used of a period counts on when other prices hold: of another plan, another version, another contract.

const HALF = '2026-02-14T09:00:00.000Z';
const END = '2026-02-28T09:00:00.000Z';

let shop: Shop;
let people = 0;
const priced = (metric: string, unitAmount: string, included = '0') => ({
  ...{ metric, asset: 'USD', unitAmount },
  ...(included === '0' ? {} : { includedQuantity: included }),
});

beforeAll(async () => {
  shop = await openShop();
  await shop.run(`mutation {
    users: createBillableMetric(input: { code: "users", eventType: "login", aggregation: UNIQUE, property: "user" }) { __typename }
    stored: createBillableMetric(input: { code: "stored", eventType: "stored", aggregation: TIME_WEIGHTED_SUM, property: "gb" }) { __typename }
    feature: createFeature(input: { code: "images", kind: METERED, metric: "images" }) { __typename }
  }`);
  const small = [priced('images', '2', '10'), priced('users', '1'), priced('stored', '0.01')];
  await shop.plan('small', { asset: 'USD', prices: small, entitlements: [{ feature: 'images' }] });
  const large = [priced('images', '1', '25'), priced('users', '1'), priced('stored', '0.01')];
  await shop.plan('large', { asset: 'USD', prices: large, entitlements: [{ feature: 'images' }] });
});
afterAll(() => shop.stop());
beforeEach(() => shop.clock.set(new Date(START)));
afterEach(async () => expect(await shop.brokenLaw()).toBeNull());

async function subscriber(plan: string) {
  people += 1;
  const who = await shop.customer(`person-${people}`, '5000');
  return { who, id: await shop.subscribed(who, plan) };
}

const change = (id: string, plan: string) =>
  shop.given('changePlan', { subscription: id, plan, when: 'NOW' });

/** What something costs; `null` when it is charged nothing for, as it counts no further. */
async function costOf(who: string, input: object): Promise<string | null> {
  const outcome = await shop.use(who, 0, input);
  expect(outcome.__typename).toBe('UsageRecorded');
  return outcome.charges[0]?.amount ?? null;
}
const images = (who: string, n: number, more: object = {}) =>
  costOf(who, { properties: { n }, ...more });
const login = (who: string, user: string) => costOf(who, { type: 'login', properties: { user } });
const store = (who: string, gb: number) => costOf(who, { type: 'stored', properties: { gb } });

const counted = async (who: string, metric: string) => {
  const { customer } = await shop.run(
    `query ($ref: CustomerRef!, $metric: String!) { customer(ref: $ref) {
      usage(metric: $metric) { quantity charged asset { code } }
    } }`,
    { ref: { externalId: who }, metric },
  );
  return customer.usage.map((counter: { quantity: string; charged: string }) =>
    [counter.quantity, counter.charged].join(' for '),
  );
};

async function estimate(who: string, quantity: string): Promise<string> {
  const { canConsume } = await shop.run(
    'query ($input: CanConsumeInput!) { canConsume(input: $input) { required } }',
    { input: { customer: { externalId: who }, feature: 'images', quantity } },
  );
  return canConsume.required;
}

describe('what is included in a period', () => {
  it('is used once, also by whoever changes to another plan and back', async () => {
    const { who, id } = await subscriber('small');
    expect(await images(who, 8)).toBe('0');
    await shop.at(HALF);
    await change(id, 'large');
    shop.clock.advance(1000);
    // Of 25 there are 17 left.
    expect(await estimate(who, '20')).toBe('3');
    expect(await images(who, 20)).toBe('3');
    await change(id, 'small');
    shop.clock.advance(1000);
    expect(await images(who, 1)).toBe('2');
    expect(await counted(who, 'images')).toEqual(['29 for 5']);
  });

  it('is used once where a version of the plan or a contract follows another', async () => {
    const first = [priced('images', '2', '10')];
    await shop.plan('moving', { asset: 'USD', prices: first });
    const { who, id } = await subscriber('moving');
    expect(await images(who, 9)).toBe('0');
    await shop.plan('moving', { asset: 'USD', prices: [priced('images', '3', '11')] });
    shop.clock.advance(1000);
    await shop.given(
      'migrateSubscriptions',
      { to: 'moving', when: 'NOW' },
      'outcomes { error { code } }',
    );
    shop.clock.advance(1000);
    expect(await images(who, 3)).toBe('3');
    const overrides = { prices: [priced('images', '5', '13')] };
    await shop.given('overrideSubscription', { subscription: id, overrides });
    shop.clock.advance(1000);
    expect(await images(who, 2)).toBe('5');
    expect(await counted(who, 'images')).toEqual(['14 for 8']);
  });

  it('is used by late usage too, at what held when it occurred, and there again once that is taken back', async () => {
    const { who, id } = await subscriber('small');
    expect(await images(who, 9)).toBe('0');
    await shop.at(HALF);
    await change(id, 'large');
    shop.clock.advance(1000);
    expect(await images(who, 17)).toBe('1');
    // By the small plan: the 27th and 28th, at two dollars each.
    const late = await shop.use(who, 2, { occurredAt: '2026-02-02T09:00:00.000Z' });
    expect(late.charges).toEqual([{ amount: '4', asset: { code: 'USD' } }]);
    await shop.given('correctUsage', { event: late.event.id }, 'event { id }');
    expect(await counted(who, 'images')).toEqual(['26 for 1']);
    expect(await shop.balance(who, 'USD')).toBe('4999');
  });

  it('begins again with the next period', async () => {
    const { who, id } = await subscriber('small');
    expect(await images(who, 10)).toBe('0');
    await change(id, 'large');
    await shop.at(END);
    expect(await images(who, 25)).toBe('0');
    expect(await images(who, 1)).toBe('1');
  });

  it('is not what was used before there was a subscription', async () => {
    const who = await shop.customer('before', '500');
    await shop.run(`mutation { createPrice(input: { metric: "images", asset: "USD", model: GRADUATED, tiers: [
      { upTo: "5", unitAmount: "0" }, { unitAmount: "1" }] }) { __typename } }`);
    expect(await images(who, 5)).toBe('0');
    const id = await shop.subscribed(who, 'small');
    expect(await images(who, 10)).toBe('0');
    await shop.cancel(id, 'NOW');
    shop.clock.advance(1000);
    expect(await images(who, 1)).toBe('1');
  });
});

describe('usage that is taken back after a change', () => {
  const takeBack = (event: string) => shop.given('correctUsage', { event }, 'created');

  it('gives back the price of the last units, which is that of the prices of now', async () => {
    const { who, id } = await subscriber('small');
    const { event } = await shop.use(who, 8);
    await change(id, 'large');
    shop.clock.advance(1000);
    expect(await images(who, 32)).toBe('15');
    await takeBack(event.id);
    expect(await counted(who, 'images')).toEqual(['32 for 7']);
    expect(await shop.balance(who, 'USD')).toBe('4993');
  });

  it('gives back the difference of the total where the price of all units changes', async () => {
    const volume = (unitAmount: string) => ({
      asset: 'USD',
      prices: [{ metric: 'images', asset: 'USD', model: 'VOLUME', tiers: [{ unitAmount }] }],
    });
    await shop.plan('cheap', volume('1'));
    await shop.plan('dear', volume('3'));
    const { who, id } = await subscriber('cheap');
    const { event } = await shop.use(who, 1);
    expect(await images(who, 9)).toBe('9');
    await change(id, 'dear');
    shop.clock.advance(1000);
    expect(await images(who, 990)).toBe('2990');
    await takeBack(event.id);
    expect(await counted(who, 'images')).toEqual(['999 for 2997']);
  });
});

describe('what was said in a period', () => {
  it('is charged for once: a value that was there before, and what is stored until the end', async () => {
    const { who, id } = await subscriber('small');
    expect([await login(who, 'ada'), await login(who, 'ada')]).toEqual(['1', null]);
    expect(await store(who, 100)).toBe('672');
    await shop.at(HALF);
    await change(id, 'large');
    shop.clock.advance(1000);
    expect([await login(who, 'ada'), await login(who, 'bob')]).toEqual([null, '1']);
    expect(await counted(who, 'users')).toEqual(['2 for 2']);
    // It goes on as it was.
    expect(await store(who, 100)).toBeNull();
  });
});
