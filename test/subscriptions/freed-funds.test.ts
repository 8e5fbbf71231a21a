import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

// Funds may come without a higher balance: those who wait for them notice that as they notice a grant.

const END = '2026-02-28T09:00:00.000Z';
/** Who has waited for so long is tried again only every five minutes, unless there is more. */
const LATER = '2026-02-28T13:00:00.000Z';
const SOON_AFTER = '2026-02-28T13:02:00.000Z';
/** In seconds. Holds are placed an hour before the end. */
const HOUR = 3_600;

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

/** Somebody with ten dollars to spend, who owes twenty for a period; ten more are set aside for so many seconds. */
async function pastDue(holdSeconds: number | null) {
  people += 1;
  const who = await shop.customer(`waiting-${people}`, holdSeconds === null ? '30' : '40');
  const id = await shop.subscribed(who, 'pro');
  let hold = '';
  if (holdSeconds !== null) {
    await shop.at('2026-02-28T08:00:00.000Z');
    const input = { customer: { externalId: who }, asset: 'USD', amount: '10' };
    hold = (await shop.given('placeHold', { ...input, ttlSeconds: holdSeconds }, 'hold { id }'))
      .hold.id;
  }
  await shop.at(END);
  await shop.at(LATER);
  await shop.grant(who, '1');
  await shop.work();
  expect(await status(id)).toBe('PAST_DUE');
  return { who, id, hold };
}

const status = async (id: string) => (await shop.read(id)).status;

it('a hold that is released', async () => {
  const { id, hold } = await pastDue(10 * HOUR);
  await shop.given('releaseHold', { hold }, 'hold { id }');
  await shop.work();
  expect(await status(id)).toBe('ACTIVE');
});

it('a hold that has expired', async () => {
  const { id } = await pastDue(5 * HOUR + 120);
  await shop.at(SOON_AFTER);
  await shop.work();
  expect(await status(id)).toBe('ACTIVE');
});

it('a policy that allows more', async () => {
  const { who, id } = await pastDue(null);
  const { id: wallet } = await shop.wallet(who, 'USD');
  const policy = { wallet, onEmpty: 'OVERDRAFT', overdraftLimit: '9' };
  await shop.given('updateWallet', policy, 'wallet { id }');
  await shop.work();
  expect(await status(id)).toBe('ACTIVE');
});

it('a grant, also where holds have more of the overdraft than a tightened policy allows', async () => {
  const who = await shop.customer('tightened', '20');
  const id = await shop.subscribed(who, 'pro');
  const { id: wallet } = await shop.wallet(who, 'USD');
  const setPolicy = (policy: object) =>
    shop.given('updateWallet', { wallet, ...policy }, 'wallet { id }');
  await setPolicy({ onEmpty: 'OVERDRAFT', overdraftLimit: '100' });
  await shop.at('2026-02-28T08:00:00.000Z');
  const input = { customer: { externalId: who }, asset: 'USD', amount: '60' };
  await shop.given('placeHold', { ...input, ttlSeconds: 10 * HOUR }, 'hold { id }');
  await setPolicy({ onEmpty: 'BLOCK' });
  await shop.at(END);
  await shop.at(LATER);
  expect(await status(id)).toBe('PAST_DUE');
  await shop.grant(who, '1');
  await shop.work();
  expect(await status(id)).toBe('PAST_DUE');
  await shop.grant(who, '19');
  await shop.work();
  expect(await status(id)).toBe('ACTIVE');
});

it('a policy without a bound', async () => {
  const { who, id } = await pastDue(null);
  const { id: wallet } = await shop.wallet(who, 'USD');
  await shop.given('updateWallet', { wallet, onEmpty: 'ARREARS' }, 'wallet { id }');
  await shop.work();
  expect(await status(id)).toBe('ACTIVE');
});

it('but a hold that is placed is nothing to try again for', async () => {
  const { who, id } = await pastDue(null);
  const before = await shop.read(id, 'updatedAt');
  shop.clock.set(new Date(SOON_AFTER));
  const input = { customer: { externalId: who }, asset: 'USD', amount: '1' };
  await shop.given('placeHold', input, 'hold { id }');
  await shop.work();
  expect(await shop.read(id, 'updatedAt')).toEqual(before);
});
