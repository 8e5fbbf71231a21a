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
