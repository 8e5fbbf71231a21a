import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../../src/kit/clock.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { type Ask, setUpCalls, startApi, type TestApi } from '../support/api.ts';

// May they use a feature? Plans give the rights; what was used is in the counters of the feature.

let api: TestApi;
let ask: Ask;
let features: Record<string, string>;

/** It stands still, so that no window ends in the middle of a test. */
const clock = createManualClock(new Date('2026-03-10T12:30:00Z'));

const SAVED = { __typename: 'SavePlanDraftPayload' };

const PLAN = {
  interval: 'MONTH',
  asset: 'USD',
  seats: { included: 5, minimum: 1 },
  entitlements: [
    { feature: 'sso' },
    { feature: 'projects', limit: '3', perSeat: true },
    {
      feature: 'calls',
      limit: '100',
      windows: [{ per: 'HOUR', limit: '60' }],
      perSubject: '50',
      spendCap: { asset: 'USD', amount: '80', per: 'DAY' },
    },
    { feature: 'exports', limit: '1', reset: 'NEVER', whenExceeded: 'THROTTLE' },
    { feature: 'reports', limit: '1', whenExceeded: 'ALLOW' },
  ],
  addOns: [{ code: 'more', name: 'More', entitlements: [{ feature: 'projects', limit: '10' }] }],
};

beforeAll(async () => {
  api = await startApi({ clock });
  ask = api.ask;
  await setUpCalls(ask, 'acme', '1000');
  const { data, errors } = await ask(
    `mutation ($basic: PlanDefinitionInput!, $large: PlanDefinitionInput!) {
      sso: createFeature(input: { code: "sso", kind: BOOLEAN }) { ...F }
      projects: createFeature(input: { code: "projects", kind: STATIC }) { ...F }
      calls: createFeature(input: { code: "calls", kind: METERED, metric: "calls" }) { ...F }
      exports: createFeature(input: { code: "exports", kind: METERED, metric: "calls" }) { ...F }
      reports: createFeature(input: { code: "reports", kind: METERED, metric: "calls" }) { ...F }
      other: createFeature(input: { code: "other", kind: BOOLEAN }) { ...F }
      basic: savePlanDraft(input: { code: "basic", definition: $basic }) { __typename ... on Error { message } }
      large: savePlanDraft(input: { code: "large", definition: $large }) { __typename ... on Error { message } }
      b: publishPlan(input: { plan: "basic" }) { __typename ... on Error { message } }
      l: publishPlan(input: { plan: "large" }) { __typename ... on Error { message } }
      createCustomer(input: { externalId: "nobody" }) { __typename }
      createSubscription(input: { customer: { externalId: "acme" }, plan: "basic" }) { __typename ... on Error { message } }
    }
    fragment F on CreateFeaturePayload { feature { id } }`,
    { basic: PLAN, large: { entitlements: [{ feature: 'other' }, { feature: 'calls' }] } },
  );
  expect(errors).toBeUndefined();
  expect([data.basic, data.large]).toEqual([SAVED, SAVED]);
  expect(data.createSubscription).toEqual({ __typename: 'CreateSubscriptionPayload' });
  features = Object.fromEntries(
    ['sso', 'projects', 'calls', 'exports', 'reports', 'other'].map((code) => [
      code,
      data[code].feature.id as string,
    ]),
  );
});
afterAll(() => api.stop());

const CHECK = `query ($input: CanConsumeInput!) { canConsume(input: $input) {
  outcome reason limit used resetsAt required upsell { topUpAmount plans { code } }
} }`;

async function check(feature: string, more: object = {}, externalId = 'acme') {
  const input = { customer: { externalId }, feature, ...more };
  const { data, errors } = await ask(CHECK, { input });
  expect(errors).toBeUndefined();
  return data.canConsume;
}

const periodStart = async (): Promise<Date> => {
  const [row] = await sql<{ at: Date }>('SELECT period_start AS at FROM subscriptions');
  if (!row) throw new Error('There is no subscription.');
  return row.at;
};

async function sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: api.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Counts use of a feature, as the batch that records it would, and has it noticed. */
async function use(feature: string, slice: string, start: Date, quantity: string, charged = '0') {
  await sql(
    `INSERT INTO usage_counters (organization_id, customer_id, counted_id, slice, period_start, period_end,
        quantity, charged, version, updated_at, kind)
      SELECT organization_id, id, $1::uuid, $2, $3::timestamptz, $3::timestamptz + interval '400 days',
        $4::numeric, $5::numeric, 1, now(), CASE WHEN $2 LIKE '%/%' THEN 'SUBJECT' ELSE 'FEATURE' END::counter_kind
      FROM customers WHERE external_id = 'acme'
      ON CONFLICT (customer_id, counted_id, period_start, slice)
      DO UPDATE SET quantity = excluded.quantity, charged = excluded.charged, version = usage_counters.version + 1`,
    [
      fromTypeId('feature', features[feature] ?? '') ?? randomUUID(),
      slice,
      start,
      quantity,
      charged,
    ],
  );
  await api.services.entitlements.recheck();
}

const HOUR = new Date('2026-03-10T12:00:00Z');
const DAY = new Date('2026-03-10T00:00:00Z');

describe('canConsume of a feature', () => {
  test('is allowed by the plan that has it, and by nothing else', async () => {
    expect(await check('sso')).toMatchObject({ outcome: 'ALLOW', reason: null });
    expect(await check('sso', {}, 'nobody')).toMatchObject({
      outcome: 'DENY',
      reason: 'NOT_ENTITLED',
      upsell: { topUpAmount: null, plans: [{ code: 'basic' }] },
    });
    expect(await check('other')).toMatchObject({
      reason: 'NOT_ENTITLED',
      upsell: { plans: [{ code: 'large' }] },
    });
    expect(await check('unheard')).toMatchObject({
      outcome: 'DENY',
      reason: 'FEATURE_NOT_FOUND',
      upsell: null,
    });
  });

  test('compares a value with the one that you count', async () => {
    expect(await check('projects', { quantity: '3' })).toMatchObject({
      outcome: 'ALLOW',
      limit: '3',
    });
    expect(await check('projects', { quantity: '4' })).toMatchObject({
      outcome: 'DENY',
      reason: 'LIMIT_REACHED',
      limit: '3',
      used: '0',
      resetsAt: null,
    });
  });

  test('goes by what was used in the period, the window, by a subject, and what it cost', async () => {
    expect(await check('calls', { quantity: '50' })).toMatchObject({
      outcome: 'ALLOW',
      limit: '100',
      used: '0',
      required: '50',
    });
    expect(await check('calls', { quantity: '51', subject: 'ann' })).toMatchObject({
      reason: 'SUBJECT_LIMIT_REACHED',
      limit: '50',
    });
    expect(await check('calls', { quantity: '61' })).toMatchObject({
      reason: 'WINDOW_LIMIT_REACHED',
      limit: '60',
    });
    await use('calls', 'PERIOD', await periodStart(), '95');
    const denied = await check('calls', { quantity: '6' });
    expect(denied).toMatchObject({
      outcome: 'DENY',
      reason: 'LIMIT_REACHED',
      limit: '100',
      used: '95',
      upsell: { plans: [{ code: 'large' }] },
    });
    expect(denied.resetsAt).toBe('2026-04-10T12:30:00.000Z');
    await use('calls', 'PERIOD', await periodStart(), '10');
    await use('calls', 'HOUR', HOUR, '58');
    expect(await check('calls', { quantity: '2' })).toMatchObject({ outcome: 'ALLOW' });
    expect(await check('calls', { quantity: '3' })).toMatchObject({
      reason: 'WINDOW_LIMIT_REACHED',
    });
    await use('calls', 'HOUR', HOUR, '0');
    await use('calls', 'PERIOD/ann', await periodStart(), '49');
    expect(await check('calls', { quantity: '1', subject: 'ann' })).toMatchObject({
      outcome: 'ALLOW',
    });
    expect(await check('calls', { quantity: '2', subject: 'ann' })).toMatchObject({
      reason: 'SUBJECT_LIMIT_REACHED',
      used: '49',
    });
    expect(await check('calls', { quantity: '2', subject: 'bea' })).toMatchObject({
      outcome: 'ALLOW',
    });
    await use('calls', 'DAY in USD', DAY, '0', '79');
    expect(await check('calls', { quantity: '1' })).toMatchObject({ outcome: 'ALLOW' });
    expect(await check('calls', { quantity: '2' })).toMatchObject({
      reason: 'SPEND_CAP_REACHED',
      limit: '80',
      used: '79',
    });
  });

  test('throttles or allows beyond the limit where the plan says so', async () => {
    expect(await check('exports', { quantity: '2' })).toMatchObject({
      outcome: 'THROTTLE',
      reason: 'LIMIT_REACHED',
      resetsAt: null,
    });
    expect(await check('reports', { quantity: '2' })).toMatchObject({
      outcome: 'ALLOW',
      reason: 'LIMIT_REACHED',
    });
    // What lets it pass does not pay for it.
    expect(await check('reports', { quantity: '5000' })).toMatchObject({
      outcome: 'DENY',
      reason: 'INSUFFICIENT_FUNDS',
      upsell: { topUpAmount: '4000', plans: [] },
    });
  });

  test('follows the subscription at once', async () => {
    const [row] = await sql<{ id: string }>('SELECT id FROM subscriptions');
    await sql(
      `UPDATE subscriptions SET seats = 2, add_ons = '["more"]', overrides = $2 WHERE id = $1`,
      [row?.id, { entitlements: [{ feature: 'sso', enabled: false }] }],
    );
    await sql('UPDATE customers SET terms_version = terms_version + 1');
    await api.services.entitlements.recheck();
    expect(await check('projects', { quantity: '16' })).toMatchObject({
      outcome: 'ALLOW',
      limit: '16',
    });
    expect(await check('projects', { quantity: '17' })).toMatchObject({ outcome: 'DENY' });
    expect(await check('sso')).toMatchObject({ reason: 'NOT_ENTITLED' });
    const { data } = await ask(`{ customer(ref: { externalId: "acme" }) { entitlements {
      feature { code kind } enabled limit used remaining perSubject
    } } }`);
    expect(data.customer.entitlements).toMatchObject([
      { feature: { code: 'sso' }, enabled: false },
      { feature: { code: 'projects', kind: 'STATIC' }, limit: '16', used: null, remaining: null },
      { feature: { code: 'calls' }, limit: '100', used: '10', remaining: '90', perSubject: '50' },
      { feature: { code: 'exports' }, limit: '1', used: '0', remaining: '1' },
      { feature: { code: 'reports' } },
    ]);
  });

  test.each([
    ['an amount', { amount: '1' }, 'amount', 'NOT_ALLOWED'],
    ['less than nothing', { quantity: '-1' }, 'quantity', 'NEGATIVE'],
    ['an empty subject', { subject: '' }, 'subject', 'TOO_SHORT'],
  ])('with %s is bad input', async (_what, more, path, code) => {
    const input = { customer: { externalId: 'acme' }, feature: 'sso', ...more };
    const { errors } = await ask(CHECK, { input });
    expect(errors?.[0].extensions.issues).toMatchObject([{ path, code }]);
  });
});
