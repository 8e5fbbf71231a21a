import { afterAll, beforeAll, expect, it } from 'vitest';
import { clockWords } from '../clocks/clock-fixture.ts';
import { openShop, type Shop } from './shop.ts';

// One year of a plan, on a test clock, with everything that can happen to it; then each line of the books.

const fee = (amount: string) => ({ code: 'base', name: 'Base fee', amount });
const credits = (amount: string) => ({
  code: 'included',
  asset: 'CREDIT',
  amount,
  rollover: { percent: '50', maximum: '400', periods: 1 },
});

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ worker: true });
  const prices = [{ metric: 'images', asset: 'CREDIT', unitAmount: '10' }];
  await shop.plan('pro', { asset: 'USD', fees: [fee('20')], credits: [credits('1000')], prices });
  await shop.plan('max', { asset: 'USD', fees: [fee('50')], credits: [credits('3000')], prices });
});
afterAll(() => shop.stop());

it('a year of a plan ends in the books that it should', { timeout: 120_000 }, async () => {
  const words = clockWords(shop.api.ask);
  const clock = await words.clock({ now: '2026-01-31T09:00:00.000Z' });
  await words.createCustomer({ externalId: 'ada', testClock: clock });
  await shop.grant('ada', '400');
  const id = await shop.subscribed('ada', 'pro', { timeZone: 'Europe/Berlin' });

  await words.advance(clock, '2026-02-10T12:00:00.000Z');
  expect(await shop.use('ada', 30)).toMatchObject({ charges: [{ amount: '300' }] });
  await words.advance(clock, '2026-04-10T12:00:00.000Z');
  expect(await shop.use('ada', 120)).toMatchObject({ charges: [{ amount: '1200' }] });
  await words.advance(clock, '2026-05-15T20:00:00.000Z');
  await shop.given('changePlan', { subscription: id, plan: 'max', when: 'NOW' });
  await words.advance(clock, '2026-07-10T00:00:00.000Z');
  await shop.given('pauseSubscription', { subscription: id });
  await words.advance(clock, '2026-09-05T06:30:00.000Z');
  await shop.given('resumeSubscription', { subscription: id });
  await words.advance(clock, '2026-12-24T18:00:00.000Z');
  await shop.cancel(id, 'PERIOD_END');
  await words.advance(clock, '2027-01-31T09:00:00.000Z');

  expect(await shop.read(id)).toMatchObject({
    status: 'CANCELED',
    planName: 'max',
    endedAt: '2027-01-05T07:30:00.000Z',
  });
  expect(await shop.periods(id)).toEqual(PERIODS);
  expect(await shop.statement('ada', 'USD')).toEqual(DOLLARS);
  expect(await shop.statement('ada', 'CREDIT')).toEqual(CREDITS);
  expect(await shop.grants('ada', 'CREDIT')).toEqual(GRANTS);
  expect((await shop.told('ada')).filter((type) => type.startsWith('SUBSCRIPTION'))).toEqual(TOLD);
  expect(await shop.brokenLaw()).toBeNull();
});

/** Ten in Berlin, on the last day where there is no 31st; from the resumption on half past eight of the 5th. */
const PERIODS = [
  '2026-01-31T09:00:00.000Z',
  '2026-02-28T09:00:00.000Z',
  // The clocks went forward on the 29th.
  '2026-03-31T08:00:00.000Z',
  '2026-04-30T08:00:00.000Z',
  '2026-05-31T08:00:00.000Z',
  '2026-06-30T08:00:00.000Z',
  '2026-09-05T06:30:00.000Z',
  '2026-10-05T06:30:00.000Z',
  // And back on the 25th of October.
  '2026-11-05T07:30:00.000Z',
  '2026-12-05T07:30:00.000Z',
];

const DOLLARS = [
  '2026-01-31T09:00:00.000Z GRANT 400 CASH>WALLET',
  '2026-01-31T09:00:00.000Z SUBSCRIPTION 20 WALLET>REVENUE',
  '2026-02-28T09:00:00.000Z SUBSCRIPTION 20 WALLET>REVENUE',
  '2026-03-31T08:00:00.000Z SUBSCRIPTION 20 WALLET>REVENUE',
  '2026-04-30T08:00:00.000Z SUBSCRIPTION 20 WALLET>REVENUE',
  // 15.5 of 31 days are left: half of 50 less 20.
  '2026-05-15T20:00:00.000Z SUBSCRIPTION 15 WALLET>REVENUE',
  '2026-05-31T08:00:00.000Z SUBSCRIPTION 50 WALLET>REVENUE',
  '2026-06-30T08:00:00.000Z SUBSCRIPTION 50 WALLET>REVENUE',
  // Nothing while it was paused.
  '2026-09-05T06:30:00.000Z SUBSCRIPTION 50 WALLET>REVENUE',
  '2026-10-05T06:30:00.000Z SUBSCRIPTION 50 WALLET>REVENUE',
  '2026-11-05T07:30:00.000Z SUBSCRIPTION 50 WALLET>REVENUE',
  '2026-12-05T07:30:00.000Z SUBSCRIPTION 50 WALLET>REVENUE',
];

const CREDITS = [
  '2026-01-31T09:00:00.000Z GRANT 1000 PROMOTIONAL>WALLET',
  '2026-02-10T12:00:00.000Z USAGE 300 WALLET>REVENUE',
  // Half of the 700 that are left goes on; the rest goes when nothing can come late any more, 6 hours on.
  '2026-02-28T09:00:00.000Z ROLLOVER 350 WALLET>PROMOTIONAL',
  '2026-02-28T09:00:00.000Z GRANT 350 PROMOTIONAL>WALLET',
  '2026-02-28T09:00:00.000Z GRANT 1000 PROMOTIONAL>WALLET',
  '2026-02-28T15:00:00.000Z EXPIRY 350 WALLET>BREAKAGE',
  // Half of 1000 would be 500: at most 400 go on. What went on before does not go on again.
  '2026-03-31T08:00:00.000Z ROLLOVER 400 WALLET>PROMOTIONAL',
  '2026-03-31T08:00:00.000Z GRANT 400 PROMOTIONAL>WALLET',
  '2026-03-31T08:00:00.000Z GRANT 1000 PROMOTIONAL>WALLET',
  '2026-03-31T14:00:00.000Z EXPIRY 600 WALLET>BREAKAGE',
  '2026-03-31T14:00:00.000Z EXPIRY 350 WALLET>BREAKAGE',
  // 120 images at 10 credits, by the prices of the plan: both end together, and bundled comes first.
  '2026-04-10T12:00:00.000Z USAGE 1000 WALLET>REVENUE',
  '2026-04-10T12:00:00.000Z USAGE 200 WALLET>REVENUE',
  '2026-04-30T08:00:00.000Z GRANT 1000 PROMOTIONAL>WALLET',
  '2026-04-30T14:00:00.000Z EXPIRY 200 WALLET>BREAKAGE',
  // Half of 3000 less 1000, for the rest of the period.
  '2026-05-15T20:00:00.000Z GRANT 1000 PROMOTIONAL>WALLET',
  // Of the 2000 that were given for this period, together, at most 400 go on.
  '2026-05-31T08:00:00.000Z ROLLOVER 400 WALLET>PROMOTIONAL',
  '2026-05-31T08:00:00.000Z GRANT 400 PROMOTIONAL>WALLET',
  '2026-05-31T08:00:00.000Z GRANT 3000 PROMOTIONAL>WALLET',
  '2026-05-31T14:00:00.000Z EXPIRY 600 WALLET>BREAKAGE',
  '2026-05-31T14:00:00.000Z EXPIRY 1000 WALLET>BREAKAGE',
  '2026-06-30T08:00:00.000Z ROLLOVER 400 WALLET>PROMOTIONAL',
  '2026-06-30T08:00:00.000Z GRANT 400 PROMOTIONAL>WALLET',
  '2026-06-30T08:00:00.000Z GRANT 3000 PROMOTIONAL>WALLET',
  '2026-06-30T14:00:00.000Z EXPIRY 2600 WALLET>BREAKAGE',
  '2026-06-30T14:00:00.000Z EXPIRY 400 WALLET>BREAKAGE',
  // Paused: what may go on does so when its time is over, for the one period that the plan says.
  '2026-07-31T08:00:00.000Z ROLLOVER 400 WALLET>PROMOTIONAL',
  '2026-07-31T08:00:00.000Z GRANT 400 PROMOTIONAL>WALLET',
  '2026-07-31T14:00:00.000Z EXPIRY 2600 WALLET>BREAKAGE',
  '2026-07-31T14:00:00.000Z EXPIRY 400 WALLET>BREAKAGE',
  '2026-08-31T14:00:00.000Z EXPIRY 400 WALLET>BREAKAGE',
  '2026-09-05T06:30:00.000Z GRANT 3000 PROMOTIONAL>WALLET',
  '2026-10-05T06:30:00.000Z ROLLOVER 400 WALLET>PROMOTIONAL',
  '2026-10-05T06:30:00.000Z GRANT 400 PROMOTIONAL>WALLET',
  '2026-10-05T06:30:00.000Z GRANT 3000 PROMOTIONAL>WALLET',
  '2026-10-05T12:30:00.000Z EXPIRY 2600 WALLET>BREAKAGE',
  '2026-11-05T07:30:00.000Z ROLLOVER 400 WALLET>PROMOTIONAL',
  '2026-11-05T07:30:00.000Z GRANT 400 PROMOTIONAL>WALLET',
  '2026-11-05T07:30:00.000Z GRANT 3000 PROMOTIONAL>WALLET',
  '2026-11-05T13:30:00.000Z EXPIRY 2600 WALLET>BREAKAGE',
  '2026-11-05T13:30:00.000Z EXPIRY 400 WALLET>BREAKAGE',
  '2026-12-05T07:30:00.000Z ROLLOVER 400 WALLET>PROMOTIONAL',
  '2026-12-05T07:30:00.000Z GRANT 400 PROMOTIONAL>WALLET',
  '2026-12-05T07:30:00.000Z GRANT 3000 PROMOTIONAL>WALLET',
  '2026-12-05T13:30:00.000Z EXPIRY 2600 WALLET>BREAKAGE',
  '2026-12-05T13:30:00.000Z EXPIRY 400 WALLET>BREAKAGE',
  // It has ended, so nothing goes on.
  '2027-01-05T13:30:00.000Z EXPIRY 3000 WALLET>BREAKAGE',
  '2027-01-05T13:30:00.000Z EXPIRY 400 WALLET>BREAKAGE',
];

const GRANTS = [
  'BUNDLED 1000 0 2026-02-28T09:00:00.000Z',
  'ROLLOVER 350 0 2026-03-31T08:00:00.000Z',
  'BUNDLED 1000 0 2026-03-31T08:00:00.000Z',
  'ROLLOVER 400 0 2026-04-30T08:00:00.000Z',
  'BUNDLED 1000 0 2026-04-30T08:00:00.000Z',
  'BUNDLED 1000 0 2026-05-31T08:00:00.000Z',
  'BUNDLED 1000 0 2026-05-31T08:00:00.000Z',
  'ROLLOVER 400 0 2026-06-30T08:00:00.000Z',
  'BUNDLED 3000 0 2026-06-30T08:00:00.000Z',
  'ROLLOVER 400 0 2026-07-31T08:00:00.000Z',
  'BUNDLED 3000 0 2026-07-31T08:00:00.000Z',
  'ROLLOVER 400 0 2026-08-31T08:00:00.000Z',
  'BUNDLED 3000 0 2026-10-05T06:30:00.000Z',
  'ROLLOVER 400 0 2026-11-05T07:30:00.000Z',
  'BUNDLED 3000 0 2026-11-05T07:30:00.000Z',
  'ROLLOVER 400 0 2026-12-05T07:30:00.000Z',
  'BUNDLED 3000 0 2026-12-05T07:30:00.000Z',
  'ROLLOVER 400 0 2027-01-05T07:30:00.000Z',
  'BUNDLED 3000 0 2027-01-05T07:30:00.000Z',
];

const TOLD = [
  'SUBSCRIPTION_CREATED',
  'SUBSCRIPTION_ACTIVATED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_UPDATED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_PAUSED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_RESUMED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_RENEWED',
  'SUBSCRIPTION_UPDATED',
  'SUBSCRIPTION_CANCELED',
];
