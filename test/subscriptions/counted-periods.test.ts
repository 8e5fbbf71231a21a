import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { READ_TERMS, type TermsRow } from '../../src/subscriptions/sql/read-terms.ts';
import { openShop, type Shop, START } from './shop.ts';

// In which period usage is counted by which a subscription's prices go, and what becomes of a counter whose
// period ends elsewhere than was thought when it was begun.

const FEBRUARY_28 = '2026-02-28T09:00:00.000Z';
const MARCH_31 = '2026-03-31T09:00:00.000Z';

let shop: Shop;
let people = 0;

beforeAll(async () => {
  shop = await openShop();
  await shop.run(`mutation {
    createBillableMetric(input: { code: "stored", eventType: "stored", aggregation: TIME_WEIGHTED_SUM, property: "gb" }) {
      __typename
    }
    feature: createFeature(input: { code: "stored", kind: METERED, metric: "stored" }) { __typename }
    images: createFeature(input: { code: "images", kind: METERED, metric: "images" }) { __typename }
  }`);
  const plan = {
    asset: 'USD',
    fees: [{ code: 'base', name: 'Base fee', amount: '20' }],
    prices: [{ metric: 'stored', asset: 'USD', unitAmount: '0.01' }],
    entitlements: [{ feature: 'stored' }, { feature: 'images', limit: '10' }],
  };
  await shop.plan('storage', plan);
  await shop.plan('tried', { ...plan, trial: { days: 14 } });
  await shop.plan('yearly', { ...plan, interval: 'YEAR' });
});
afterAll(() => shop.stop());
beforeEach(() => shop.clock.set(new Date(START)));
afterEach(async () => expect(await shop.brokenLaw()).toBeNull());

async function subscriber(plan: string, money = '500') {
  people += 1;
  const who = await shop.customer(`person-${people}`, money);
  return { who, id: await shop.subscribed(who, plan) };
}

/** So many gigabytes are stored; what that costs until the end of the period. */
interface Counted {
  readonly period: { readonly startsAt: string; readonly endsAt: string };
  readonly quantity: string;
  readonly charged: string;
}

async function store(who: string, gb: number, more: object = {}): Promise<string> {
  const outcome = await shop.use(who, 0, { type: 'stored', properties: { gb }, ...more });
  expect(outcome.__typename).toBe('UsageRecorded');
  return outcome.charges[0].amount;
}

/** `from until: quantity for charged` of what was counted of storage in the period of an instant. */
async function counted(who: string, at: string): Promise<string[]> {
  const { customer } = await shop.run(
    `query ($ref: CustomerRef!, $at: DateTime) { customer(ref: $ref) {
      usage(metric: "stored", at: $at) { period { startsAt endsAt } quantity charged }
    } }`,
    { ref: { externalId: who }, at },
  );
  return customer.usage.map((counter: Counted) => {
    const { period, quantity, charged } = counter;
    return `${period.startsAt} ${period.endsAt}: ${quantity} for ${charged}`;
  });
}

async function left(who: string): Promise<string | null> {
  const { canConsume } = await shop.run(
    `query ($input: CanConsumeInput!) { canConsume(input: $input) { used } }`,
    { input: { customer: { externalId: who }, feature: 'images', quantity: '1' } },
  );
  return canConsume.used;
}

describe('usage behind the last period that has begun', () => {
  it('is counted in the one that the renewal will begin, to its end by the calendar', async () => {
    const { who } = await subscriber('storage');
    shop.clock.set(new Date(FEBRUARY_28));
    // 31 days, although the period that has just ended had 28.
    expect(await store(who, 1)).toBe('7.44');
    await shop.work();
    expect(await counted(who, FEBRUARY_28)).toEqual([`${FEBRUARY_28} ${MARCH_31}: 744 for 7.44`]);
  });

  it('is counted in periods of the plan that waits for the end of this one', async () => {
    const { who, id } = await subscriber('storage');
    await shop.given('changePlan', { subscription: id, plan: 'yearly', when: 'PERIOD_END' });
    shop.clock.set(new Date(FEBRUARY_28));
    expect(await store(who, 1)).toBe('87.6');
    await shop.work();
    expect(await counted(who, FEBRUARY_28)).toEqual([
      `${FEBRUARY_28} 2027-02-28T09:00:00.000Z: 8760 for 87.6`,
    ]);
    expect(await shop.read(id)).toMatchObject({
      currentPeriod: { startsAt: FEBRUARY_28, endsAt: '2027-02-28T09:00:00.000Z' },
    });
  });

  it('is counted in the same period before and after a subscription that was past due is paid', async () => {
    const { who, id } = await subscriber('storage', '40');
    await store(who, 1);
    await shop.at(MARCH_31);
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE' });
    expect(await store(who, 1, { occurredAt: '2026-03-30T09:00:00.000Z' })).toBe('0.24');
    await shop.at('2026-04-30T09:00:00.000Z');
    expect(await store(who, 1)).toBe('7.44');
    await shop.grant(who, '100');
    await shop.at('2026-05-02T09:00:00.000Z');
    expect(await shop.read(id)).toMatchObject({
      status: 'ACTIVE',
      currentPeriod: { startsAt: '2026-04-30T09:00:00.000Z', endsAt: '2026-05-31T09:00:00.000Z' },
    });
    // What occurred in the gap is counted there, and what occurred behind it with the rest of the new period.
    expect(await store(who, 1, { occurredAt: '2026-04-29T09:00:00.000Z' })).toBe('0.24');
    expect(await store(who, 0)).toBe('0');
    expect(await counted(who, '2026-05-02T09:00:00.000Z')).toEqual([
      '2026-04-30T09:00:00.000Z 2026-05-31T09:00:00.000Z: 48 for 7.44',
    ]);
  });
});

describe('a counter whose period ends elsewhere', () => {
  it('ends with a trial that is extended, and goes on to count', async () => {
    const { who, id } = await subscriber('tried');
    // 14 days of one gigabyte.
    expect(await store(who, 1)).toBe('3.36');
    await shop.use(who, 3);
    const until = '2026-02-24T09:00:00.000Z';
    await shop.given('extendTrial', { subscription: id, until });
    expect(await counted(who, START)).toEqual([`${START} ${until}: 576 for 3.36`]);
    await shop.at('2026-02-20T09:00:00.000Z');
    expect(await left(who)).toBe('3');
    // Six days stay as they are charged, and another gigabyte is charged for the four that are left.
    expect(await store(who, 2)).toBe('3.36');
    expect(await counted(who, START)).toEqual([`${START} ${until}: 672 for 6.72`]);
  });

  it('gives back what a value was charged for that nobody had for so long', async () => {
    const { who, id } = await subscriber('storage', '100');
    expect(await store(who, 10)).toBe('67.2');
    await shop.at('2026-02-07T09:00:00.000Z');
    await shop.cancel(id, 'NOW');
    await shop.work();
    expect(await counted(who, START)).toEqual([`${START} 2026-02-07T09:00:00.000Z: 1680 for 16.8`]);
    expect(await shop.balance(who, 'USD')).toBe('63.2');
  });

  it('counts nothing of a value that was said ahead of the end', async () => {
    const { who, id } = await subscriber('storage', '20000');
    const hours = { occurredAt: '2026-01-31T19:00:00.000Z' };
    await store(who, 10);
    await shop.at('2026-01-31T18:56:00.000Z');
    await store(who, 1000, hours);
    await store(who, 20, { occurredAt: '2026-01-31T19:01:00.000Z' });
    await shop.cancel(id, 'NOW');
    await shop.at('2026-02-01T09:00:00.000Z');
    // Nine hours and 56 minutes of ten gigabytes.
    expect(await counted(who, START)).toEqual([
      `${START} 2026-01-31T18:56:00.000Z: 99.333333333333 for 0.99`,
    ]);
    expect(await shop.balance(who, 'USD')).toBe('19979.01');
  });

  it('goes on in a period that begins at the very instant of the one before', async () => {
    const { who, id } = await subscriber('storage');
    await shop.use(who, 3);
    expect(await store(who, 1)).toBe('6.72');
    await shop.given('changePlan', { subscription: id, plan: 'yearly', when: 'NOW' });
    await shop.at('2026-03-10T09:00:00.000Z');
    expect(await left(who)).toBe('3');
    expect(await counted(who, START)).toEqual([`${START} 2027-01-31T09:00:00.000Z: 8760 for 6.72`]);
  });

  it('ends where the first period begins that a trial without money waited for', async () => {
    const { who, id } = await subscriber('tried', '15');
    await shop.at('2026-02-14T09:00:00.000Z');
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE' });
    expect(await store(who, 1)).toBe('6.72');
    await shop.at('2026-02-16T09:00:00.000Z');
    await shop.grant(who, '50');
    await shop.work();
    expect(await counted(who, '2026-02-15T00:00:00.000Z')).toEqual([
      '2026-02-14T09:00:00.000Z 2026-02-16T09:00:00.000Z: 48 for 0.48',
    ]);
    expect(await store(who, 1)).toBe('6.72');
    expect(await counted(who, '2026-02-16T09:00:00.000Z')).toEqual([
      '2026-02-16T09:00:00.000Z 2026-03-16T09:00:00.000Z: 672 for 6.72',
    ]);
  });
});

it('of what had ended before usage is still accepted, one period is read', async () => {
  const { who } = await subscriber('storage');
  await shop.at('2026-08-15T09:00:00.000Z');
  const db = new pg.Client({ connectionString: shop.api.databaseUrl });
  await db.connect();
  const { rows } = await db.query('SELECT id FROM customers WHERE external_id = $1', [who]);
  const given = [[rows[0].id], shop.clock.now()];
  const [terms] = (await db.query<TermsRow>(READ_TERMS.text, given)).rows;
  await db.end();
  expect(terms?.spans).toHaveLength(1);
  const begun = terms?.courses?.[0]?.begun.map(([start]) => new Date(start).toISOString());
  expect(begun).toEqual(['2026-06-30T09:00:00.000Z', '2026-07-31T09:00:00.000Z']);
});
