import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { plain } from '../../src/kit/decimal.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { closingBill } from '../../src/subscriptions/closing-bill.ts';
import { readSubscription } from '../../src/subscriptions/store.ts';
import { subscriptionState } from '../../src/subscriptions/subscription.ts';
import { readUsageAhead } from '../../src/subscriptions/usage-read-ahead.ts';
import { openWork } from '../../src/subscriptions/work.ts';
import { clockWords } from '../clocks/clock-fixture.ts';
import { openShop, type Shop } from './shop.ts';

// True-ups on a test clock, and what is read of usage before anything is locked.

const APRIL = '2026-04-01T00:00:00.000Z';
const WITHIN = '2026-04-20T00:00:00.000Z';
const MAY = '2026-05-01T00:00:00.000Z';

let shop: Shop;
let db: Db;
beforeAll(async () => {
  shop = await openShop({ worker: true });
  db = createDb({ url: shop.api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  await shop.plan('committed', { asset: 'USD', minimum: '100' });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await db.close();
  await shop.stop();
  expect(broken).toBeNull();
});

it('a true-up gives way by the time of a test clock, and is looked at no longer than usage may come', async () => {
  const words = clockWords(shop.api.ask);
  const clock = await words.clock({ now: APRIL });
  const { lateUsage } = shop.api.services.subscriptions;
  const nextDue = () => lateUsage.nextDue(db.direct, fromTypeId('testClock', clock) ?? '');
  await words.createCustomer({ externalId: 'ada', testClock: clock });
  await shop.grant('ada', '400');
  const id = await shop.subscribed('ada', 'committed');
  await shop.use('ada', 30);
  expect(await nextDue()).toBeNull();
  await words.advance(clock, '2026-05-03T00:00:00.000Z');
  expect(await nextDue()).toEqual(new Date('2026-06-06T00:00:00.000Z'));
  await shop.use('ada', 10, { occurredAt: WITHIN });
  // Nobody looks while it stands still; by the server's time it is nobody's.
  await lateUsage.run(null);
  expect(await shop.balance('ada', 'USD')).toBe('290');
  await words.advance(clock, '2026-05-03T00:00:01.000Z');
  expect(await shop.balance('ada', 'USD')).toBe('300');
  await shop.cancel(id, 'PERIOD_END');
  await words.advance(clock, '2026-06-05T00:00:00.000Z');
  await words.advance(clock, '2026-07-08T00:00:00.000Z');
  expect(await nextDue()).toBeNull();
  expect(await shop.statement('ada', 'USD')).toEqual([
    `${APRIL} GRANT 400 CASH>WALLET`,
    `${APRIL} USAGE 30 WALLET>REVENUE`,
    `${MAY} SUBSCRIPTION 70 WALLET>REVENUE`,
    '2026-05-03T00:00:00.000Z USAGE 10 WALLET>REVENUE',
    '2026-05-03T00:00:00.000Z ADJUSTMENT 10 REVENUE>WALLET',
    '2026-06-01T00:00:00.000Z SUBSCRIPTION 100 WALLET>REVENUE',
  ]);
});

it('what was read ahead and what came since is all the usage that there is', async () => {
  shop.clock.set(new Date(APRIL));
  const who = await shop.customer('bea', '400');
  const id = fromTypeId('subscription', await shop.subscribed(who, 'committed')) ?? '';
  const { event } = await shop.use(who, 30);
  await shop.use(who, 5);
  expect(await readUsageAhead(db.direct, id, new Date(APRIL))).toBeNull();
  const ahead = await readUsageAhead(db.direct, id, new Date(MAY));
  if (!ahead) throw new Error('Nothing was read ahead.');
  expect(plain(ahead.amount)).toBe('35');
  expect(await readUsageAhead(db.direct, id, new Date(MAY), 1)).toEqual(ahead);
  await shop.use(who, 2);
  await shop.given('correctUsage', { event: event.id }, 'created');

  const missing = (given: typeof ahead | null) =>
    db.transaction(async (tx) => {
      const state = subscriptionState(await readSubscription(tx, id, ahead.of.customerId));
      const work = await openWork(tx, { clock: shop.clock }, state, [], given);
      const [bill] = await closingBill(work);
      return plain(bill?.fees[0]?.amount ?? 0n);
    });
  expect(await missing(null)).toBe('93');
  expect(await missing(ahead)).toBe('93');
  // It is not read again: what is said of it is believed.
  expect(await missing({ ...ahead, amount: 0n })).toBe('128');
  const { start } = ahead.period;
  expect(await missing({ ...ahead, amount: 0n, period: { start, end: start } })).toBe('93');
});
