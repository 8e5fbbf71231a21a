import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop, START } from './shop.ts';

// Two subscriptions of one customer whose plans price the same metric in the same asset: what the periods of the one
// do is nothing to what is counted in those of the other.

const MIDDLE = '2026-02-14T09:00:00.000Z';
const FEBRUARY_28 = '2026-02-28T09:00:00.000Z';
const MARCH_14 = '2026-03-14T09:00:00.000Z';
const MARCH_31 = '2026-03-31T09:00:00.000Z';

let shop: Shop;
let people = 0;

beforeAll(async () => {
  shop = await openShop();
  await shop.run(`mutation {
    createBillableMetric(input: { code: "stored", eventType: "stored", aggregation: TIME_WEIGHTED_SUM, property: "gb" }) {
      __typename
    }
  }`);
  const plan = {
    asset: 'USD',
    prices: [{ metric: 'stored', asset: 'USD', unitAmount: '0.01' }],
  };
  await shop.plan('disk', plan);
  await shop.plan('vault', plan);
  await shop.plan('yearly', { ...plan, interval: 'YEAR' });
});
afterAll(() => shop.stop());
beforeEach(() => shop.clock.set(new Date(START)));
afterEach(async () => expect(await shop.brokenLaw()).toBeNull());

async function customer(): Promise<string> {
  people += 1;
  return shop.customer(`person-${people}`, '5000');
}

/** So many gigabytes are stored; what that costs until the end of the period, null for nothing. */
async function store(who: string, gb: number): Promise<string | null> {
  const outcome = await shop.use(who, 0, { type: 'stored', properties: { gb } });
  expect(outcome.__typename).toBe('UsageRecorded');
  return outcome.charges[0]?.amount ?? null;
}

/** `from until: quantity for charged` of what was counted in the periods that an instant lies in. */
async function counted(who: string, at: string): Promise<string[]> {
  const { customer: found } = await shop.run(
    `query ($ref: CustomerRef!, $at: DateTime) { customer(ref: $ref) {
      usage(metric: "stored", at: $at) { period { startsAt endsAt } quantity charged }
    } }`,
    { ref: { externalId: who }, at },
  );
  return found.usage.map(
    ({ period, quantity, charged }: Record<string, string> & { period: Record<string, string> }) =>
      `${period.startsAt} ${period.endsAt}: ${quantity} for ${charged}`,
  );
}

describe('a subscription that renews', () => {
  it('leaves what another one counts as it is', async () => {
    const who = await customer();
    await shop.subscribed(who, 'disk');
    await shop.at(MIDDLE);
    await shop.subscribed(who, 'vault');
    await shop.at(FEBRUARY_28);
    expect(await store(who, 100)).toBe('744');
    const before = await shop.balance(who, 'USD');
    await shop.at(MARCH_14);
    await shop.at('2026-03-15T09:00:00.000Z');
    expect(await counted(who, MARCH_14)).toEqual([`${FEBRUARY_28} ${MARCH_31}: 74400 for 744`]);
    expect(await shop.balance(who, 'USD')).toBe(before);
  });

  it('does as little when it begins anew with another plan', async () => {
    const who = await customer();
    await shop.subscribed(who, 'disk');
    const id = await shop.subscribed(who, 'vault');
    expect(await store(who, 100)).toBe('672');
    await shop.at(MIDDLE);
    await shop.given('changePlan', { subscription: id, plan: 'yearly', when: 'NOW' });
    await shop.at('2026-02-15T09:00:00.000Z');
    expect(await counted(who, MIDDLE)).toEqual([`${START} ${FEBRUARY_28}: 67200 for 672`]);
  });
});

describe('a counter in which two count that began together', () => {
  it('goes on to the end of the one that is left', async () => {
    const who = await customer();
    const first = await shop.subscribed(who, 'disk');
    await shop.subscribed(who, 'vault');
    expect(await store(who, 100)).toBe('672');
    await shop.at(MIDDLE);
    await shop.cancel(first, 'NOW');
    await shop.at('2026-02-15T09:00:00.000Z');
    expect(await counted(who, MIDDLE)).toEqual([`${START} ${FEBRUARY_28}: 67200 for 672`]);
    // A hundred more for the thirteen days that are left.
    expect(await store(who, 200)).toBe('312');
  });
});
