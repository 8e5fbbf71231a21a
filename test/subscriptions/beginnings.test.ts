import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  await shop.plan('tried', {
    ...PRO,
    trial: { days: 14, credits: [{ code: 'trial', asset: 'CREDIT', amount: '50' }] },
  });
  await shop.plan('daily', {
    credits: [
      { code: 'free', asset: 'CREDIT', amount: '10', every: 'DAY' },
      {
        code: 'topped',
        asset: 'CREDIT',
        amount: '100',
        every: 'WEEK',
        expires: 'NEVER',
        refill: true,
      },
    ],
  });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

async function somebody(money: string | null = null): Promise<string> {
  people += 1;
  return shop.customer(`person-${people}`, money);
}

describe('a trial', () => {
  it('costs nothing, is told to end three days before, and then the first period is charged', async () => {
    const who = await somebody('50');
    const id = await shop.subscribed(who, 'tried');
    expect(await shop.read(id)).toMatchObject({
      status: 'TRIALING',
      trialEndsAt: '2026-02-14T09:00:00.000Z',
    });
    expect(await shop.charges(id)).toEqual([]);
    expect(await shop.balance(who, 'CREDIT')).toBe('50');
    await shop.at('2026-02-11T09:00:00.000Z');
    expect(await shop.told(who)).toContain('SUBSCRIPTION_TRIAL_ENDING');
    await shop.at('2026-02-14T09:00:00.000Z');
    expect(await shop.read(id)).toMatchObject({
      status: 'ACTIVE',
      anchorAt: '2026-02-14T09:00:00.000Z',
      currentPeriod: { startsAt: '2026-02-14T09:00:00.000Z', endsAt: '2026-03-14T09:00:00.000Z' },
    });
    expect(await shop.charges(id)).toEqual(['RECURRING base 20']);
    expect(await shop.balance(who, 'CREDIT')).toBe('1000');
  });

  it('is extended, and not shortened', async () => {
    const id = await shop.subscribed(await somebody('50'), 'tried');
    const extend = (until: string) => shop.mutate('extendTrial', { subscription: id, until });
    expect((await extend('2026-02-14T09:00:00Z')).issues).toEqual([
      { path: 'until', code: 'NOT_ALLOWED' },
    ]);
    await extend('2026-02-20T00:00:00Z');
    await shop.at('2026-02-19T23:59:59Z');
    expect(await shop.read(id)).toMatchObject({ status: 'TRIALING' });
    await shop.at('2026-02-20T00:00:00Z');
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
    expect(await extend('2026-03-20T00:00:00Z')).toMatchObject({ code: 'CONFLICT' });
  });

  it('is one for a customer and a plan', async () => {
    const who = await somebody('50');
    const first = await shop.subscribed(who, 'tried');
    expect(await shop.subscribe(who, 'tried')).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    await shop.cancel(first, 'NOW');
    expect(await shop.subscribe(who, 'tried')).toMatchObject({ code: 'CONFLICT', path: 'trial' });
    expect(await shop.subscribe(who, 'tried', { trial: true })).toMatchObject({ path: 'trial' });
    const second = await shop.subscribed(who, 'tried', { trial: false });
    expect(await shop.read(second)).toMatchObject({ status: 'ACTIVE', trialEndsAt: null });
  });

  it('that ends without money is past due, and the first period begins when it is paid', async () => {
    const who = await somebody();
    const id = await shop.subscribed(who, 'tried');
    await shop.at('2026-02-14T09:00:00.000Z');
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE' });
    shop.clock.set(new Date('2026-02-20T10:00:00.000Z'));
    await shop.grant(who, '20');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({
      status: 'ACTIVE',
      currentPeriod: { startsAt: '2026-02-20T10:00:00.000Z', endsAt: '2026-03-20T10:00:00.000Z' },
    });
  });
});

describe('the beginning', () => {
  it('may be later', async () => {
    const who = await somebody('50');
    const startAt = '2026-03-10T12:00:00.000Z';
    const id = await shop.subscribed(who, 'pro', { startAt });
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING', currentPeriod: null });
    await shop.at('2026-03-10T11:59:59.999Z');
    expect(await shop.balance(who, 'USD')).toBe('50');
    await shop.at(startAt);
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', startedAt: startAt });
    expect(await shop.balance(who, 'USD')).toBe('30');
  });

  it('that comes without the money for it is told once, and happens when the money comes', async () => {
    const who = await somebody('5');
    const id = await shop.subscribed(who, 'pro', { startAt: '2026-03-10T12:00:00.000Z' });
    const lacking = async () =>
      (await shop.told(who)).filter((type) => type === 'SUBSCRIPTION_PAST_DUE').length;
    await shop.at('2026-03-10T12:00:00.000Z');
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING', startedAt: null });
    expect(await lacking()).toBe(1);
    await shop.grant(who, '14.99');
    await shop.at('2026-03-11T12:00:00.000Z');
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING' });
    expect(await lacking()).toBe(1);
    await shop.grant(who, '0.01');
    await shop.at('2026-03-12T12:00:00.000Z');
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
    expect(await shop.balance(who, 'USD')).toBe('0');
    expect(await lacking()).toBe(1);
  });

  it('is refused when the wallet does not cover it, and leaves nothing', async () => {
    const who = await somebody('19.99');
    expect(await shop.subscribe(who, 'pro')).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '19.99',
      required: '20',
    });
    const { customer } = await shop.run(
      `{ customer(ref: { externalId: "${who}" }) { subscriptions { edges { node { id } } } wallets { id } } }`,
    );
    expect(customer.subscriptions.edges).toEqual([]);
    expect(customer.wallets).toHaveLength(1);
  });

  it('waits until what has to be paid in has come in since', async () => {
    const who = await somebody('100');
    const id = await shop.subscribed(who, 'pro', { prefundAmount: '60' });
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING' });
    await shop.grant(who, '1000', { purpose: 'PROMOTIONAL' });
    await shop.grant(who, '40');
    shop.clock.advance(1000);
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING' });
    await shop.grant(who, '20');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({
      status: 'ACTIVE',
      startedAt: '2026-01-31T09:00:01.000Z',
    });
  });

  it.each<[string, object, object]>([
    ['a plan that is not there', { plan: 'nothing' }, { code: 'NOT_FOUND', what: 'Plan' }],
    [
      'no time zone',
      { timeZone: 'Mars/Olympus' },
      { issues: [{ path: 'timeZone', code: 'BAD_FORMAT' }] },
    ],
    [
      'a time that has passed',
      { startAt: '2026-01-01T00:00:00Z' },
      { issues: [{ path: 'startAt', code: 'NOT_ALLOWED' }] },
    ],
    [
      'no amount',
      { prefundAmount: '0' },
      { issues: [{ path: 'prefundAmount', code: 'NOT_POSITIVE' }] },
    ],
    [
      'a trial of a plan without',
      { trial: true },
      { issues: [{ path: 'trial', code: 'NOT_ALLOWED' }] },
    ],
    [
      'more seats than a plan without has',
      { seats: 2 },
      { issues: [{ path: 'seats', code: 'NOT_ALLOWED' }] },
    ],
    [
      'an add-on that it has not',
      { addOns: ['x'] },
      { issues: [{ path: 'addOns.0', code: 'NOT_ALLOWED' }] },
    ],
    [
      'a prefund of a plan without an asset',
      { plan: 'daily', prefundAmount: '1' },
      { issues: [{ path: 'prefundAmount', code: 'NOT_ALLOWED' }] },
    ],
  ])('is not with %s', async (_what, input, refusal) => {
    const who = await somebody('50');
    const given = { plan: 'pro', ...input };
    expect(await shop.subscribe(who, given.plan, given)).toMatchObject(refusal);
  });

  it('is once for an idempotency key', async () => {
    const who = await somebody('50');
    const id = await shop.subscribed(who, 'pro', { idempotencyKey: 'once' });
    expect(await shop.subscribed(who, 'pro', { idempotencyKey: 'once' })).toBe(id);
    expect(await shop.balance(who, 'USD')).toBe('30');
  });

  it('of 12 calls at once is one', async () => {
    const who = await somebody('500');
    // No more than the pool has connections: others may be told that they have waited too long.
    const all = await Promise.all(Array.from({ length: 12 }, () => shop.subscribe(who, 'pro')));
    const kinds = all.map(({ __typename }) => __typename);
    expect(kinds.filter((kind) => kind === 'CreateSubscriptionPayload')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'ConflictError')).toHaveLength(11);
    expect(await shop.balance(who, 'USD')).toBe('480');
  });
});
