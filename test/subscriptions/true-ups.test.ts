import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../torture/random.ts';
import { openShop, type Shop } from './shop.ts';

// A true-up gives way to usage of its period that comes late: the period costs the minimum or its usage.

const START = '2026-04-01T00:00:00.000Z';
const WITHIN = '2026-04-20T00:00:00.000Z';
const END = '2026-05-01T00:00:00.000Z';
const LATER = '2026-05-05T00:00:00.000Z';

let shop: Shop;
let customers = 0;

beforeAll(async () => {
  shop = await openShop();
  await shop.plan('committed', { asset: 'USD', minimum: '100' });
  await shop.plan('daily', { asset: 'USD', minimum: '3', interval: 'DAY' });
  const tiers = [
    { upTo: '10', unitAmount: '2' },
    { upTo: null, unitAmount: '1' },
  ];
  const volume = { metric: 'images', asset: 'USD', model: 'VOLUME', tiers };
  await shop.plan('volume', { asset: 'USD', minimum: '30', prices: [volume] });
  await shop.run('mutation { createAsset(input: { code: "EUR", scale: 6 }) { __typename } }');
  const euros = { metric: 'images', asset: 'EUR' };
  const graduated = { ...euros, model: 'GRADUATED', tiers };
  const plan = { asset: 'EUR', minimum: '100' };
  await shop.plan('exact', { ...plan, prices: [{ ...euros, unitAmount: '0.987654' }] });
  await shop.plan('graduated', { ...plan, prices: [graduated] });
});
afterAll(() => shop.stop());
beforeEach(() => shop.clock.set(new Date(START)));
afterEach(async () => expect(await shop.brokenLaw()).toBeNull());

async function subscriber(plan: string, money: string | null = '1000') {
  customers += 1;
  const who = await shop.customer(`customer-${customers}`, money);
  await shop.grant(who, '1000', { asset: 'EUR' });
  return { who, id: await shop.subscribed(who, plan) };
}

const late = (who: string, images: number) => shop.use(who, images, { occurredAt: WITHIN });

const takeBack = ({ event }: { event: { id: string } }) =>
  shop.given('correctUsage', { event: event.id }, 'created');

/** `amount returned` of each true-up, oldest first. */
async function trueUps(id: string): Promise<string[]> {
  const { charges } = await shop.read(
    id,
    'charges(first: 100) { edges { node { kind amount returned } } }',
  );
  return charges.edges
    .map(({ node }: { node: Record<string, string> }) => node)
    .filter(({ kind }: Record<string, string>) => kind === 'MINIMUM')
    .map(({ amount, returned }: Record<string, string>) => `${amount} ${returned}`)
    .reverse();
}

/** What the customer has paid of a thousand. */
async function paid(who: string): Promise<number> {
  return 1000 - Number(await shop.balance(who, 'USD'));
}

/** One who has used thirty of a hundred in April, in May. */
async function closed() {
  const one = await subscriber('committed');
  await shop.use(one.who, 30);
  await shop.at(END);
  expect(await trueUps(one.id)).toEqual(['70 0']);
  await shop.at(LATER);
  return one;
}

describe('usage that comes late', () => {
  it('is paid by the true-up of its period, and by the customer only from the minimum on', async () => {
    const { who, id } = await closed();
    await late(who, 10);
    await shop.work();
    expect(await trueUps(id)).toEqual(['70 10']);
    expect(await paid(who)).toBe(100);
    expect((await shop.ledger(who, 'USD')).slice(-2)).toEqual([
      'USAGE 10 WALLET>REVENUE',
      'ADJUSTMENT 10 REVENUE>WALLET',
    ]);
    await late(who, 25);
    await late(who, 40);
    await shop.work();
    await shop.work();
    expect(await trueUps(id)).toEqual(['70 70']);
    expect(await paid(who)).toBe(105);
    await late(who, 5);
    await shop.work();
    expect(await paid(who)).toBe(110);
  });

  it('of no other period counts, nor what occurs now', async () => {
    const { who, id } = await closed();
    await shop.use(who, 10, { occurredAt: END });
    await shop.use(who, 10);
    await shop.work();
    expect(await trueUps(id)).toEqual(['70 0']);
  });

  it('gives back what the true-up drew, to where it ends', async () => {
    const who = await shop.customer('promoted', null);
    const expiresAt = '2026-05-10T00:00:00.000Z';
    await shop.grant(who, '90', { purpose: 'PROMOTIONAL', expiresAt });
    await shop.grant(who, '60');
    const id = await shop.subscribed(who, 'committed');
    await shop.use(who, 30);
    await shop.at(END);
    await late(who, 20);
    await shop.work();
    expect(await trueUps(id)).toEqual(['70 20']);
    expect(await shop.balance(who, 'USD')).toBe('50');
    await shop.at('2026-05-11T00:00:00.000Z');
    await late(who, 10);
    await shop.work();
    expect(await trueUps(id)).toEqual(['70 30']);
    expect(await shop.balance(who, 'USD')).toBe('30');
    expect((await shop.ledger(who, 'USD')).slice(-2)).toEqual([
      'ADJUSTMENT 10 REVENUE>WALLET',
      'EXPIRY 10 WALLET>BREAKAGE',
    ]);
  });

  it('may come for as long as usage is accepted, to a subscription that has ended too', async () => {
    const { who, id } = await subscriber('committed');
    await shop.cancel(id, 'PERIOD_END');
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ status: 'CANCELED' });
    await shop.at('2026-05-25T00:00:00.000Z');
    await late(who, 10);
    await shop.work();
    expect(await trueUps(id)).toEqual(['100 10']);
    expect(await paid(who)).toBe(100);
  });

  it('first pays what there were no funds for when the subscription ended', async () => {
    const { who, id } = await subscriber('committed', '50');
    await shop.use(who, 30);
    await shop.cancel(id, 'PERIOD_END');
    await shop.at(END);
    expect(await trueUps(id)).toEqual(['20 0']);
    await shop.grant(who, '1000');
    await late(who, 45);
    await shop.work();
    expect(await trueUps(id)).toEqual(['20 0']);
    await late(who, 15);
    await shop.work();
    // Thirty, sixty, and what is left of twenty.
    expect(await trueUps(id)).toEqual(['20 10']);
    expect(await shop.balance(who, 'USD')).toBe('950');
  });

  it('counts at what it costs in the end, where a price falls', async () => {
    const { who, id } = await subscriber('volume');
    await shop.use(who, 8);
    await shop.at(END);
    expect(await trueUps(id)).toEqual(['14 0']);
    await late(who, 2);
    await shop.work();
    expect(await trueUps(id)).toEqual(['14 4']);
    // Twelve cost less than ten do: eight come back, and the true-up that gave way is not due again.
    await late(who, 2);
    await shop.work();
    await shop.work();
    expect(await trueUps(id)).toEqual(['14 4']);
    expect(await paid(who)).toBe(22);
    await late(who, 20);
    await shop.work();
    expect(await trueUps(id)).toEqual(['14 14']);
    expect(await paid(who)).toBe(32);
  });
});

it('a period costs the same whether its usage comes in time or late, to the last digit', async () => {
  const seed = 20260401;
  const { next: random } = createRandom(seed);
  for (let round = 0; round < 6; round += 1) {
    const plan = ['exact', 'graduated'][round % 2] ?? '';
    shop.clock.set(new Date(START));
    const [inTime, late] = [await subscriber(plan), await subscriber(plan)];
    const used = Array.from({ length: 5 }, () => Math.floor(random() * 500_000) / 10_000);
    for (const n of used) await shop.use(inTime.who, 0, { properties: { n } });
    const first = Math.floor(random() * used.length);
    for (const n of used.slice(0, first)) await shop.use(late.who, 0, { properties: { n } });
    await shop.at(END);
    for (const n of used.slice(first)) {
      await shop.use(late.who, 0, { properties: { n }, occurredAt: WITHIN });
      if (random() < 0.5) await shop.work();
    }
    await shop.work();
    const costs = [await shop.balance(inTime.who, 'EUR'), await shop.balance(late.who, 'EUR')];
    expect(costs[1], `seed ${seed}, round ${round}, used ${used}`).toBe(costs[0]);
  }
});

describe('usage that is taken back', () => {
  it('is paid back, and what the true-up has given back stays', async () => {
    const { who, id } = await closed();
    const event = await late(who, 10);
    await shop.work();
    await takeBack(event);
    await shop.work();
    expect(await paid(who)).toBe(90);
    expect(await trueUps(id)).toEqual(['70 10']);
    // It is the first to pay for what comes later still.
    await late(who, 10);
    await shop.work();
    expect(await paid(who)).toBe(100);
    await late(who, 5);
    await shop.work();
    expect(await paid(who)).toBe(100);
    expect(await trueUps(id)).toEqual(['70 15']);
  });

  it('is no usage when it was taken back before anybody looked', async () => {
    const { who, id } = await closed();
    await takeBack(await late(who, 10));
    await shop.work();
    expect(await trueUps(id)).toEqual(['70 0']);
    expect(await paid(who)).toBe(100);
  });
});

describe('a true-up gives way', () => {
  it('once, however many workers look', async () => {
    const { who, id } = await closed();
    for (const images of [3, 4, 5]) {
      await late(who, images);
      await Promise.all(
        Array.from({ length: 6 }, () => shop.api.services.subscriptions.lateUsage.run(null)),
      );
    }
    expect(await trueUps(id)).toEqual(['70 12']);
    expect(await paid(who)).toBe(100);
  });

  it('period by period, each to its own usage', async () => {
    const { who, id } = await subscriber('daily');
    await shop.at('2026-04-04T00:00:00.000Z');
    expect(await trueUps(id)).toEqual(['3 0', '3 0', '3 0']);
    await shop.use(who, 2, { occurredAt: '2026-04-01T12:00:00.000Z' });
    await shop.use(who, 5, { occurredAt: '2026-04-03T12:00:00.000Z' });
    await shop.work();
    expect(await trueUps(id)).toEqual(['3 2', '3 0', '3 3']);
    expect(await paid(who)).toBe(11);
    await shop.cancel(id, 'NOW');
  });
});
