import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/kit/clock.ts';
import { openShop, type Shop } from './shop.ts';

// What of a minimum is owed where a subscription was not on its plan for the whole period; thirty days of April.

let shop: Shop;
let customers = 0;

const minimum = (amount: string) => ({ asset: 'USD', minimum: amount });
const FEE = [{ code: 'base', name: 'Base', amount: '30' }];

beforeAll(async () => {
  shop = await openShop();
  await shop.run(`mutation {
    createBillableMetric(input: { code: "stored", eventType: "stored", aggregation: TIME_WEIGHTED_SUM, property: "gb" }) {
      __typename
    }
  }`);
  await shop.plan('free', { ...minimum('300'), minimum: undefined, fees: FEE });
  await shop.plan('small', { ...minimum('300'), fees: FEE });
  await shop.plan('large', { ...minimum('600'), fees: FEE });
  await shop.plan('yearly', { asset: 'USD', interval: 'YEAR', fees: FEE });
  await shop.at('2026-04-01T00:00:00.000Z');
});
afterAll(() => shop.stop());
afterEach(async () => {
  expect(await shop.brokenLaw()).toBeNull();
});

async function subscriber(plan: string): Promise<{ who: string; id: string }> {
  customers += 1;
  const who = await shop.customer(`customer-${customers}`, '5000');
  return { who, id: await shop.subscribed(who, plan) };
}

const change = (subscription: string, plan: string, when = 'NOW') =>
  shop.given('changePlan', { subscription, plan, when });

const minimums = async (id: string) =>
  (await shop.charges(id)).filter((charge) => charge.startsWith('MINIMUM'));

describe('a minimum', () => {
  it('is owed by each version for the share of the period that the subscription was on it', async () => {
    const [left, came, stayed] = await Promise.all(
      ['small', 'free', 'small'].map((plan) => subscriber(plan)),
    );
    if (!left || !came || !stayed) throw new Error('Nobody subscribed.');
    const paused = await subscriber('small');
    const gone = await subscriber('small');
    await shop.use(left.who, 40);
    await shop.at('2026-04-16T00:00:00.000Z');
    await change(left.id, 'free');
    await change(came.id, 'large');
    await shop.given('pauseSubscription', { subscription: paused.id });
    await shop.given('pauseSubscription', { subscription: gone.id });
    await shop.at('2026-04-21T00:00:00.000Z');
    await shop.cancel(gone.id, 'NOW');
    // Half of the month, and no more than that, though it was cancelled after twenty days.
    expect(await minimums(gone.id)).toEqual(['MINIMUM minimum 150']);
    await shop.at('2026-05-01T00:00:00.000Z');
    expect(await minimums(left.id)).toEqual(['MINIMUM minimum 110']);
    expect(await minimums(came.id)).toEqual(['MINIMUM minimum 300']);
    expect(await minimums(stayed.id)).toEqual(['MINIMUM minimum 300']);
    await shop.at('2026-05-10T00:00:00.000Z');
    await shop.given('resumeSubscription', { subscription: paused.id });
    expect(await minimums(paused.id)).toEqual(['MINIMUM minimum 150']);
  });
});

describe('a subscription', () => {
  it('that is to end with its period ends with the longer one that is paid instead', async () => {
    const { id } = await subscriber('free');
    await shop.cancel(id, 'PERIOD_END');
    await change(id, 'yearly');
    const { cancelAt, currentPeriod } = await shop.read(id);
    expect(cancelAt).toBe(currentPeriod.endsAt);
    await shop.at('2026-06-20T00:00:00.000Z');
    expect((await shop.read(id)).status).toBe('ACTIVE');
  });

  it('to a plan that another one is to change to is refused', async () => {
    const { who, id } = await subscriber('free');
    await change(id, 'small', 'PERIOD_END');
    expect(await shop.subscribe(who, 'small')).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    const other = await shop.subscribed(who, 'large');
    const refused = { subscription: other, plan: 'small', when: 'PERIOD_END' };
    expect(await shop.mutate('changePlan', refused)).toMatchObject({ code: 'CONFLICT' });
    await shop.given('undoScheduledChange', { subscription: id });
    expect((await shop.subscribe(who, 'small')).__typename).toBe('CreateSubscriptionPayload');
  });

  it('to a plan whose name is no text is one to no plan', async () => {
    const { who, id } = await subscriber('free');
    const plan = 'no\u0000plan';
    expect(await shop.subscribe(who, plan)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await shop.mutate('changePlan', { subscription: id, plan, when: 'NOW' })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

const cancel = (id: string) => shop.cancel(id, 'NOW');
const beginAnew = (id: string) => change(id, 'yearly');

it.each([
  ['a cancellation', cancel, '4500', '2026-06-01T00:00:00.000Z'],
  ['a period that begins anew', beginAnew, '4470', '2026-09-01T00:00:00.000Z'],
] as const)(
  'a minimum of a period that is cut short by %s is not met by what comes back',
  async (_, cut, left, from) => {
    const stored = { metric: 'stored', asset: 'USD', unitAmount: '0.01' };
    await shop.plan('vault', { ...minimum('1000'), prices: [stored] });
    await shop.at(from);
    const { who, id } = await subscriber('vault');
    const { charges } = await shop.use(who, 0, { type: 'stored', properties: { gb: 100 } });
    expect(charges[0].amount).toBe('720');
    shop.clock.advance(15 * DAY_MS);
    await cut(id);
    shop.clock.advance(DAY_MS);
    await shop.work();
    // Half of 720 is usage, and half of the minimum is due.
    expect(await minimums(id)).toEqual(['MINIMUM minimum 140']);
    expect(await shop.balance(who, 'USD')).toBe(left);
  },
);
