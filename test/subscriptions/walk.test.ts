import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
});
afterAll(() => shop.stop());
afterEach(async () => expect(await shop.brokenLaw()).toBeNull());

describe('a subscription', () => {
  it('is charged and gives its credits when it begins, and again with each period, until it ends', async () => {
    const ada = await shop.customer('ada', '50');
    const { subscription } = await shop.subscribe(ada, 'pro', { timeZone: 'Europe/Berlin' });
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      planName: 'pro',
      anchorAt: START,
      startedAt: START,
      currentPeriod: { startsAt: START, endsAt: '2026-02-28T09:00:00.000Z' },
    });
    expect(await shop.balance(ada, 'USD')).toBe('30');
    expect(await shop.balance(ada, 'CREDIT')).toBe('1000');

    await shop.at('2026-02-28T08:59:59.999Z');
    expect(await shop.periods(subscription.id)).toHaveLength(1);
    await shop.at('2026-02-28T09:00:00.000Z');
    await shop.work();
    expect(await shop.read(subscription.id)).toMatchObject({
      status: 'ACTIVE',
      currentPeriod: { startsAt: '2026-02-28T09:00:00.000Z', endsAt: '2026-03-31T08:00:00.000Z' },
    });
    expect(await shop.balance(ada, 'USD')).toBe('10');
    expect(await shop.grants(ada, 'CREDIT')).toEqual([
      'BUNDLED 1000 500 2026-02-28T09:00:00.000Z',
      'ROLLOVER 500 500 2026-03-31T08:00:00.000Z',
      'BUNDLED 1000 1000 2026-03-31T08:00:00.000Z',
    ]);

    await shop.cancel(subscription.id, 'PERIOD_END');
    await shop.at('2026-03-31T08:00:00.000Z');
    expect(await shop.read(subscription.id)).toMatchObject({
      status: 'CANCELED',
      endedAt: '2026-03-31T08:00:00.000Z',
    });
    await shop.at('2026-04-02T00:00:00.000Z');
    expect(await shop.balance(ada, 'CREDIT')).toBe('0');
    expect(await shop.ledger(ada, 'CREDIT')).toEqual([
      'GRANT 1000 PROMOTIONAL>WALLET',
      'ROLLOVER 500 WALLET>PROMOTIONAL',
      'GRANT 500 PROMOTIONAL>WALLET',
      'GRANT 1000 PROMOTIONAL>WALLET',
      'EXPIRY 500 WALLET>BREAKAGE',
      'EXPIRY 1000 WALLET>BREAKAGE',
      'EXPIRY 500 WALLET>BREAKAGE',
    ]);
    expect(await shop.ledger(ada, 'USD')).toEqual([
      'GRANT 50 CASH>WALLET',
      'SUBSCRIPTION 20 WALLET>REVENUE',
      'SUBSCRIPTION 20 WALLET>REVENUE',
    ]);
    expect(await shop.charges(subscription.id)).toEqual(['RECURRING base 20', 'RECURRING base 20']);
    expect(await shop.told(ada)).toEqual([
      'GRANT_CREATED',
      'SUBSCRIPTION_CREATED',
      'SUBSCRIPTION_ACTIVATED',
      'GRANT_CREATED',
      'SUBSCRIPTION_RENEWED',
      'GRANT_CREATED',
      'GRANT_EXPIRED',
      'GRANT_CREATED',
      'SUBSCRIPTION_UPDATED',
      'SUBSCRIPTION_CANCELED',
      'GRANT_EXPIRED',
      'GRANT_EXPIRED',
    ]);
  });
});
