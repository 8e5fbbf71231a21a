import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { clockWords } from '../clocks/clock-fixture.ts';
import { openShop, type Shop } from './shop.ts';

// True-ups of a customer that goes by a test clock.

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
