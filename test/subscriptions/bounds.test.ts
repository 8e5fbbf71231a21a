import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop, START } from './shop.ts';

// What waits for the end of a period, and what a subscription has of its own, stay within what the plan allows.

const END = '2026-02-28T09:00:00.000Z';
const seats = (maximum: number) => ({
  asset: 'USD',
  seats: { included: 0, maximum, amount: '8' },
  addOns: [{ code: 'sso', fees: [{ code: 'sso', amount: '6' }] }],
});

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.run('mutation { createAsset(input: { code: "EUR", scale: 2 }) { __typename } }');
  await shop.run(
    'mutation { createFeature(input: { code: "drawing", kind: METERED, metric: "images" }) { __typename } }',
  );
  await shop.plan('ten', seats(10));
  await shop.plan('three', seats(3));
  await shop.plan('tried', {
    asset: 'USD',
    fees: [{ code: 'base', amount: '9' }],
    trial: { days: 14 },
  });
  await shop.plan('euro', { asset: 'EUR', fees: [{ code: 'base', amount: '1' }] });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

async function subscriber(plan: string, more: object = {}) {
  people += 1;
  const who = await shop.customer(`person-${people}`, '500');
  return { who, id: await shop.subscribed(who, plan, more) };
}

const WAITS = 'scheduledChange { seats addOns planVersion { plan { code } } }';
const waits = async (id: string) => (await shop.read(id, WAITS)).scheduledChange;
const change = (subscription: string, more: object) =>
  shop.mutate('changePlan', { subscription, ...more });

describe('seats that wait', () => {
  it('stay as they were asked for when there are others until then', async () => {
    const { id } = await subscriber('ten', { seats: 3 });
    await change(id, { plan: 'three', when: 'PERIOD_END', seats: 2 });
    await shop.given('updateSeats', { subscription: id, seats: 6 });
    expect(await waits(id)).toMatchObject({ seats: 2 });
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ seats: 2, planName: 'three' });
    expect((await shop.charges(id)).at(-1)).toBe('SEATS seats 16');
  });

  it('go along where nothing else was asked for, as far as the plan goes', async () => {
    const { id } = await subscriber('ten', { seats: 1 });
    await change(id, { plan: 'three', when: 'PERIOD_END' });
    await shop.given('updateSeats', { subscription: id, seats: 2 });
    expect(await waits(id)).toMatchObject({ seats: 2 });
    await shop.given('updateSeats', { subscription: id, seats: 6 });
    expect(await waits(id)).toMatchObject({ seats: 3 });
  });

  it('stay when only add-ons change, which go along with the same plan', async () => {
    const { id } = await subscriber('ten', { seats: 3 });
    await change(id, { when: 'PERIOD_END', seats: 2 });
    await shop.given('updateAddOns', { subscription: id, addOns: ['sso'] });
    expect(await waits(id)).toMatchObject({ seats: 2, addOns: ['sso'] });
  });

  it('may be fewer than are in use in this period', async () => {
    const { who, id } = await subscriber('ten', { seats: 3 });
    for (const subject of ['a', 'b', 'c']) await shop.use(who, 1, { subject });
    expect(await change(id, { when: 'NOW', seats: 2 })).toMatchObject({
      issues: [{ path: 'seats', code: 'OUT_OF_RANGE' }],
    });
    await change(id, { when: 'PERIOD_END', seats: 2 });
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ seats: 2, status: 'ACTIVE' });
  });
});

describe('overrides', () => {
  const price = { metric: 'images', asset: 'EUR', unitAmount: '0.5' };
  const cap = { feature: 'drawing', spendCap: { asset: 'EUR', amount: '5' } };
  const wrong = (path: string) => ({
    issues: [{ path: `overrides.${path}`, code: 'NOT_ALLOWED' }],
  });

  it('are in the currency of the plan', async () => {
    const { id } = await subscriber('ten');
    const override = (overrides: object) =>
      shop.mutate('overrideSubscription', { subscription: id, overrides });
    expect(await override({ prices: [price] })).toMatchObject(wrong('prices.0.asset'));
    expect(await override({ entitlements: [cap] })).toMatchObject(
      wrong('entitlements.0.spendCap.asset'),
    );
    const who = await shop.customer('euro-person', '50');
    expect(await shop.subscribe(who, 'ten', { overrides: { prices: [price] } })).toMatchObject(
      wrong('prices.0.asset'),
    );
    expect((await override({ prices: [{ ...price, asset: 'CREDIT' }] })).__typename).toBe(
      'OverrideSubscriptionPayload',
    );
  });

  it('keep a subscription from a plan in another currency', async () => {
    const { who, id } = await subscriber('ten');
    await shop.grant(who, '50', { asset: 'EUR' });
    const overrides = { prices: [{ ...price, asset: 'USD' }] };
    await shop.given('overrideSubscription', { subscription: id, overrides });
    expect(await change(id, { plan: 'euro', when: 'NOW' })).toMatchObject({
      code: 'CONFLICT',
      path: 'plan',
    });
    await shop.given('overrideSubscription', { subscription: id, overrides: {} });
    expect((await change(id, { plan: 'euro', when: 'NOW' })).__typename).toBe('ChangePlanPayload');
  });
});

describe('what is asked for and cannot be', () => {
  it('is a policy for credits of a change that waits', async () => {
    const { id } = await subscriber('ten');
    const input = { plan: 'three', when: 'PERIOD_END', credits: 'KEEP' };
    expect(await change(id, input)).toMatchObject({
      issues: [{ path: 'credits', code: 'NOT_ALLOWED' }],
    });
  });

  it('is a trial without an end', async () => {
    const { id } = await subscriber('tried');
    const extend = (until: string) => shop.mutate('extendTrial', { subscription: id, until });
    expect(await extend('2100-01-01T00:00:00Z')).toMatchObject({
      issues: [{ path: 'until', code: 'OUT_OF_RANGE' }],
    });
    expect((await extend('2028-01-31T09:00:00Z')).__typename).toBe('ExtendTrialPayload');
  });

  it('is a migration of what is not there', async () => {
    const { id } = await subscriber('three');
    await shop.plan('ten', {
      ...seats(10),
      credits: [{ code: 'more', asset: 'CREDIT', amount: '1' }],
    });
    const migrate = (more: object) =>
      shop.mutate(
        'migrateSubscriptions',
        { to: 'ten', when: 'NOW', preview: true, ...more },
        'outcomes { error { code } }',
      );
    const nobody = 'sub_01h455vb4pex5vsknk084sn02q';
    expect(await migrate({ subscriptions: [nobody] })).toMatchObject({
      code: 'NOT_FOUND',
      given: nobody,
    });
    expect(await migrate({ subscriptions: ['nothing'] })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await migrate({ from: 'planver_01h455vb4pex5vsknk084sn02q' })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await migrate({ subscriptions: [id] })).toMatchObject({
      code: 'CONFLICT',
      path: 'subscriptions.0',
    });
  });
});
