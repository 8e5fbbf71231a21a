import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.ts';

// What is used of metered features is counted as usage is recorded.

let shop: Shop;
let customers = 0;

/** A unit of `images` costs a dollar; a distinct `user` costs nothing by itself. */
const PLAN = {
  interval: 'MONTH',
  asset: 'USD',
  seats: { included: 1, minimum: 1 },
  entitlements: [
    {
      feature: 'images',
      limit: '10',
      windows: [{ per: 'HOUR', limit: '6' }],
      perSubject: '5',
      spendCap: { asset: 'USD', amount: '8', per: 'DAY' },
    },
    { feature: 'users', limit: '2' },
    { feature: 'ever', limit: '3', reset: 'NEVER', whenExceeded: 'THROTTLE' },
  ],
};

beforeAll(async () => {
  shop = await openShop();
  await shop.run(`mutation {
    createBillableMetric(input: { code: "users", eventType: "visit", aggregation: UNIQUE, property: "user" }) { __typename }
    createPrice(input: { metric: "users", asset: "USD", model: GRADUATED, tiers: [{ unitAmount: "0" }] }) {
      __typename ... on Error { message }
    }
    images: createFeature(input: { code: "images", kind: METERED, metric: "images" }) { __typename }
    users: createFeature(input: { code: "users", kind: METERED, metric: "users" }) { __typename }
    ever: createFeature(input: { code: "ever", kind: METERED, metric: "images" }) { __typename }
  }`);
  await shop.plan('basic', PLAN);
});
afterAll(() => shop.stop());
afterEach(async () => {
  expect(await shop.brokenLaw()).toBeNull();
});

async function subscriber(more: object = {}): Promise<string> {
  customers += 1;
  const externalId = await shop.customer(`customer-${customers}`, '1000');
  await shop.subscribed(externalId, 'basic', more);
  return externalId;
}

async function check(externalId: string, feature: string, quantity: string, subject?: string) {
  const { canConsume } = await shop.run(
    `query ($input: CanConsumeInput!) { canConsume(input: $input) { outcome reason limit used resetsAt } }`,
    { input: { customer: { externalId }, feature, quantity, subject } },
  );
  return canConsume;
}

/** `feature used` of everything that the customer has a right to. */
async function used(externalId: string): Promise<string[]> {
  const { customer } = await shop.run(
    `query ($ref: CustomerRef!) { customer(ref: $ref) { entitlements { feature { code } used } } }`,
    { ref: { externalId } },
  );
  return customer.entitlements.map(
    (it: { feature: { code: string }; used: string | null }) => `${it.feature.code} ${it.used}`,
  );
}

const visit = (externalId: string, user: string, more: object = {}) =>
  shop.use(externalId, 0, { type: 'visit', properties: { user }, ...more });

describe('usage of a metered feature', () => {
  it('counts towards its limit until the reset, and is seen by the next check', async () => {
    const ada = await subscriber();
    expect(await check(ada, 'images', '6')).toMatchObject({ outcome: 'ALLOW', used: '0' });
    await shop.use(ada, 4);
    expect(await check(ada, 'ever', '1')).toMatchObject({ outcome: 'THROTTLE', used: '4' });
    expect(await used(ada)).toEqual(['images 4', 'users 0', 'ever 4']);
    // An hour later the window is empty, the period is not.
    await shop.at('2026-01-31T11:00:00.000Z');
    await shop.use(ada, 4);
    await shop.at('2026-02-01T12:00:00.000Z');
    expect(await check(ada, 'images', '2')).toMatchObject({ outcome: 'ALLOW', used: '8' });
    expect(await check(ada, 'images', '3')).toMatchObject({
      outcome: 'DENY',
      reason: 'LIMIT_REACHED',
      limit: '10',
      used: '8',
      resetsAt: '2026-02-28T09:00:00.000Z',
    });
    await shop.at('2026-02-28T09:00:00.000Z');
    expect(await used(ada)).toEqual(['images 0', 'users 0', 'ever 8']);
    expect(await check(ada, 'images', '6')).toMatchObject({ outcome: 'ALLOW', used: '0' });
  });

  it('is bound by windows, by subject and by what it costs', async () => {
    const bob = await subscriber();
    await shop.use(bob, 3, { subject: 'ann' });
    expect(await check(bob, 'images', '3', 'ann')).toMatchObject({
      reason: 'SUBJECT_LIMIT_REACHED',
      limit: '5',
      used: '3',
    });
    expect(await check(bob, 'images', '2', 'ann')).toMatchObject({ outcome: 'ALLOW' });
    expect(await check(bob, 'images', '3', 'bea')).toMatchObject({ outcome: 'ALLOW' });
    expect(await check(bob, 'images', '4')).toMatchObject({
      reason: 'WINDOW_LIMIT_REACHED',
      limit: '6',
      used: '3',
      resetsAt: '2026-02-28T10:00:00.000Z',
    });
    await shop.at('2026-02-28T10:00:00.000Z');
    await shop.use(bob, 3);
    expect(await check(bob, 'images', '3')).toMatchObject({
      reason: 'SPEND_CAP_REACHED',
      limit: '8',
      used: '6',
      resetsAt: '2026-03-01T00:00:00.000Z',
    });
    expect(await check(bob, 'images', '2')).toMatchObject({ outcome: 'ALLOW' });
    const many = await shop.run(
      `query ($input: CanConsumeManyInput!) { canConsumeMany(input: $input) { outcomes reasons } }`,
      {
        input: {
          customers: [{ externalId: bob }],
          consumptions: ['ann', 'bea'].map((subject) => ({
            feature: 'images',
            quantity: '3',
            subject,
          })),
        },
      },
    );
    expect(many.canConsumeMany.reasons).toEqual(['SUBJECT_LIMIT_REACHED', 'SPEND_CAP_REACHED']);
  });

  it('counts distinct values once, and what costs nothing is seen as well', async () => {
    const cleo = await subscriber();
    await visit(cleo, 'u1');
    await visit(cleo, 'u1');
    expect(await used(cleo)).toEqual(['images 0', 'users 1', 'ever 0']);
    await visit(cleo, 'u2');
    expect(await check(cleo, 'users', '1')).toMatchObject({ reason: 'LIMIT_REACHED', used: '2' });
  });

  it('that is refused counts for nothing, nor does a repetition', async () => {
    const dora = await subscriber();
    expect((await shop.use(dora, 5_000)).__typename).toBe('InsufficientFundsError');
    const more = { eventId: 'dora-1' };
    await shop.use(dora, 2, more);
    await shop.use(dora, 2, more);
    expect(await used(dora)).toEqual(['images 2', 'users 0', 'ever 2']);
  });

  it('that comes late counts in the spans in which it occurred', async () => {
    const eva = await subscriber();
    await shop.at('2026-03-28T10:30:00.000Z');
    await shop.use(eva, 1, { occurredAt: '2026-03-28T09:30:00.000Z' });
    expect(await used(eva)).toEqual(['images 0', 'users 0', 'ever 1']);
    await shop.use(eva, 1, { occurredAt: '2026-03-28T10:00:00.000Z' });
    expect(await used(eva)).toEqual(['images 1', 'users 0', 'ever 2']);
  });

  it('before there was a right to it is not counted', async () => {
    customers += 1;
    const fay = await shop.customer(`customer-${customers}`, '1000');
    await shop.use(fay, 3);
    await shop.subscribed(fay, 'basic');
    await shop.use(fay, 1, { occurredAt: '2026-03-28T10:29:59.000Z' });
    expect(await used(fay)).toEqual(['images 0', 'users 0', 'ever 0']);
    await shop.use(fay, 1);
    expect(await used(fay)).toEqual(['images 1', 'users 0', 'ever 1']);
  });

  it('is counted no longer once the event is taken back', async () => {
    const gus = await subscriber();
    const correct = (recorded: { event: { id: string } }) =>
      shop.given('correctUsage', { event: recorded.event.id }, 'created');
    const byAnn = await shop.use(gus, 3, { subject: 'ann' });
    await shop.use(gus, 2);
    const first = await visit(gus, 'u1');
    await visit(gus, 'u1');
    const other = await visit(gus, 'u2');
    expect(await used(gus)).toEqual(['images 5', 'users 2', 'ever 5']);
    await correct(byAnn);
    await correct(byAnn);
    expect(await used(gus)).toEqual(['images 2', 'users 2', 'ever 2']);
    expect(await check(gus, 'images', '5', 'ann')).toMatchObject({
      reason: 'WINDOW_LIMIT_REACHED',
    });
    expect(await check(gus, 'images', '4', 'ann')).toMatchObject({ outcome: 'ALLOW' });
    await correct(first);
    expect(await used(gus)).toEqual(['images 2', 'users 2', 'ever 2']);
    await correct(other);
    expect(await used(gus)).toEqual(['images 2', 'users 1', 'ever 2']);
    await shop.use(gus, 1);
    await visit(gus, 'u3');
    expect(await used(gus)).toEqual(['images 3', 'users 2', 'ever 3']);
  });

  it('is counted when a hold captures it, all of the capture or nothing', async () => {
    const hal = await subscriber();
    const { hold } = await shop.given(
      'placeHold',
      { customer: { externalId: hal }, asset: 'USD', amount: '900' },
      'hold { id }',
    );
    const events = (...all: [string, object][]) =>
      all.map(([type, properties], at) => ({ eventId: `hal-${type}-${at}`, type, properties }));
    const refused = await shop.mutate(
      'captureHold',
      { hold: hold.id, events: events(['visit', { user: 'u1' }], ['image', { n: 5_000 }]) },
      'hold { id }',
    );
    expect(refused.__typename).toBe('InsufficientFundsError');
    expect(await used(hal)).toEqual(['images 0', 'users 0', 'ever 0']);
    await shop.given(
      'captureHold',
      { hold: hold.id, events: events(['visit', { user: 'u2' }], ['image', { n: 5 }]) },
      'hold { id }',
    );
    expect(await used(hal)).toEqual(['images 5', 'users 1', 'ever 5']);
  });

  it('is counted by what a subscription overrides, and by no plan that has ended', async () => {
    const overrides = {
      entitlements: [{ feature: 'images', limit: '100', windows: [{ per: 'MINUTE', limit: '2' }] }],
    };
    const ida = await subscriber({ overrides });
    await shop.use(ida, 2);
    expect(await check(ida, 'images', '1')).toMatchObject({
      reason: 'WINDOW_LIMIT_REACHED',
      limit: '2',
      used: '2',
    });
    const { customer } = await shop.run(
      `query ($ref: CustomerRef!) { customer(ref: $ref) { subscriptions(first: 1) { edges { node { id } } } } }`,
      { ref: { externalId: ida } },
    );
    await shop.cancel(customer.subscriptions.edges[0].node.id, 'NOW');
    await shop.use(ida, 1);
    expect(await used(ida)).toEqual([]);
    expect(await check(ida, 'images', '1')).toMatchObject({ reason: 'NOT_ENTITLED' });
  });

  it('by many requests at a time is counted to the last', async () => {
    const joe = await subscriber();
    await Promise.all(Array.from({ length: 40 }, () => shop.use(joe, 1)));
    expect(await used(joe)).toEqual(['images 40', 'users 0', 'ever 40']);
  });

  it.each([
    [
      'a counter that says more',
      "UPDATE usage_counters SET quantity = quantity + 1 WHERE slice = 'PERIOD' AND kind = 'FEATURE'",
      "UPDATE usage_counters SET quantity = quantity - 1 WHERE slice = 'PERIOD' AND kind = 'FEATURE'",
      'the counter says',
    ],
    [
      'other money that was spent',
      'UPDATE feature_uses SET amount = amount + 1 WHERE asset_id IS NOT NULL',
      'UPDATE feature_uses SET amount = amount - 1 WHERE asset_id IS NOT NULL',
      'was spent',
    ],
    [
      'use by an event that is not recorded',
      `INSERT INTO feature_uses (organization_id, customer_id, usage_event_id, feature_id, slice, period_start,
          quantity, amount)
        SELECT organization_id, customer_id, customer_id, feature_id, slice, period_start, 0, 0
        FROM feature_uses LIMIT 1`,
      'DELETE FROM feature_uses WHERE usage_event_id = customer_id',
      'events that are not recorded',
    ],
  ])('is compared with its events: %s is noticed', async (_what, spoil, restore, says) => {
    const kim = await subscriber();
    await shop.use(kim, 1);
    const db = new pg.Client({ connectionString: shop.api.databaseUrl });
    await db.connect();
    await db.query(spoil);
    expect(await shop.brokenLaw()).toContain(says);
    await db.query(restore);
    await db.end();
  });
});
