import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreateBillableMetricInput } from '../../src/catalog/metric.ts';
import { plain } from '../../src/kit/decimal.ts';
import { amountsOf, MARCH, openSimulationShop, type SimulationShop } from './shop.ts';

let shop: SimulationShop;
let cases = 0;

beforeAll(async () => {
  shop = await openSimulationShop();
  shop.clock.set(new Date('2026-04-01T00:00:00.000Z'));
});
afterAll(() => shop?.close());

const TIERS = [
  { upTo: '10', unitAmount: '1' },
  { upTo: '20', unitAmount: '0.5', flatAmount: '2' },
  { unitAmount: '0.125' },
];
const FALLING = [{ upTo: '10', unitAmount: '1' }, { unitAmount: '0.5' }];

interface Case {
  readonly is: string;
  readonly terms: object;
  /** What was used, an hour after the other. */
  readonly used: readonly unknown[];
  /** Worked out by hand. */
  readonly cost: string;
  readonly counts?: Partial<CreateBillableMetricInput>;
}

const CASES: readonly Case[] = [
  { is: 'per unit', terms: { unitAmount: '0.5' }, used: [3, 4], cost: '3.5' },
  // One begun package of ten, then two.
  { is: 'packages', terms: { unitAmount: '3', packageSize: '10' }, used: [3, 12], cost: '9' },
  // 10 at 1, then 2 once and 10 at 0.5, then 3 at 0.125.
  {
    is: 'graduated tiers',
    terms: { model: 'GRADUATED', tiers: TIERS },
    used: [9, 1, 1, 9, 1, 2],
    cost: '17.375',
  },
  // 10 were charged, and 12 at 0.5 are 6: 4 come back at the end of the month.
  {
    is: 'volume tiers',
    terms: { model: 'VOLUME', tiers: FALLING },
    used: [10, 2],
    cost: '6',
  },
  // 0.59, 3.2, and 0.329 is raised to 0.5.
  {
    is: 'a percentage',
    terms: { model: 'PERCENTAGE', percent: '2.9', fixedAmount: '0.3', minimumAmount: '0.5' },
    used: [10, 100, 1],
    cost: '4.29',
  },
  { is: 'given amounts', terms: { model: 'GIVEN' }, used: ['1.25', 2], cost: '3.25' },
  {
    is: 'flat amounts',
    terms: { model: 'FLAT', flatAmount: '0.25' },
    used: [1, 7, 2],
    cost: '0.75',
  },
  // Four, of which three are included.
  {
    is: 'an included quantity',
    terms: { unitAmount: '2', includedQuantity: '3' },
    used: [2, 2],
    cost: '2',
  },
  {
    is: 'the largest value',
    terms: { unitAmount: '1' },
    counts: { aggregation: 'MAX' },
    used: [5, 3, 8],
    cost: '8',
  },
  {
    is: 'distinct values',
    terms: { unitAmount: '1.5' },
    counts: { aggregation: 'UNIQUE' },
    used: ['a', 'b', 'a'],
    cost: '3',
  },
  // 5, 9 and in the end 3: 9 were charged, 6 come back.
  {
    is: 'the latest value',
    terms: { unitAmount: '1' },
    counts: { aggregation: 'LATEST' },
    used: [5, 9, 3],
    cost: '3',
  },
  // 2 for an hour, 4 for an hour, then nothing: 6 hours.
  {
    is: 'values by their time',
    terms: { unitAmount: '0.5' },
    counts: { aggregation: 'TIME_WEIGHTED_SUM' },
    used: [2, 4, 0],
    cost: '3',
  },
];

test.each(CASES)('$is cost on a draft what was worked out by hand', async (each) => {
  cases += 1;
  const metric = `metric-${cases}`;
  await shop.metric(metric, each.counts);
  await shop.price(metric, { unitAmount: '0' });
  await shop.customer(metric);
  const at = (hour: number) => new Date(Date.UTC(2026, 2, 9, hour)).toISOString();
  await shop.record(each.used.map((n, hour) => shop.event(metric, metric, { n }, at(hour))));
  await shop.draft(metric, [{ metric, ...each.terms }]);
  const simulation = await shop.simulated({
    plan: metric,
    customer: { externalId: metric },
    ...MARCH,
  });
  expect(amountsOf(simulation)).toBe(`0 ${each.cost}`);
  expect(simulation).toMatchObject({ events: each.used.length, unrated: [] });
});

test('what falls is given back only when its period has ended in the span', async () => {
  await shop.metric('falling');
  await shop.price('falling', { unitAmount: '0' });
  await shop.customer('falling');
  for (const n of [10, 2]) await shop.use('falling', 'falling', { n }, '2026-03-09T00:00:00Z');
  await shop.draft('falling', [{ metric: 'falling', model: 'VOLUME', tiers: FALLING }]);
  const ask = { plan: 'falling', customer: { externalId: 'falling' }, from: MARCH.from };
  expect(amountsOf(await shop.simulated({ ...ask, to: '2026-03-31T23:59:59Z' }))).toBe('0 10');
  expect(amountsOf(await shop.simulated({ ...ask, to: MARCH.to }))).toBe('0 6');
});

describe('what the plan has no price for', () => {
  test('costs what the default card says, with the counters of the calendar month', async () => {
    await shop.metric('elsewhere');
    await shop.price('elsewhere', { unitAmount: '2', includedQuantity: '3' });
    await shop.customer('elsewhere');
    // The first three units are before the span, and they were the included ones.
    await shop.use('elsewhere', 'elsewhere', { n: 3 }, '2026-03-02T00:00:00Z');
    await shop.use('elsewhere', 'elsewhere', { n: 4 }, '2026-03-09T00:00:00Z');
    const simulation = await shop.simulated({
      plan: 'falling',
      customer: { externalId: 'elsewhere' },
      from: '2026-03-08T00:00:00Z',
      to: MARCH.to,
    });
    expect(amountsOf(simulation)).toBe('8 8');
    expect(simulation.events).toBe(1);
    expect(simulation.countedFrom).toEqual(new Date(MARCH.from));
  });

  test('is told when no card has any, by reason, with the first of each kind', async () => {
    await shop.metric('sized');
    await shop.price('sized', { unitAmount: '1', dimensions: { size: 's' } });
    await shop.price('sized', { unitAmount: '1', dimensions: { size: 'm' } });
    await shop.customer('sized');
    const at = '2026-03-09T00:00:00Z';
    const [, first] = await shop.record(
      ['s', 'm', 'm'].map((size) => shop.event('sized', 'sized', { n: 1, size }, at)),
    );
    // An amount is needed of each event, and none of them has one.
    const prices = [
      { metric: 'sized', model: 'GIVEN', property: 'amount', dimensions: { size: 'm' } },
    ];
    await shop.draft('sized', prices);
    const simulation = await shop.simulated({
      plan: 'sized',
      customer: { externalId: 'sized' },
      ...MARCH,
    });
    expect(amountsOf(simulation)).toBe('3 1');
    expect(simulation.events).toBe(1);
    const [unrated, ...others] = simulation.unrated;
    expect(others).toEqual([]);
    expect(unrated).toMatchObject({ reason: 'Invalid', events: 2 });
    expect(unrated?.examples).toHaveLength(1);
    expect(first).toMatch(/^event_/);
    expect(unrated?.examples[0]?.refusal).toMatchObject({
      issues: [{ path: 'properties.amount', code: 'REQUIRED' }],
    });
  });
});

test('each event is counted where it occurred, and only those of the span are asked about', async () => {
  await shop.metric('late');
  await shop.price('late', { unitAmount: '1' });
  await shop.customer('late');
  await shop.draft('late', [{ metric: 'late', unitAmount: '3', includedQuantity: '5' }]);
  // Recorded in the order of a late event: what occurred in March counts first, for it was known first.
  const days = ['2026-03-31T12:00:00Z', '2026-04-01T00:00:00Z', '2026-03-01T00:00:00Z'];
  await shop.record(days.map((at) => shop.event('late', 'late', { n: 4 }, at)));
  const customer = { externalId: 'late' };
  const march = await shop.simulated({ plan: 'late', customer, ...MARCH });
  // Eight in March, of which five are included.
  expect(amountsOf(march)).toBe('8 9');
  shop.clock.set(new Date('2026-04-02T00:00:00.000Z'));
  const april = await shop.simulated({ plan: 'late', customer, from: MARCH.to });
  expect(amountsOf(april)).toBe('4 0');
  expect(plain(april.totals[0]?.metrics[0]?.quantity ?? 0n)).toBe('4');
  shop.clock.set(new Date('2026-04-01T00:00:00.000Z'));
});
