import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { evaluate } from '../../src/alerts/evaluate.ts';
import { createDb, type Db } from '../../src/infra/db.ts';
import { plain } from '../../src/kit/decimal.ts';
import { BEFORE_ALL, fromTypeId } from '../../src/kit/ids.ts';
import { closingBill } from '../../src/subscriptions/closing-bill.ts';
import { giveWay } from '../../src/subscriptions/give-way.ts';
import { FIND_LATE_USAGE, type LateUsageRow } from '../../src/subscriptions/sql/find-late-usage.ts';
import { readSubscription } from '../../src/subscriptions/store.ts';
import { subscriptionState } from '../../src/subscriptions/subscription.ts';
import { readUsageAhead } from '../../src/subscriptions/usage-read-ahead.ts';
import { openWork } from '../../src/subscriptions/work.ts';
import { openShop, type Shop } from './shop.ts';

// Workers that die or meet while a true-up gives way, and what is read of usage before anything is locked.

const APRIL = '2026-04-01T00:00:00.000Z';
const WITHIN = '2026-04-20T00:00:00.000Z';
const MAY = '2026-05-01T00:00:00.000Z';

let shop: Shop;
let db: Db;
beforeAll(async () => {
  shop = await openShop();
  db = createDb({ url: shop.api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  await shop.plan('committed', { asset: 'USD', minimum: '100' });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await db.close();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(APRIL)));

it('a worker that dies has given nothing back, and one that comes too late gives nothing more', async () => {
  const who = await shop.customer('cleo', '400');
  await shop.subscribed(who, 'committed');
  await shop.at(MAY);
  await shop.use(who, 10, { occurredAt: WITHIN });
  const page = [new Date(MAY), BEFORE_ALL, 10, 100];
  const found = await db.direct.query<LateUsageRow>(FIND_LATE_USAGE, page);
  expect(found.map((row) => row.has_usage)).toEqual([true]);
  const [row] = found as [LateUsageRow];
  const deps = { clock: shop.clock, watch: evaluate };
  const dying = db.transaction(async (tx) => {
    expect(await giveWay(tx, deps, row)).toHaveLength(1);
    throw new Error('It was killed.');
  });
  await expect(dying).rejects.toThrow('It was killed.');
  expect(await shop.balance(who, 'USD')).toBe('290');
  const looks = [1, 2].map(() => db.transaction((tx) => giveWay(tx, deps, row)));
  expect((await Promise.all(looks)).flat()).toHaveLength(1);
  expect(await db.transaction((tx) => giveWay(tx, deps, row))).toEqual([]);
  expect(await shop.balance(who, 'USD')).toBe('300');
});

it('what was read ahead and what came since is all the usage that there is', async () => {
  const who = await shop.customer('bea', '400');
  await shop.grant(who, '20', { purpose: 'PROMOTIONAL' });
  const id = fromTypeId('subscription', await shop.subscribed(who, 'committed')) ?? '';
  const { event } = await shop.use(who, 30);
  await shop.use(who, 5);
  const { organizationId } = await db.prisma.subscription.findFirstOrThrow({ where: { id } });
  const of = { subscriptionId: id, organizationId };
  const readAhead = (...more: [number?]) => readUsageAhead(db.direct, of, new Date(MAY), ...more);
  expect(await readUsageAhead(db.direct, of, new Date(APRIL))).toBeNull();
  const ahead = await readAhead();
  if (!ahead) throw new Error('Nothing was read ahead.');
  expect(plain(ahead.amount)).toBe('35');
  await shop.use(who, 2);
  await shop.given('correctUsage', { event: event.id }, 'created');
  // What came back in two entries is taken back once, also where it is read entry by entry.
  const piecemeal = await readAhead(1);
  expect(piecemeal).toEqual(await readAhead());
  expect(piecemeal && plain(piecemeal.amount)).toBe('7');

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

it('of a period that is ended in its middle it is read ahead, too, and what has occurred since', async () => {
  const who = await shop.customer('dora', '400');
  const id = fromTypeId('subscription', await shop.subscribed(who, 'committed')) ?? '';
  const { organizationId, customerId } = await db.prisma.subscription.findFirstOrThrow({
    where: { id },
  });
  const of = { subscriptionId: id, organizationId, isEnding: true };
  const half = new Date('2026-04-16T00:00:00.000Z');
  shop.clock.set(half);
  await shop.use(who, 10);
  shop.clock.set(new Date(half.getTime() + 1000));
  await shop.use(who, 3);
  // Reported ahead of its time: it may have occurred by the time that the period ends, or not.
  await shop.use(who, 4, { occurredAt: '2026-04-16T00:00:03.000Z' });
  await shop.use(who, 5, { occurredAt: '2026-04-16T00:00:20.000Z' });
  const other = { ...of, organizationId: customerId };
  expect(await readUsageAhead(db.direct, other, shop.clock.now())).toBeNull();
  expect(await readUsageAhead(db.direct, { ...of, customerId: id }, half)).toBeNull();
  const ahead = await readUsageAhead(db.direct, of, new Date(half.getTime() + 2000));
  if (!ahead) throw new Error('Nothing was read ahead.');
  expect(plain(ahead.amount)).toBe('13');
  await shop.use(who, 6, { occurredAt: half.toISOString() });
  const end = new Date(half.getTime() + 10_000);
  shop.clock.set(end);
  await shop.use(who, 7, { occurredAt: '2026-04-16T00:00:05.000Z' });
  const missing = (given: typeof ahead | null, at: Date) =>
    db.transaction(async (tx) => {
      const state = subscriptionState(await readSubscription(tx, id, customerId));
      const work = await openWork(tx, { clock: shop.clock }, state, [], given);
      const [bill] = await closingBill(work, at);
      return Number(plain(bill?.fees[0]?.amount ?? 0n));
    });
  const whole = await missing(null, end);
  expect(await missing(ahead, end)).toBe(whole);
  expect(await missing({ ...ahead, amount: 0n }, end)).toBe(whole + 13);
  // What was read is of no use to one that ended before.
  expect(await missing({ ...ahead, amount: 0n }, half)).toBe(await missing(null, half));
});
