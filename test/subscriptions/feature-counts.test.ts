import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openShop, type Shop, START } from './shop.ts';

// In which unit use of a feature is counted, and that it is counted once for all subscriptions of a customer.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.run(`mutation {
    k: createBillableMetric(input: { code: "kilo", eventType: "sent", aggregation: SUM, property: "bytes",
      conversion: { divide: "1000", rounding: CEILING } }) { ... on Error { message } }
    p: createBillableMetric(input: { code: "pairs", eventType: "pair", aggregation: COUNT,
      conversion: { multiply: "2" } }) { ... on Error { message } }
    kilo: createFeature(input: { code: "kilo", kind: METERED, metric: "kilo" }) { __typename }
    pairs: createFeature(input: { code: "pairs", kind: METERED, metric: "pairs" }) { __typename }
    images: createFeature(input: { code: "images", kind: METERED, metric: "images" }) { __typename }
    ofKilo: createPrice(input: { metric: "kilo", asset: "USD", unitAmount: "1" }) { __typename }
    ofPairs: createPrice(input: { metric: "pairs", asset: "USD", unitAmount: "1" }) { __typename }
  }`);
  await shop.plan('converted', {
    entitlements: [
      { feature: 'kilo', limit: '10' },
      { feature: 'pairs', limit: '10' },
    ],
  });
  await shop.plan('larger', {
    entitlements: [
      { feature: 'kilo', limit: '12' },
      { feature: 'pairs', limit: '12' },
    ],
  });
  await shop.plan('ten', { entitlements: [{ feature: 'images', limit: '10' }] });
  await shop.plan('yearly', {
    interval: 'YEAR',
    entitlements: [{ feature: 'images', limit: '5' }],
  });
  await shop.plan('five', { entitlements: [{ feature: 'images', limit: '5' }] });
});
afterAll(() => shop.stop());
afterEach(async () => {
  expect(await shop.brokenLaw()).toBeNull();
});

async function check(externalId: string, feature: string, quantity: string) {
  const { canConsume } = await shop.run(
    `query ($input: CanConsumeInput!) { canConsume(input: $input) {
      outcome reason limit used upsell { plans { code } }
    } }`,
    { input: { customer: { externalId }, feature, quantity } },
  );
  return canConsume;
}

const ALLOWED = { outcome: 'ALLOW', reason: null };
const DENIED = { outcome: 'DENY', reason: 'LIMIT_REACHED' };

it('a quantity is checked in the unit in which usage of it is counted', async () => {
  const kay = await shop.customer('kay', '1000');
  await shop.subscribed(kay, 'converted');
  await shop.use(kay, 0, { type: 'sent', properties: { bytes: 3_500 } });
  expect(await check(kay, 'kilo', '6000')).toMatchObject({ ...ALLOWED, used: '4' });
  expect(await check(kay, 'kilo', '6001')).toMatchObject({
    ...DENIED,
    upsell: { plans: [{ code: 'larger' }] },
  });
});

it('each event of a quantity of events is converted by itself', async () => {
  const pia = await shop.customer('pia', '1000');
  await shop.subscribed(pia, 'converted');
  await shop.use(pia, 0, { type: 'pair' });
  await shop.use(pia, 0, { type: 'pair' });
  expect(await check(pia, 'pairs', '3')).toMatchObject({ ...ALLOWED, used: '4' });
  expect(await check(pia, 'pairs', '4')).toMatchObject(DENIED);
});

it('what is used counts once towards the limits of all subscriptions, which add up', async () => {
  const lea = await shop.customer('lea', '1000');
  const ten = await shop.subscribed(lea, 'ten');
  await shop.subscribed(lea, 'five');
  await shop.use(lea, 12);
  expect(await check(lea, 'images', '3')).toMatchObject({ ...ALLOWED, limit: '15', used: '12' });
  expect(await check(lea, 'images', '4')).toMatchObject(DENIED);
  // It counts on for the other when one of them ends.
  await shop.cancel(ten, 'NOW');
  expect(await check(lea, 'images', '1')).toMatchObject({ ...DENIED, limit: '5', used: '12' });
});

it.each([
  ['ends with its period', (id: string) => shop.cancel(id, 'PERIOD_END')],
  ['ends before', (id: string) => shop.cancel(id, 'NOW')],
  ['is paused', (id: string) => shop.mutate('pauseSubscription', { subscription: id })],
])('what is used counts on for a longer period that began with one that %s', async (how, leave) => {
  shop.clock.set(new Date(START));
  const who = await shop.customer(how, '1000');
  const ten = await shop.subscribed(who, 'ten');
  await shop.subscribed(who, 'yearly');
  await shop.use(who, 12);
  await leave(ten);
  await shop.at('2026-03-15T12:00:00.000Z');
  expect(await check(who, 'images', '1')).toMatchObject({ ...DENIED, limit: '5', used: '12' });
});
