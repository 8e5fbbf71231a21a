import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

const HALF = '2026-02-14T09:00:00.000Z';
const END = '2026-02-28T09:00:00.000Z';
const NEXT = '2026-03-31T09:00:00.000Z';
const fees = (amount: string) => [{ code: 'base', amount }];
const included = (asset: string, amount: string, more: object = {}) => ({
  code: 'included',
  asset,
  amount,
  ...more,
});
const rollover = { percent: '100', periods: 1 };

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  await shop.plan('big', { asset: 'USD', fees: fees('50'), credits: [included('CREDIT', '3000')] });
  await shop.plan('team', {
    asset: 'USD',
    fees: fees('30'),
    seats: { included: 2, maximum: 10, amount: '10' },
    credits: [included('CREDIT', '100', { perSeat: true })],
  });
  await shop.plan('daily', {
    credits: [{ code: 'free', asset: 'CREDIT', amount: '10', every: 'DAY', expires: 'NEVER' }],
  });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

async function subscriber(plan: string, more: object = {}, money = '500') {
  people += 1;
  const who = await shop.customer(`person-${people}`, money);
  return { who, id: await shop.subscribed(who, plan, more) };
}

const change = (subscription: string, more: object) =>
  shop.given('changePlan', { subscription, when: 'NOW', ...more });

describe('a change of plan that is made twice', () => {
  it.each(['KEEP', 'REPLACE_INCLUDED'])('gives the credits once: %s', async (credits) => {
    const { who, id } = await subscriber('pro');
    await shop.at(HALF);
    await change(id, { plan: 'big', credits });
    await shop.use(who, 1);
    const [grants, told] = [await shop.grants(who, 'CREDIT'), await shop.told(who)];
    await change(id, { plan: 'big', credits });
    expect(await shop.grants(who, 'CREDIT')).toEqual(grants);
    expect(await shop.told(who)).toEqual(told);
  });

  it('takes back what waits, all the same', async () => {
    const { id } = await subscriber('pro');
    await shop.given('changePlan', { subscription: id, plan: 'big', when: 'PERIOD_END' });
    await change(id, { plan: 'pro' });
    expect(await shop.mutate('undoScheduledChange', { subscription: id })).toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('of its seats alone goes by the share that is left, whatever is asked', async () => {
    const { who, id } = await subscriber('team', { seats: 2 });
    await shop.at(HALF);
    await change(id, { seats: 4, credits: 'KEEP' });
    expect(await shop.balance(who, 'CREDIT')).toBe('300');
  });
});

describe('credits that come in another asset', () => {
  it('take nothing of what was left in the one before, which ends with its time', async () => {
    await shop.plan('moving', {
      asset: 'USD',
      fees: fees('1'),
      credits: [included('CREDIT', '600', { rollover })],
    });
    const { who, id } = await subscriber('moving', {}, '1');
    await shop.plan('moving', { credits: [included('USD', '5', { rollover })] });
    await shop.given('migrateSubscriptions', { to: 'moving', when: 'PERIOD_END' }, 'next');
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
    expect(await shop.balance(who, 'USD')).toBe('5');
    expect(await shop.balance(who, 'CREDIT')).toBe('0');
    expect(await shop.brokenLaw()).toBeNull();
    await shop.at('2026-03-02T09:00:00.000Z');
    expect((await shop.ledger(who, 'CREDIT')).at(-1)).toBe('EXPIRY 600 WALLET>BREAKAGE');
  });

  it('are filled up by what is left in their own', async () => {
    const refill = { refill: true, expires: 'NEVER' };
    await shop.plan('refilled', { credits: [included('CREDIT', '600', refill)] });
    const { who } = await subscriber('refilled', {}, '1');
    await shop.plan('refilled', { credits: [included('USD', '50', refill)] });
    await shop.given('migrateSubscriptions', { to: 'refilled', when: 'PERIOD_END' }, 'next');
    await shop.at(END);
    expect(await shop.balance(who, 'USD')).toBe('51');
    expect(await shop.balance(who, 'CREDIT')).toBe('600');
  });

  it('leave what was kept of the former ones to end with its time, after a change at once', async () => {
    await shop.plan('kept', { credits: [included('CREDIT', '600', { rollover })] });
    const { who, id } = await subscriber('kept', {}, '1');
    await shop.plan('kept-too', { credits: [included('USD', '50', { rollover })] });
    await shop.at(HALF);
    await change(id, { plan: 'kept-too', credits: 'KEEP' });
    await shop.at('2026-03-02T09:00:00.000Z');
    expect((await shop.ledger(who, 'CREDIT')).at(-1)).toBe('EXPIRY 600 WALLET>BREAKAGE');
  });
});

describe('credits of a pause', () => {
  it('do not come when it is resumed', async () => {
    const { who, id } = await subscriber('daily');
    await shop.at('2026-02-02T10:00:00.000Z');
    expect(await shop.balance(who, 'CREDIT')).toBe('30');
    await shop.given('pauseSubscription', { subscription: id });
    await shop.at('2026-02-20T10:00:00.000Z');
    await shop.given('resumeSubscription', { subscription: id });
    await shop.work();
    expect(await shop.balance(who, 'CREDIT')).toBe('30');
    await shop.at('2026-02-21T09:00:00.000Z');
    expect(await shop.balance(who, 'CREDIT')).toBe('40');
  });

  it('do not come twice when it lasts no time', async () => {
    const { who, id } = await subscriber('daily');
    await shop.given('pauseSubscription', { subscription: id });
    await shop.given('resumeSubscription', { subscription: id });
    await shop.work();
    expect(await shop.balance(who, 'CREDIT')).toBe('10');
  });
});

describe('what goes on into a period that is over already', () => {
  it('is booked out, when a worker was away', async () => {
    const { who } = await subscriber('pro');
    await shop.at('2026-05-20T00:00:00.000Z');
    await shop.at('2026-05-20T00:00:01.000Z');
    const lost = (await shop.grants(who, 'CREDIT')).filter(
      (grant) => (grant.split(' ').at(-1) ?? '') < '2026-05' && !/ 0 /.test(grant),
    );
    expect(lost).toEqual([]);
    expect(await shop.balance(who, 'CREDIT')).toBe('1000');
  });
});

describe('a minimum', () => {
  it('counts no usage that was taken back', async () => {
    await shop.plan('committed', { asset: 'USD', fees: fees('5'), minimum: '30' });
    const { who, id } = await subscriber('committed');
    const { event } = await shop.use(who, 25);
    await shop.use(who, 2);
    await shop.given('correctUsage', { event: event.id }, 'created');
    await shop.at(END);
    expect((await shop.charges(id)).slice(1)).toEqual(['MINIMUM minimum 28', 'RECURRING base 5']);
  });

  it('counts usage at what it costs in the end, where a price has fallen', async () => {
    const tiers = [
      { upTo: '10', unitAmount: '2' },
      { upTo: null, unitAmount: '1' },
    ];
    await shop.plan('fallen', {
      asset: 'USD',
      minimum: '30',
      prices: [{ metric: 'images', asset: 'USD', model: 'VOLUME', tiers }],
    });
    const { who, id } = await subscriber('fallen');
    await shop.use(who, 10);
    await shop.use(who, 2);
    // Twenty were charged, and twelve are due.
    await shop.at(END);
    expect(await shop.charges(id)).toEqual(['MINIMUM minimum 18']);
    await shop.at(NEXT);
    expect((await shop.charges(id)).slice(1)).toEqual(['MINIMUM minimum 30']);
  });

  it('takes what there is for any usage when the subscription ends, and leaves what is for some', async () => {
    await shop.plan('ending', { asset: 'USD', minimum: '80' });
    people += 1;
    const who = await shop.customer(`person-${people}`, '40');
    await shop.grant(who, '60', { scope: { metrics: ['images'] } });
    const id = await shop.subscribed(who, 'ending');
    await shop.cancel(id, 'PERIOD_END');
    await shop.at(END);
    expect(await shop.charges(id)).toEqual(['MINIMUM minimum 40']);
    expect(await shop.balance(who, 'USD')).toBe('60');
  });
});
