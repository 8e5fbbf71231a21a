import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.ts';

// Features whose metric goes by single values: a check counts what recording the same would count.

let shop: Shop;
let people = 0;

const AGGREGATIONS = ['MAX', 'LATEST', 'TIME_WEIGHTED_SUM', 'UNIQUE', 'SUM'] as const;
type Aggregation = (typeof AGGREGATIONS)[number];

const codeOf = (aggregation: Aggregation) => aggregation.toLowerCase();

beforeAll(async () => {
  shop = await openShop();
  for (const aggregation of AGGREGATIONS) {
    const code = codeOf(aggregation);
    await shop.run(
      `mutation ($metric: CreateBillableMetricInput!, $price: CreatePriceInput!, $feature: CreateFeatureInput!) {
        createBillableMetric(input: $metric) { __typename }
        createPrice(input: $price) { __typename }
        createFeature(input: $feature) { __typename }
      }`,
      {
        metric: { code, eventType: code, aggregation, property: 'n' },
        price: { metric: code, asset: 'USD', unitAmount: '0' },
        feature: { code, kind: 'METERED', metric: code },
      },
    );
  }
  const rights = (more: object) => ({
    entitlements: AGGREGATIONS.map((aggregation) => ({ feature: codeOf(aggregation), ...more })),
  });
  await shop.plan('period', rights({ limit: '100' }));
  await shop.plan('hour', rights({ windows: [{ per: 'HOUR', limit: '100' }] }));
  await shop.plan('subject', rights({ perSubject: '100' }));
  await shop.plan('week', rights({ limit: '100', reset: 'WEEK' }));
  await shop.plan('larger', rights({ limit: '5000', windows: [{ per: 'DAY', limit: '500' }] }));
});
afterAll(() => shop.stop());
afterEach(async () => {
  expect(await shop.brokenLaw()).toBeNull();
});

async function subscriber(plan: string | null): Promise<string> {
  people += 1;
  const who = await shop.customer(`person-${people}`, '1000');
  if (plan !== null) await shop.subscribed(who, plan);
  return who;
}

async function check(externalId: string, feature: string, quantity: string, subject?: string) {
  const { canConsume } = await shop.run(
    `query ($input: CanConsumeInput!) { canConsume(input: $input) {
      outcome reason limit used upsell { plans { code } }
    } }`,
    { input: { customer: { externalId }, feature, quantity, subject } },
  );
  return canConsume;
}

interface Row {
  readonly of: Aggregation;
  /** The plan: it has 100 of each. */
  readonly by: string;
  /** What was recorded before. */
  readonly before: readonly number[];
  readonly quantity: string;
  readonly used: string;
  /** What is used once the quantity is recorded. */
  readonly after: string;
}

const row = (
  of: Aggregation,
  by: string,
  before: number[],
  quantity: string,
  used: string,
  after: string,
): Row => ({ of, by, before, quantity, used, after });

describe.each<Row>([
  row('MAX', 'period', [60], '61', '60', '61'),
  row('MAX', 'period', [60], '40', '60', '60'),
  row('MAX', 'period', [60], '101', '60', '101'),
  row('MAX', 'hour', [60, 80], '100', '80', '100'),
  row('MAX', 'subject', [60], '61', '60', '61'),
  row('LATEST', 'period', [60], '61', '60', '61'),
  row('LATEST', 'period', [60], '101', '60', '101'),
  row('LATEST', 'period', [60, 150], '90', '150', '90'),
  row('LATEST', 'hour', [60], '100', '60', '100'),
  row('LATEST', 'subject', [60], '100', '60', '100'),
  // The period has 672 hours; the week has 39 left.
  row('TIME_WEIGHTED_SUM', 'period', [], '1', '0', '672'),
  row('TIME_WEIGHTED_SUM', 'period', [], '0.125', '0', '84'),
  row('TIME_WEIGHTED_SUM', 'hour', [], '100', '0', '100'),
  row('TIME_WEIGHTED_SUM', 'hour', [], '101', '0', '101'),
  row('TIME_WEIGHTED_SUM', 'week', [], '2.5', '0', '97.5'),
  row('TIME_WEIGHTED_SUM', 'week', [], '3', '0', '117'),
  row('TIME_WEIGHTED_SUM', 'subject', [], '1', '0', '672'),
  row('SUM', 'period', [60], '40', '60', '100'),
  row('SUM', 'period', [60], '41', '60', '101'),
])(
  '$quantity of $of in a plan by $by, after $before',
  ({ of, by, before, quantity, used, after }) => {
    const isAllowed = Number(after) <= 100;

    it(`is ${isAllowed ? 'allowed' : 'denied'}: recorded, ${after} of 100 would be used`, async () => {
      const type = codeOf(of);
      const subject = by === 'subject' ? 'ann' : undefined;
      const who = await subscriber(by);
      for (const n of before) await shop.use(who, n, { type, subject });
      const outcome = isAllowed ? 'ALLOW' : 'DENY';
      const checked = await check(who, type, quantity, subject);
      expect(checked).toMatchObject({ outcome, limit: '100', used });
      const { __typename } = await shop.use(who, 0, { type, subject, properties: { n: quantity } });
      expect(__typename).toBe('UsageRecorded');
      expect((await check(who, type, '0', subject)).used).toBe(after);
    });
  },
);

it('each quantity of distinct values is of new ones', async () => {
  const who = await subscriber('period');
  for (const user of [1, 1, 2]) await shop.use(who, user, { type: 'unique' });
  expect(await check(who, 'unique', '98')).toMatchObject({ outcome: 'ALLOW', used: '2' });
  expect(await check(who, 'unique', '99')).toMatchObject({ outcome: 'DENY', used: '2' });
});

it('a value that weighs with time is taken for one on top of those before, the most that it may count', async () => {
  const who = await subscriber('period');
  await shop.use(who, 0, { type: 'time_weighted_sum', properties: { n: '0.1' } });
  const tooMuch = await check(who, 'time_weighted_sum', '0.1');
  expect(tooMuch).toMatchObject({ outcome: 'DENY', used: '67.2' });
  expect((await check(who, 'time_weighted_sum', '0.04')).outcome).toBe('ALLOW');
});

describe('a plan of 5000 and of 500 in a day is named as a help', () => {
  it.each([
    ['101', 'latest', 60, true],
    ['501', 'latest', 60, false],
    ['450', 'max', 60, true],
    // For 672 hours; the fifteen that are left of the day are no matter.
    ['7', 'time_weighted_sum', 0, true],
    ['8', 'time_weighted_sum', 0, false],
  ])('for %s of %s after %d: %s', async (quantity, feature, before, isNamed) => {
    const who = await subscriber('period');
    await shop.use(who, before, { type: feature });
    const { reason, upsell } = await check(who, feature, quantity);
    expect([reason, isLargerIn(upsell)]).toEqual(['LIMIT_REACHED', isNamed]);
  });

  it.each([
    // Of a period that would begin now, which has 672 hours as well.
    ['7', true],
    ['8', false],
  ])('for %s where there is no right yet: %s', async (quantity, isNamed) => {
    const who = await subscriber(null);
    const { reason, upsell } = await check(who, 'time_weighted_sum', quantity);
    expect([reason, isLargerIn(upsell)]).toEqual(['NOT_ENTITLED', isNamed]);
  });
});

function isLargerIn({ plans }: { plans: { code: string }[] }): boolean {
  return plans.some(({ code }) => code === 'larger');
}
