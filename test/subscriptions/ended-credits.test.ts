import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

// Credits whose time ends while no period follows.

const END = '2026-02-28T09:00:00.000Z';
const NEXT_END = '2026-03-31T09:00:00.000Z';

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

async function subscriber(money: string) {
  people += 1;
  const who = await shop.customer(`person-${people}`, money);
  return { who, id: await shop.subscribed(who, 'pro') };
}

const PAST = [
  `${START} GRANT 1000 PROMOTIONAL>WALLET`,
  `${END} ROLLOVER 500 WALLET>PROMOTIONAL`,
  `${END} GRANT 500 PROMOTIONAL>WALLET`,
  '2026-02-28T15:00:00.000Z EXPIRY 500 WALLET>BREAKAGE',
];

it('that is not paid go on then, and no further than their periods', async () => {
  const { who, id } = await subscriber('20');
  await shop.at(END);
  expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE' });
  expect(await shop.grants(who, 'CREDIT')).toEqual([
    `BUNDLED 1000 500 ${END}`,
    `ROLLOVER 500 500 ${NEXT_END}`,
  ]);
  await shop.at('2026-02-28T15:00:00.000Z');
  expect(await shop.statement(who, 'CREDIT')).toEqual(PAST);
  await shop.at('2026-03-31T15:00:00.000Z');
  await shop.grant(who, '20');
  await shop.at('2026-06-15T00:00:00.000Z');
  expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
  expect((await shop.statement(who, 'CREDIT')).slice(4)).toEqual([
    '2026-03-31T15:00:00.000Z EXPIRY 500 WALLET>BREAKAGE',
    '2026-06-15T00:00:00.000Z GRANT 1000 PROMOTIONAL>WALLET',
  ]);
});

it('that is paid late are there once', async () => {
  const { who, id } = await subscriber('20');
  await shop.at(END);
  await shop.at('2026-03-05T00:00:00.000Z');
  await shop.grant(who, '20');
  await shop.work();
  expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
  expect(await shop.grants(who, 'CREDIT')).toEqual([
    `BUNDLED 1000 0 ${END}`,
    `ROLLOVER 500 500 ${NEXT_END}`,
    `BUNDLED 1000 1000 ${NEXT_END}`,
  ]);
});

it('that is paused go on then, and nothing more when it is resumed', async () => {
  const { who, id } = await subscriber('500');
  await shop.at('2026-02-10T00:00:00.000Z');
  await shop.given('pauseSubscription', { subscription: id });
  await shop.at(END);
  await shop.at('2026-02-28T15:00:00.000Z');
  expect(await shop.statement(who, 'CREDIT')).toEqual(PAST);
  await shop.at('2026-03-31T15:00:00.000Z');
  await shop.at('2026-06-15T00:00:00.000Z');
  await shop.given('resumeSubscription', { subscription: id });
  expect((await shop.statement(who, 'CREDIT')).slice(4)).toEqual([
    '2026-03-31T15:00:00.000Z EXPIRY 500 WALLET>BREAKAGE',
    '2026-06-15T00:00:00.000Z GRANT 1000 PROMOTIONAL>WALLET',
  ]);
});
