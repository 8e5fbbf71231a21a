import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openShop, type Shop, START } from './shop.ts';

// What was paid in advance and is not had goes back to where it was drawn from.

const HALF = '2026-02-14T09:00:00.000Z';
const END = '2026-02-28T09:00:00.000Z';
const LATER = '2026-02-20T00:00:00.000Z';

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('seats', { asset: 'USD', seats: { included: 0, amount: '10' } });
  await shop.plan('free', { credits: [{ code: 'more', asset: 'CREDIT', amount: '1' }] });
  await shop.plan('bundle', {
    asset: 'USD',
    fees: [{ code: 'base', amount: '1' }],
    credits: [
      { code: 'money', asset: 'USD', amount: '10', rollover: { percent: '100', periods: 1 } },
    ],
  });
  await shop.plan('rich', { asset: 'USD', fees: [{ code: 'base', amount: '11' }] });
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

const seats = (subscription: string, n: number) =>
  shop.given('updateSeats', { subscription, seats: n });

it('credit that ends is no credit that never ends', async () => {
  const who = await somebody();
  await shop.grant(who, '100', { purpose: 'PROMOTIONAL', expiresAt: LATER });
  const id = await shop.subscribed(who, 'seats', { seats: 10 });
  await seats(id, 1);
  expect(await shop.grants(who, 'USD')).toEqual([`PROMOTIONAL 100 90 ${LATER}`]);
  expect((await shop.ledger(who, 'USD')).at(-1)).toBe('ADJUSTMENT 90 REVENUE>WALLET');
  await shop.at('2026-02-20T07:00:00.000Z');
  expect((await shop.ledger(who, 'USD')).at(-1)).toBe('EXPIRY 90 WALLET>BREAKAGE');
});

it('the last that was drawn comes back first, and each draw once', async () => {
  const who = await somebody('40');
  await shop.grant(who, '60', { purpose: 'PROMOTIONAL', expiresAt: LATER });
  const id = await shop.subscribed(who, 'seats', { seats: 10 });
  await seats(id, 8);
  expect(await shop.grants(who, 'USD')).toEqual(['PAID 40 20 ', `PROMOTIONAL 60 0 ${LATER}`]);
  // What has come back is used, and is not what comes back next.
  await shop.use(who, 20);
  await seats(id, 4);
  expect(await shop.grants(who, 'USD')).toEqual(['PAID 40 20 ', `PROMOTIONAL 60 20 ${LATER}`]);
  await seats(id, 5);
  expect(await shop.grants(who, 'USD')).toEqual(['PAID 40 20 ', `PROMOTIONAL 60 10 ${LATER}`]);
  await seats(id, 3);
  expect(await shop.grants(who, 'USD')).toEqual(['PAID 40 20 ', `PROMOTIONAL 60 30 ${LATER}`]);
});

it('credit that has ended since comes back to where it ends', async () => {
  const who = await somebody();
  await shop.grant(who, '100', { purpose: 'PROMOTIONAL', expiresAt: '2026-02-10T00:00:00Z' });
  const id = await shop.subscribed(who, 'seats', { seats: 10 });
  await shop.at(HALF);
  await seats(id, 6);
  expect(await shop.balance(who, 'USD')).toBe('0');
  await shop.work();
  expect((await shop.ledger(who, 'USD')).slice(-2)).toEqual([
    'ADJUSTMENT 20 REVENUE>WALLET',
    'EXPIRY 20 WALLET>BREAKAGE',
  ]);
});

it('included credit stays included, and goes on as the plan says', async () => {
  const who = await somebody('1');
  const id = await shop.subscribed(who, 'bundle');
  await shop.given('changePlan', { subscription: id, plan: 'rich', when: 'NOW', credits: 'KEEP' });
  expect(await shop.balance(who, 'USD')).toBe('0');
  await shop.given('changePlan', {
    subscription: id,
    plan: 'bundle',
    when: 'NOW',
    credits: 'PRORATE',
  });
  expect((await shop.grants(who, 'USD')).filter((each) => each.startsWith('PAID'))).toEqual([
    'PAID 1 0 ',
  ]);
});

it('what made a debt that is repaid since is credit that does not end', async () => {
  const who = await somebody();
  await shop.run(
    `mutation { openWallet(input: { customer: { externalId: "${who}" }, asset: "USD", onEmpty: OVERDRAFT, overdraftLimit: "100" }) { __typename } }`,
  );
  const id = await shop.subscribed(who, 'seats', { seats: 4 });
  await shop.grant(who, '40');
  await shop.at(HALF);
  await seats(id, 2);
  expect(await shop.grants(who, 'USD')).toEqual(['PAID 40 0 ', 'PAID 10 10 ']);
  await seats(id, 4);
  await shop.at(END);
  expect(await shop.balance(who, 'USD')).toBe('60');
});

/** Lets workers look late, the one that books out what has expired before the one that renews. */
async function workLate(): Promise<void> {
  shop.clock.set(new Date('2026-03-01T00:00:00.000Z'));
  await shop.api.services.ledger.grantTransitions.run(null);
  await shop.work();
}

const takeBack = (event: string) => shop.given('correctUsage', { event }, 'created');

it('usage that is taken back leaves included credit to go on, also when it is looked at late', async () => {
  const who = await somebody('1');
  await shop.subscribed(who, 'bundle');
  await shop.grant(who, '1');
  const { event } = await shop.use(who, 4);
  await takeBack(event.id);
  await workLate();
  expect((await shop.grants(who, 'USD')).at(-2)).toBe('ROLLOVER 10 10 2026-03-31T09:00:00.000Z');
});

it('so does usage that had spent it whole', async () => {
  const who = await somebody('1');
  await shop.subscribed(who, 'bundle');
  const { event } = await shop.use(who, 10);
  expect((await shop.grants(who, 'USD')).at(-1)).toBe(`BUNDLED 10 0 ${END}`);
  await shop.grant(who, '1');
  await takeBack(event.id);
  await workLate();
  expect((await shop.grants(who, 'USD')).at(-2)).toBe('ROLLOVER 10 10 2026-03-31T09:00:00.000Z');
  expect((await shop.told(who)).filter((type) => type === 'GRANT_EXPIRED')).toHaveLength(1);
});

it('included credit that was spent whole has no more to go on once its time was looked at', async () => {
  const who = await somebody('1');
  await shop.subscribed(who, 'bundle');
  const { event } = await shop.use(who, 10);
  await shop.grant(who, '1');
  await shop.at(END);
  await takeBack(event.id);
  await shop.work();
  expect(await shop.grants(who, 'USD')).toContain(`BUNDLED 10 10 ${END}`);
  await workLate();
  expect((await shop.ledger(who, 'USD')).at(-1)).toBe('EXPIRY 10 WALLET>BREAKAGE');
});

it('so does usage that is taken back after the end, before it is looked at', async () => {
  const who = await somebody('1');
  await shop.subscribed(who, 'bundle');
  await shop.grant(who, '1');
  const { event } = await shop.use(who, 4);
  shop.clock.set(new Date('2026-03-01T00:00:00.000Z'));
  await takeBack(event.id);
  await workLate();
  expect((await shop.grants(who, 'USD')).at(-2)).toBe('ROLLOVER 10 10 2026-03-31T09:00:00.000Z');
});
