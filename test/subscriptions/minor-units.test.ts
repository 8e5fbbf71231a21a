import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.ts';

// Wallets of a currency may keep fractions of a cent for usage; what a subscription costs is whole cents.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.run('mutation { createAsset(input: { code: "EUR" }) { __typename } }');
  const seats = { included: 0, amount: '0.333' };
  await shop.plan('base', { asset: 'EUR', fees: [{ code: 'base', amount: '10' }], seats });
  await shop.plan('more', { asset: 'EUR', fees: [{ code: 'base', amount: '20.005' }], seats });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});

it('fees, seats and the shares of them are rounded half-even to minor units', async () => {
  const who = await shop.customer('ada');
  await shop.grant(who, '100', { asset: 'EUR' });
  const id = await shop.subscribed(who, 'base', { seats: 4 });
  expect(await shop.charges(id)).toEqual(['RECURRING base 10', 'SEATS seats 1.33']);
  await shop.at('2026-02-10T00:00:00.000Z');
  await shop.given('changePlan', { subscription: id, plan: 'more', when: 'NOW' });
  // 18 days and 9 hours of 28 days are left: 6.5656... of 10.005.
  expect((await shop.charges(id)).slice(2)).toEqual(['PRORATION change 6.57']);
  await shop.given('changePlan', { subscription: id, plan: 'base', when: 'NOW' });
  expect(await shop.balance(who, 'EUR')).toBe('88.67');
  await shop.given('changePlan', { subscription: id, plan: 'more', when: 'PERIOD_END' });
  await shop.at('2026-02-28T09:00:00.000Z');
  expect((await shop.charges(id)).slice(3)).toEqual(['RECURRING base 20', 'SEATS seats 1.33']);
});
