import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.ts';

// Several subscriptions of one customer want a minimum in the same asset: each usage counts for one of them.

const START = '2026-04-01T00:00:00.000Z';
const HALF = '2026-04-16T00:00:00.000Z';
const END = '2026-05-01T00:00:00.000Z';

let shop: Shop;
let customers = 0;

const priced = (metric: string, unitAmount = '1', more: object = {}) => ({
  ...{ metric, asset: 'USD', unitAmount },
  ...more,
});

beforeAll(async () => {
  shop = await openShop();
  await shop.run(`mutation {
    calls: createBillableMetric(input: { code: "calls", eventType: "call", aggregation: SUM, property: "n" }) { __typename }
    users: createBillableMetric(input: { code: "users", eventType: "call", aggregation: UNIQUE, property: "user" }) { __typename }
    price: createPrice(input: { metric: "calls", asset: "USD", unitAmount: "1" }) { __typename }
    free: createPrice(input: { metric: "users", asset: "USD", unitAmount: "0" }) { __typename }
  }`);
  const plan = { asset: 'USD', minimum: '100' };
  await shop.plan('images', { ...plan, prices: [priced('images')] });
  await shop.plan('calls', { ...plan, prices: [priced('calls'), priced('users', '2')] });
  await shop.plan('users', { ...plan, prices: [priced('users', '5')] });
  await shop.plan('any', plan);
  await shop.plan('other', plan);
  await shop.plan('tried', { ...plan, trial: { days: 10 } });
  await shop.plan('open', { asset: 'USD', prices: [priced('images', '3')] });
});
afterAll(() => shop.stop());
beforeEach(() => shop.clock.set(new Date(START)));
afterEach(async () => expect(await shop.brokenLaw()).toBeNull());

async function subscriber(...plans: string[]): Promise<{ who: string; ids: string[] }> {
  customers += 1;
  const who = await shop.customer(`customer-${customers}`, '5000');
  const ids: string[] = [];
  for (const plan of plans) ids.push(await shop.subscribed(who, plan));
  return { who, ids };
}

/** Of each subscription `amount returned` of its true-ups, oldest first. */
const trueUps = (ids: string[]) =>
  Promise.all(
    ids.map(async (id) => {
      const read = await shop.read(
        id,
        'charges(first: 100) { edges { node { kind amount returned } } }',
      );
      return read.charges.edges
        .map(({ node }: { node: Record<string, string> }) => node)
        .filter(({ kind }: Record<string, string>) => kind === 'MINIMUM')
        .map(({ amount, returned }: Record<string, string>) => `${amount} ${returned}`)
        .reverse()
        .join(', ');
    }),
  );

const call = (who: string, n: number, more: object = {}) =>
  shop.use(who, 0, { type: 'call', properties: { n }, ...more });

describe('a minimum', () => {
  it('counts what its own prices cost, and nothing that those of another one do', async () => {
    const { who, ids } = await subscriber('images', 'calls');
    await shop.use(who, 30);
    await call(who, 45);
    await shop.at(END);
    expect(await trueUps(ids)).toEqual(['70 0', '55 0']);
  });

  it('counts usage that nobody else prices, once: for the older of two', async () => {
    const { who, ids } = await subscriber('any', 'other');
    await shop.use(who, 30);
    await call(who, 20);
    await shop.at(END);
    expect(await trueUps(ids)).toEqual(['50 0', '100 0']);
  });

  it('counts it for one without prices of its own rather than for an older one that has some', async () => {
    const { who, ids } = await subscriber('images', 'any');
    await shop.use(who, 30);
    await call(who, 20);
    await shop.at(END);
    expect(await trueUps(ids)).toEqual(['70 0', '80 0']);
  });

  it('counts it for one that has prices where there is no other', async () => {
    const { who, ids } = await subscriber('images', 'open');
    await shop.use(who, 30);
    await call(who, 20);
    await shop.at(END);
    expect((await trueUps(ids))[0]).toBe('50 0');
  });

  it('counts by when usage occurred, also where one of two has ended', async () => {
    const { who, ids } = await subscriber('any', 'other');
    await call(who, 10);
    await shop.at(HALF);
    await shop.cancel(ids[0] ?? '', 'NOW');
    expect(await trueUps(ids)).toEqual(['40 0', '']);
    shop.clock.advance(1000);
    await call(who, 25);
    await shop.at(END);
    await call(who, 5, { occurredAt: START });
    await call(who, 7, { occurredAt: '2026-04-20T00:00:00.000Z' });
    await shop.work();
    expect(await trueUps(ids)).toEqual(['40 5', '75 7']);
  });

  it('counts nothing for one that is in its trial, as long as another one wants it', async () => {
    const { who, ids } = await subscriber('tried', 'other');
    await call(who, 10);
    await shop.at('2026-04-11T00:00:00.000Z');
    await call(who, 20);
    await shop.at(END);
    await shop.at('2026-05-11T00:00:00.000Z');
    expect(await trueUps(ids)).toEqual(['80 0', '90 0']);
  });

  it('counts what a contract costs, and what its plan costs beside it', async () => {
    customers += 1;
    const who = await shop.customer(`customer-${customers}`, '5000');
    const overrides = { prices: [priced('images', '2')] };
    const ids = [
      await shop.subscribed(who, 'calls', { overrides }),
      await shop.subscribed(who, 'images'),
    ];
    await shop.use(who, 10);
    await call(who, 5);
    await shop.at(END);
    expect(await trueUps(ids)).toEqual(['75 0', '100 0']);
    await shop.use(who, 10, { occurredAt: HALF });
    await shop.work();
    expect(await trueUps(ids)).toEqual(['75 20', '100 0']);
  });
});

describe('usage that is taken back', () => {
  it('is taken from the minimums that its parts counted for', async () => {
    // One event, of which calls are for everybody and users are what a plan prices.
    const { who, ids } = await subscriber('any', 'users');
    const first = await call(who, 30, { properties: { n: 30, user: 'ada' } });
    await call(who, 4, { properties: { n: 4, user: 'bob' } });
    await shop.given('correctUsage', { event: first.event.id }, 'created');
    await shop.at(END);
    expect(await trueUps(ids)).toEqual(['96 0', '95 0']);
  });
});
