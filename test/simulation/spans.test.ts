import { afterAll, beforeAll, expect, test } from 'vitest';
import { plain } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { given } from '../laws/laboratory.ts';
import { amountsOf, openSimulationShop, refusalOf, type SimulationShop } from './shop.ts';

let shop: SimulationShop;

const TIERS = [{ upTo: '10', unitAmount: '1' }, { unitAmount: '0.5' }];
const tiered = (metric: string) => ({ metric, model: 'GRADUATED', tiers: TIERS });

beforeAll(async () => {
  shop = await openSimulationShop();
  await shop.metric('calls');
  await shop.draft('pro', [tiered('calls')]);
  await shop.publish('pro');
  await shop.draft('weekly', [tiered('calls')], { interval: 'WEEK' });
  for (const name of ['ada', 'bob', 'cleo']) await shop.customer(name);
});
afterAll(() => shop?.close());

test('counters stand at the beginning of a span where they would have, in the periods that customers had', async () => {
  await shop.at('2026-03-10T12:00:00.000Z');
  await shop.subscribe('ada', 'pro');
  await shop.at('2026-04-20T00:00:00.000Z');
  // In the period from the tenth of March, the first before the span; then in the next one.
  const days = ['2026-03-16T00:00:00Z', '2026-04-02T00:00:00Z', '2026-04-10T12:00:00Z'];
  for (const day of days) await shop.use('ada', 'calls', { n: 10 }, day);
  const customer = { externalId: 'ada' };
  const span = { from: '2026-04-01T00:00:00Z', to: '2026-04-20T00:00:00Z' };
  const same = await shop.simulated({ plan: 'pro', customer, ...span });
  expect(amountsOf(same)).toBe('15 15');
  expect(same.countedFrom).toEqual(new Date('2026-03-10T12:00:00.000Z'));
  expect(same.events).toBe(2);
  // Of a plan by the week the periods begin with the span, so that each event is in one of its own.
  const weekly = await shop.simulated({ plan: 'weekly', customer, ...span });
  expect(amountsOf(weekly)).toBe('15 20');
});

test('usage is counted in the order in which it was recorded, as charges were', async () => {
  await shop.subscribe('bob', 'pro');
  await shop.at('2026-05-10T00:00:00.000Z');
  await shop.use('bob', 'calls', { n: 10 }, '2026-05-05T00:00:00Z');
  await shop.use('bob', 'calls', { n: 10 }, '2026-04-22T00:00:00Z');
  // What occurred first became known last, and was the cheaper part.
  const from = '2026-05-01T00:00:00Z';
  const simulation = await shop.simulated({ plan: 'pro', customer: { externalId: 'bob' }, from });
  expect(amountsOf(simulation)).toBe('10 10');
  expect(simulation.events).toBe(1);
});

test('usage that no card has a price for is counted by reason, and what it took is told', async () => {
  await shop.metric('images');
  await shop.draft('gallery', [{ metric: 'images', unitAmount: '2' }]);
  await shop.publish('gallery');
  await shop.subscribe('cleo', 'gallery');
  const [event] = await shop.use('cleo', 'images', { n: 3 }, '2026-05-10T00:00:00Z');
  await shop.use('cleo', 'images', { n: 4 }, '2026-05-10T00:00:00Z');
  await shop.at('2026-05-11T00:00:00.000Z');
  const ask = { customer: { externalId: 'cleo' }, from: '2026-05-10T00:00:00Z' };
  const simulation = await shop.simulated({ plan: 'pro', ...ask });
  expect(amountsOf(simulation)).toBe('14 0');
  expect(simulation.events).toBe(0);
  expect(simulation.unrated).toMatchObject([
    {
      reason: 'PriceNotFound',
      events: 2,
      examples: [{ refusal: { metricCode: 'images', dimensions: {} } }],
    },
  ]);
  expect(simulation.unrated[0]?.examples).toHaveLength(1);
  expect(event).toMatch(/^event_/);
});

test('what was taken back is neither charged nor simulated', async () => {
  const customer = { externalId: 'cleo' };
  const [event = ''] = await shop.use('cleo', 'images', { n: 100 }, '2026-05-11T00:00:00Z');
  given(await shop.services.usage.correct(shop.viewer, { event }));
  await shop.draft('gallery', [{ metric: 'images', unitAmount: '3' }]);
  await shop.at('2026-05-12T00:00:00.000Z');
  const ask = { plan: 'gallery', customer, from: '2026-05-10T00:00:00Z' };
  const simulation = await shop.simulated(ask);
  expect(amountsOf(simulation)).toBe('14 21');
  expect(simulation.events).toBe(2);
  expect(simulation.totals[0]?.metrics.map(({ quantity }) => plain(quantity))).toEqual(['7']);
});

test('customers on a test clock go by their own times, also ahead of the server', async () => {
  const now = '2030-01-31T00:00:00Z';
  const made = given(await shop.services.clocks.createTestClock(shop.viewer, { name: 'a', now }));
  await shop.customer('dora', { testClock: toTypeId('testClock', made.testClockId) });
  await shop.price('calls', { unitAmount: '1' });
  await shop.use('dora', 'calls', { n: 12 }, '2030-01-15T00:00:00Z');
  const ask = { plan: 'pro', customer: { externalId: 'dora' }, from: '2030-01-01T00:00:00Z' };
  expect(amountsOf(await shop.simulated(ask))).toBe('12 11');
  expect(amountsOf(await shop.simulated({ ...ask, to: now }))).toBe('12 11');
  const later = await shop.simulate({ ...ask, to: '2030-01-31T00:00:01Z' });
  expect(refusalOf(later)).toBe('to OUT_OF_RANGE');
});
