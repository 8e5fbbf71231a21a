import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { evaluate } from '../../src/alerts/evaluate.ts';
import { createDb, type Db } from '../../src/infra/db.ts';
import { BEFORE_ALL, fromTypeId } from '../../src/kit/ids.ts';
import { createLateUsage } from '../../src/subscriptions/late-usage.ts';
import { FIND_LATE_USAGE, type LateUsageRow } from '../../src/subscriptions/sql/find-late-usage.ts';
import { createRandom } from '../torture/random.ts';
import { openShop, type Shop } from './shop.ts';

// However much was booked on a wallet since its true-ups were looked at, one look takes so many entries and no more.

const APRIL = '2026-04-01T00:00:00.000Z';
const WITHIN = '2026-04-20T00:00:00.000Z';
const MAY = '2026-05-01T00:00:00.000Z';

let shop: Shop;
let db: Db;
let customers = 0;
beforeAll(async () => {
  shop = await openShop();
  db = createDb({ url: shop.api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  await shop.plan('committed', { asset: 'USD', minimum: '100' });
  await shop.plan('daily', { asset: 'USD', minimum: '3', interval: 'DAY' });
  const tiers = [
    { upTo: '10', unitAmount: '2' },
    { upTo: null, unitAmount: '1' },
  ];
  const volume = { metric: 'images', asset: 'USD', model: 'VOLUME', tiers };
  await shop.plan('volume', { asset: 'USD', minimum: '60', prices: [volume] });
});
afterAll(async () => {
  await db.close();
  await shop.stop();
});
beforeEach(() => shop.clock.set(new Date(APRIL)));
afterEach(async () => expect(await shop.brokenLaw()).toBeNull());

/** One who has used nothing in April, in May. */
async function closed(plan: string) {
  customers += 1;
  const who = await shop.customer(`customer-${customers}`, '1000');
  const id = await shop.subscribed(who, plan);
  return { who, id };
}

const use = (who: string, images: number) => shop.use(who, images);
const late = (who: string, images: number) => shop.use(who, images, { occurredAt: WITHIN });

/** What looks at so many entries at once. */
function lookingAt(atOnce: number) {
  const nobodyIsTold = { announce: () => undefined, publishChanges: () => undefined };
  return createLateUsage({ db, clock: shop.clock, watch: evaluate, ...nobodyIsTold }, atOnce);
}

/** True-ups that are looked at, each with how much there is to look at. */
const found = (atOnce: number) =>
  db.direct.query<LateUsageRow>(FIND_LATE_USAGE, [shop.clock.now(), BEFORE_ALL, 100, atOnce]);

async function endAll(): Promise<void> {
  await shop.at('2026-08-01T00:00:00.000Z');
}

it('usage that comes late is found behind any number of entries, piece by piece', async () => {
  const { who, id } = await closed('committed');
  await shop.at(MAY);
  await late(who, 10);
  for (const images of [1, 2, 3, 4, 5, 6]) await use(who, images);
  const { run } = lookingAt(2);
  const turns: unknown[] = [];
  do turns.push(await shop.balance(who, 'USD'));
  while (await run(null));
  // What comes back is known with the last piece: what is in the next one may be less.
  expect(turns).toEqual(['869', '869', '869', '869']);
  expect(await shop.balance(who, 'USD')).toBe('879');
  await shop.cancel(id, 'NOW');
  await endAll();
});

it('one whose wallet is busy goes on in its next turn, and the others have theirs in between', async () => {
  const [busy, quiet] = [await closed('committed'), await closed('committed')];
  await shop.at(MAY);
  for (const images of [1, 1, 1, 1, 1, 1, 1]) await use(busy.who, images);
  await late(busy.who, 10);
  await late(quiet.who, 10);
  const { run } = lookingAt(4);
  expect(await run(null)).toBe(true);
  expect(await shop.balance(busy.who, 'USD')).toBe('883');
  expect(await shop.balance(quiet.who, 'USD')).toBe('900');
  while (await run(null));
  expect(await shop.balance(busy.who, 'USD')).toBe('893');
  for (const { id } of [busy, quiet]) await shop.cancel(id, 'NOW');
  await endAll();
});

it('a page takes no more entries than one look does, whatever waits for it', async () => {
  const { who, id } = await closed('daily');
  await shop.at('2026-04-06T00:00:00.000Z');
  for (const images of [1, 1, 1]) await use(who, images);
  const rows = await found(7);
  const entries = rows.map((row) => row.until - row.looked_until);
  expect(entries.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(7);
  const { run } = lookingAt(7);
  while (await run(null));
  expect(await found(7)).toEqual([]);
  await shop.cancel(id, 'NOW');
  await endAll();
});

it('the last look takes what is left in pieces, too', async () => {
  const { who, id } = await closed('committed');
  await shop.cancel(id, 'PERIOD_END');
  await shop.at(MAY);
  await late(who, 10);
  for (const images of [1, 1, 1, 1, 1]) await use(who, images);
  shop.clock.set(new Date('2026-07-01T00:00:00.000Z'));
  const { run } = lookingAt(2);
  while (await run(null));
  expect(await shop.balance(who, 'USD')).toBe('895');
  const trueUp = { where: { subscriptionId: fromTypeId('subscription', id) ?? '' } };
  expect(await db.prisma.subscriptionCharge.findFirst(trueUp)).toMatchObject({ lookedUntil: null });
});

it('the same comes back in pieces as at once, also where a price falls and usage is taken back', async () => {
  const seed = 20260401;
  const { between, next } = createRandom(seed);
  const { timedWork } = shop.api.services;
  const closing = timedWork.find(({ name }) => name.startsWith('what was charged beyond'));
  if (!closing) throw new Error('Nothing closes the periods of counters.');
  for (let round = 0; round < 3; round += 1) {
    const steps = Array.from({ length: 8 }, () => ({ n: between(1, 9), isBack: next() < 0.3 }));
    const costs: unknown[] = [];
    for (const atOnce of [1, 100]) {
      shop.clock.set(new Date(APRIL));
      const { who, id } = await closed('volume');
      await shop.at(MAY);
      for (const { n, isBack } of steps) {
        const { event } = await late(who, n);
        if (isBack) await shop.given('correctUsage', { event: event.id }, 'created');
        // What prices have charged too much comes back before anybody looks.
        while (await closing.run(null));
      }
      const { run } = lookingAt(atOnce);
      while (await run(null));
      costs.push(await shop.balance(who, 'USD'));
      await shop.cancel(id, 'NOW');
    }
    expect(costs[0], `seed ${seed}, round ${round}, ${JSON.stringify(steps)}`).toBe(costs[1]);
  }
});
