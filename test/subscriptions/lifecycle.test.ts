import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromTypeId } from '../../src/kit/ids.ts';
import { withAdmin } from '../support/admin.ts';
import { openShop, PRO, type Shop, START } from './shop.ts';

const END = '2026-02-28T09:00:00.000Z';

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
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
  await shop.plan('committed', {
    asset: 'USD',
    fees: [{ code: 'base', amount: '5' }],
    minimum: '30',
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

describe('a renewal', () => {
  it('that the wallet does not cover is past due without credits, until the wallet does', async () => {
    const who = await somebody('30');
    const id = await shop.subscribed(who, 'pro');
    await shop.at(END);
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE' });
    // Nothing new: what may go on of those before.
    expect(await shop.balance(who, 'CREDIT')).toBe('500');
    expect((await shop.told(who)).filter((type) => type === 'SUBSCRIPTION_PAST_DUE')).toHaveLength(
      1,
    );
    shop.clock.set(new Date('2026-03-03T00:00:00.000Z'));
    await shop.grant(who, '5');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE' });
    await shop.grant(who, '5');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({
      status: 'ACTIVE',
      currentPeriod: { startsAt: END, endsAt: '2026-03-31T09:00:00.000Z' },
    });
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 1000 0 ${END}`,
      'ROLLOVER 500 500 2026-03-31T09:00:00.000Z',
      'BUNDLED 1000 1000 2026-03-31T09:00:00.000Z',
    ]);
  });

  it('that comes months late begins the period of now, and those between were not had', async () => {
    const who = await somebody('20');
    const id = await shop.subscribed(who, 'pro');
    await shop.at(END);
    shop.clock.set(new Date('2026-05-10T00:00:00.000Z'));
    await shop.grant(who, '100');
    await shop.work();
    expect(await shop.periods(id)).toEqual([START, '2026-04-30T09:00:00.000Z']);
    expect(await shop.charges(id)).toHaveLength(2);
  });

  it('of a worker that was away is made up for, period by period', async () => {
    const who = await somebody('500');
    const id = await shop.subscribed(who, 'pro');
    await shop.at('2026-05-01T00:00:00.000Z');
    expect(await shop.periods(id)).toEqual([
      START,
      END,
      '2026-03-31T09:00:00.000Z',
      '2026-04-30T09:00:00.000Z',
    ]);
    expect(await shop.balance(who, 'USD')).toBe('420');
  });

  it('of 30 subscriptions is made once by eight workers at once', {
    timeout: 180_000,
  }, async () => {
    // All at once they could wait for the connections of the pool longer than it lets them.
    const all: string[] = [];
    const one = async () => all.push(await shop.subscribed(await somebody('100'), 'pro'));
    while (all.length < 30) await Promise.all(Array.from({ length: 10 }, one));
    shop.clock.set(new Date(END));
    await Promise.all(Array.from({ length: 8 }, () => shop.renew()));
    await shop.work();
    for (const id of all) expect(await shop.periods(id)).toEqual([START, END]);
    for (const id of all) expect(await shop.charges(id)).toHaveLength(2);
  });
});

describe('a pause', () => {
  it('within a period stops nothing of it, and the period goes on', async () => {
    const who = await somebody('100');
    const id = await shop.subscribed(who, 'pro');
    await shop.at('2026-02-10T00:00:00.000Z');
    await shop.given('pauseSubscription', { subscription: id });
    expect(await shop.mutate('updateSeats', { subscription: id, seats: 1 })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(
      await shop.mutate('changePlan', { subscription: id, plan: 'daily', when: 'NOW' }),
    ).toMatchObject({ code: 'CONFLICT', path: 'subscription' });
    await shop.given('resumeSubscription', { subscription: id });
    expect(await shop.read(id)).toMatchObject({
      status: 'ACTIVE',
      pausedAt: null,
      currentPeriod: { startsAt: START, endsAt: END },
    });
    expect(await shop.charges(id)).toHaveLength(1);
  });

  it('beyond the period charges nothing, and a period begins with the resumption', async () => {
    const who = await somebody('100');
    const id = await shop.subscribed(who, 'pro');
    await shop.given('pauseSubscription', { subscription: id });
    await shop.at('2026-05-05T10:00:00.000Z');
    expect(await shop.charges(id)).toHaveLength(1);
    expect(await shop.balance(who, 'CREDIT')).toBe('0');
    const { subscription } = await shop.given('resumeSubscription', { subscription: id });
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      currentPeriod: { startsAt: '2026-05-05T10:00:00.000Z', endsAt: '2026-06-05T10:00:00.000Z' },
    });
    expect(await shop.charges(id)).toHaveLength(2);
    // What went on when its period ended lived for the period after that, which is over.
    expect(await shop.balance(who, 'CREDIT')).toBe('1000');
  });

  it('that ends with a change that waited has the new plan hold once from then on', async () => {
    const id = await shop.subscribed(await somebody('100'), 'pro');
    await shop.given('changePlan', { subscription: id, plan: 'committed', when: 'PERIOD_END' });
    await shop.at('2026-02-10T09:00:00.000Z');
    await shop.given('pauseSubscription', { subscription: id });
    await shop.at('2026-05-05T10:00:00.000Z');
    await shop.given('resumeSubscription', { subscription: id });
    expect(await shop.read(id)).toMatchObject({ planName: 'committed', pausedAt: null });
    const text = `SELECT p.code, t.effective_from, t.effective_until FROM subscription_terms t
      JOIN plan_versions v ON v.id = t.plan_version_id JOIN plans p ON p.id = v.plan_id
      WHERE t.subscription_id = $1 ORDER BY t.effective_from, t.id`;
    const { rows } = await withAdmin(shop.api.databaseUrl, (admin) =>
      admin.query(text, [fromTypeId('subscription', id)]),
    );
    expect(rows.map((row) => [row.code, row.effective_from, row.effective_until])).toEqual([
      ['pro', new Date(START), new Date('2026-02-10T09:00:00.000Z')],
      ['committed', new Date('2026-05-05T10:00:00.000Z'), null],
    ]);
  });

  it('is of what is active, and ends what is paused', async () => {
    const who = await somebody('100');
    const id = await shop.subscribed(who, 'pro');
    expect(await shop.mutate('resumeSubscription', { subscription: id })).toMatchObject({
      code: 'CONFLICT',
    });
    await shop.given('pauseSubscription', { subscription: id });
    expect(await shop.mutate('pauseSubscription', { subscription: id })).toMatchObject({
      code: 'CONFLICT',
    });
    await shop.cancel(id, 'NOW');
    expect(await shop.cancel(id, 'NOW')).toMatchObject({ code: 'CONFLICT' });
    expect(await shop.read(id)).toMatchObject({ status: 'CANCELED', endedAt: START });
  });
});

describe('credits that come more often than the plan renews', () => {
  it('come each day and end with it; a refill tops up and never lowers', async () => {
    const who = await somebody();
    await shop.subscribed(who, 'daily');
    expect(await shop.balance(who, 'CREDIT')).toBe('110');
    await shop.at('2026-02-01T09:00:00.000Z');
    expect(await shop.balance(who, 'CREDIT')).toBe('110');
    await shop.grant(who, '500', { asset: 'CREDIT' });
    await shop.at('2026-02-07T08:00:00.000Z');
    expect(await shop.balance(who, 'CREDIT')).toBe('610');
    await shop.at('2026-02-07T09:00:00.000Z');
    expect(await shop.balance(who, 'CREDIT')).toBe('610');
    const topped = (await shop.grants(who, 'CREDIT')).filter((grant) => grant.endsWith(' '));
    expect(topped).toEqual(['BUNDLED 100 100 ', 'PAID 500 500 ']);
  });
});

describe('a minimum', () => {
  it('is made up at the end of each period by what usage was short of it', async () => {
    const who = await somebody('200');
    const id = await shop.subscribed(who, 'committed');
    await shop.use(who, 12);
    await shop.at(END);
    expect((await shop.charges(id)).slice(1)).toEqual(['MINIMUM minimum 18', 'RECURRING base 5']);
    await shop.use(who, 31);
    await shop.use(who, 4, { occurredAt: '2026-02-28T08:00:00.000Z' });
    await shop.at('2026-03-31T09:00:00.000Z');
    expect((await shop.charges(id)).slice(3)).toEqual(['RECURRING base 5']);
  });

  it('of a period that is cut short is the share that has passed, as far as there are funds', async () => {
    const who = await somebody('15');
    const id = await shop.subscribed(who, 'committed');
    shop.clock.set(new Date('2026-02-14T09:00:00.000Z'));
    await shop.cancel(id, 'NOW');
    expect((await shop.charges(id)).slice(1)).toEqual(['MINIMUM minimum 10']);
    expect(await shop.balance(who, 'USD')).toBe('0');
  });
});
