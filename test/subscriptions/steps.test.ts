import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

const HALF = '2026-02-14T09:00:00.000Z';
const END = '2026-02-28T09:00:00.000Z';
const fees = (amount: string) => [{ code: 'base', amount }];

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.run('mutation { createAsset(input: { code: "EUR", scale: 2 }) { __typename } }');
  await shop.plan('pro', PRO);
  await shop.plan('free', { credits: [{ code: 'free', asset: 'CREDIT', amount: '10' }] });
  await shop.plan('euros', { asset: 'EUR', fees: fees('7') });
  await shop.plan('committed', { asset: 'USD', fees: fees('5'), minimum: '30' });
  await shop.plan('tried', { ...PRO, trial: { days: 14 } });
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

const atEnd = (subscription: string, plan: string) =>
  shop.given('changePlan', { subscription, plan, when: 'PERIOD_END' });

describe('a renewal into a plan of another asset', () => {
  it('that cannot pay what the old one is short of takes nothing, however often it is tried', async () => {
    const who = await somebody('5');
    await shop.grant(who, '100', { asset: 'EUR' });
    const id = await shop.subscribed(who, 'committed');
    await atEnd(id, 'euros');
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE', planName: 'committed' });
    expect(await shop.balance(who, 'EUR')).toBe('100');
    await shop.grant(who, '10');
    await shop.work();
    expect(await shop.balance(who, 'EUR')).toBe('100');
    expect(await shop.charges(id)).toEqual(['RECURRING base 5']);
    await shop.grant(who, '20');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', planName: 'euros' });
    expect((await shop.charges(id)).slice(1).sort()).toEqual([
      'MINIMUM minimum 30',
      'RECURRING base 7',
    ]);
    expect(await shop.balance(who, 'EUR')).toBe('93');
    expect(await shop.balance(who, 'USD')).toBe('0');
  });

  it('waits for the wallet that lacks funds', async () => {
    const who = await somebody('100');
    const id = await shop.subscribed(who, 'pro');
    await atEnd(id, 'euros');
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE', planName: 'pro' });
    await shop.grant(who, '7', { asset: 'EUR' });
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', planName: 'euros' });
  });
});

describe('a change to a plan that costs something, from one that does not', () => {
  it('waits for the money when the period ends, and is made when it has come', async () => {
    const who = await somebody();
    const id = await shop.subscribed(who, 'free');
    await atEnd(id, 'pro');
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE', planName: 'free' });
    await shop.grant(who, '20');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', planName: 'pro' });
  });

  it('may be taken back while it waits: the plan that costs nothing goes on', async () => {
    const who = await somebody();
    const id = await shop.subscribed(who, 'free');
    await atEnd(id, 'pro');
    await shop.at(END);
    const { subscription } = await shop.given('undoScheduledChange', { subscription: id });
    expect(subscription).toMatchObject({
      status: 'ACTIVE',
      planName: 'free',
      currentPeriod: { startsAt: END, endsAt: '2026-03-31T09:00:00.000Z' },
    });
  });

  it('may be ended while it waits', async () => {
    const id = await shop.subscribed(await somebody(), 'free');
    await atEnd(id, 'pro');
    await shop.at(END);
    await shop.cancel(id, 'NOW');
    expect(await shop.read(id)).toMatchObject({ status: 'CANCELED', endedAt: END });
  });
});

describe('what has not begun and gets another plan', () => {
  const change = (subscription: string, plan: string) =>
    shop.mutate('changePlan', { subscription, plan, when: 'NOW' });

  it('no longer waits for the money that the other one needed', async () => {
    const who = await somebody();
    const id = await shop.subscribed(who, 'pro', { startAt: HALF });
    await shop.at(HALF);
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING' });
    shop.clock.advance(3_600_000);
    await change(id, 'free');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({
      status: 'ACTIVE',
      currentPeriod: { startsAt: '2026-02-14T10:00:00.000Z', endsAt: '2026-03-14T10:00:00.000Z' },
    });
  });

  it('waits for the wallet of the new one', async () => {
    const who = await somebody();
    const id = await shop.subscribed(who, 'pro', { startAt: HALF });
    await shop.at(HALF);
    await change(id, 'euros');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING', planName: 'euros' });
    await shop.grant(who, '7', { asset: 'EUR' });
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
  });

  it('begins when it was to begin, when that is still to come', async () => {
    const who = await somebody('50');
    const id = await shop.subscribed(who, 'pro', { startAt: HALF });
    await change(id, 'free');
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING', planName: 'free' });
    await shop.at(HALF);
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', startedAt: HALF });
  });

  it('has the trial of the new one, and none of the old one', async () => {
    const who = await somebody('50');
    const id = await shop.subscribed(who, 'tried', { startAt: HALF });
    await change(id, 'pro');
    await shop.at(HALF);
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE', trialEndsAt: null });
    await shop.cancel(id, 'NOW');
    const tried = await shop.subscribed(who, 'pro', { startAt: END });
    await change(tried, 'tried');
    await shop.at(END);
    expect(await shop.read(tried)).toMatchObject({
      status: 'TRIALING',
      trialEndsAt: '2026-03-14T09:00:00.000Z',
    });
  });

  it('keeps what has to be paid in, so that it stays with its asset', async () => {
    const id = await shop.subscribed(await somebody(), 'pro', { prefundAmount: '60' });
    expect(await change(id, 'euros')).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    expect(await change(id, 'committed')).toMatchObject({ __typename: 'ChangePlanPayload' });
    expect(await shop.read(id)).toMatchObject({ status: 'PENDING', planName: 'committed' });
  });

  it('stays with its asset also when the change is to come with the first period', async () => {
    const id = await shop.subscribed(await somebody(), 'pro', { prefundAmount: '60' });
    const later = (plan: string) =>
      shop.mutate('changePlan', { subscription: id, plan, when: 'PERIOD_END' });
    expect(await later('euros')).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    expect(await later('committed')).toMatchObject({ __typename: 'ChangePlanPayload' });
  });
});
