import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop, START } from './shop.ts';

// One trial for a customer and a plan, whatever the subscription is on afterwards.

const fees = (amount: string) => [{ code: 'base', amount }];

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('tried', { asset: 'USD', fees: fees('20'), trial: { days: 14 } });
  await shop.plan('other', { asset: 'USD', fees: fees('10'), trial: { days: 7 } });
  await shop.plan('plain', { asset: 'USD', fees: fees('5') });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

async function somebody(): Promise<string> {
  people += 1;
  return shop.customer(`person-${people}`, '500');
}

const change = (subscription: string, plan: string, when = 'NOW') =>
  shop.mutate('changePlan', { subscription, plan, when });

describe('a trial that was had', () => {
  it('was had, also by a subscription that is on another plan now', async () => {
    const who = await somebody();
    const first = await shop.subscribed(who, 'tried');
    await shop.at('2026-02-20T00:00:00Z');
    await change(first, 'plain');
    expect(await shop.subscribe(who, 'tried')).toMatchObject({ code: 'CONFLICT', path: 'trial' });
    expect(await shop.subscribed(who, 'tried', { trial: false })).toBeTruthy();
  });

  it('is none of the plan that the subscription has become', async () => {
    const who = await somebody();
    const first = await shop.subscribed(who, 'tried');
    await shop.at('2026-02-20T00:00:00Z');
    await change(first, 'other');
    await shop.cancel(first, 'NOW');
    const second = await shop.subscribed(who, 'other');
    expect(await shop.read(second)).toMatchObject({ status: 'TRIALING' });
  });

  it('that went on in another plan was had of both', async () => {
    const who = await somebody();
    const first = await shop.subscribed(who, 'tried');
    await shop.at('2026-02-02T00:00:00Z');
    expect((await change(first, 'other')).subscription).toMatchObject({
      status: 'TRIALING',
      trialEndsAt: '2026-02-14T09:00:00.000Z',
    });
    await shop.at('2026-02-03T00:00:00Z');
    await shop.cancel(first, 'NOW');
    for (const plan of ['tried', 'other']) {
      expect(await shop.subscribe(who, plan)).toMatchObject({ code: 'CONFLICT', path: 'trial' });
    }
  });

  it('is not gone on with in the trial of another plan', async () => {
    const who = await somebody();
    await shop.cancel(await shop.subscribed(who, 'tried'), 'NOW');
    await shop.at('2026-02-02T00:00:00Z');
    const id = await shop.subscribed(who, 'other');
    expect(await change(id, 'tried')).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    expect((await change(id, 'tried', 'PERIOD_END')).subscription).toMatchObject({
      status: 'TRIALING',
    });
    await shop.at('2026-02-09T00:00:00Z');
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', planName: 'tried' });
  });

  it('does not begin again with a subscription that waits and is changed to its plan', async () => {
    const who = await somebody();
    const first = await shop.subscribed(who, 'tried');
    await shop.at('2026-02-20T00:00:00Z');
    await change(first, 'plain');
    const id = await shop.subscribed(who, 'other', { startAt: '2026-03-01T00:00:00Z' });
    await change(id, 'tried');
    await shop.at('2026-03-01T00:00:00Z');
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', planName: 'tried' });
  });

  it('is no trial where the plan that it waits for has none', async () => {
    const who = await somebody();
    const id = await shop.subscribed(who, 'other', { startAt: '2026-03-01T00:00:00Z' });
    await change(id, 'plain');
    await shop.at('2026-03-01T00:00:00Z');
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', trialEndsAt: null });
  });
});
