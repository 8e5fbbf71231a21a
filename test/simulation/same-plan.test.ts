import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plain } from '../../src/kit/decimal.ts';
import { given } from '../laws/laboratory.ts';
import { amountsOf, openSimulationShop, type SimulationShop } from './shop.ts';

// Who is simulated on the plan that it was on all the time costs what it cost.

let shop: SimulationShop;

/** A period that is no calendar month, in a zone that changes its clocks in it. */
const START = '2026-03-09T10:00:00.000Z';
const END = '2026-04-09T09:00:00.000Z';

const TIERS = [
  { upTo: '10', unitAmount: '1.0005' },
  { upTo: '40', unitAmount: '0.3335', flatAmount: '2' },
  { unitAmount: '0.0125' },
];
/** All that may be sold on a plan, a metric each. */
const PRICES = [
  { metric: 'unit', unitAmount: '0.0335' },
  { metric: 'package', unitAmount: '1.25', packageSize: '7' },
  { metric: 'graduated', model: 'GRADUATED', tiers: TIERS },
  { metric: 'packed', model: 'GRADUATED', tiers: TIERS, packageSize: '3' },
  { metric: 'volume', model: 'VOLUME', tiers: TIERS },
  { metric: 'included', unitAmount: '0.5', includedQuantity: '25' },
  { metric: 'percentage', model: 'PERCENTAGE', percent: '2.9', fixedAmount: '0.3' },
  { metric: 'largest', model: 'VOLUME', tiers: TIERS },
  { metric: 'latest', model: 'GRADUATED', tiers: TIERS },
  { metric: 'timed', unitAmount: '0.0015' },
  { metric: 'distinct', model: 'GRADUATED', tiers: TIERS },
];
const METRICS = [...PRICES.map(({ metric }) => metric), 'elsewhere'];
const AGGREGATIONS = {
  largest: 'MAX',
  latest: 'LATEST',
  timed: 'TIME_WEIGHTED_SUM',
  distinct: 'UNIQUE',
} as const;

beforeAll(async () => {
  shop = await openSimulationShop();
  for (const metric of METRICS) {
    const aggregation = AGGREGATIONS[metric as keyof typeof AGGREGATIONS] ?? 'SUM';
    await shop.metric(metric, { aggregation });
  }
  await shop.price('elsewhere', { model: 'VOLUME', tiers: TIERS });
  await shop.draft('pro', PRICES);
  await shop.publish('pro');
  shop.clock.set(new Date(START));
});
afterAll(() => shop?.close());

const LENGTH_MS = Date.parse(END) - Date.parse(START);
const used = fc.record({
  metric: fc.constantFrom(...METRICS),
  milli: fc.integer({ min: 1, max: 30_000 }),
  afterMs: fc.integer({ min: 0, max: LENGTH_MS - 1 }),
  // One in six.
  isCorrected: fc.integer({ min: 1, max: 6 }).map((die) => die === 6),
});
/**
 * Taking back what made all units cheaper, or a value lower than the one before it, would cost more, and a correction
 * charges nobody.
 */
const KEPT = ['volume', 'elsewhere', 'largest', 'timed', 'latest'];
const usage = fc.array(
  used.map((one) => ({ ...one, isCorrected: one.isCorrected && !KEPT.includes(one.metric) })),
  { minLength: 1, maxLength: 60 },
);

test('whatever was used, in whatever order it became known, and whatever of it was taken back', {
  timeout: 180_000,
}, async () => {
  // All subscribe at once, so that time has to pass only once.
  const generated = fc.sample(usage, { numRuns: 15, seed: seedOf() });
  const names = generated.map((_, at) => `customer-${at}`);
  for (const name of names) {
    await shop.customer(name);
    const customerId = given(
      await shop.services.customers.resolveCustomer(shop.viewer, { externalId: name }),
    );
    const input = { plan: 'pro', timeZone: 'Europe/Berlin' };
    given(await shop.services.subscriptions.createSubscription(shop.viewer, customerId, input));
  }
  shop.clock.set(new Date(Date.parse(END) - 1));
  for (const [at, events] of generated.entries()) {
    const ids = await shop.record(
      events.map(({ metric, milli, afterMs }) => {
        const occurredAt = new Date(Date.parse(START) + afterMs).toISOString();
        return shop.event(
          names[at] ?? '',
          metric,
          { n: plain(BigInt(milli) * 10n ** 9n) },
          occurredAt,
        );
      }),
    );
    for (const [index, { isCorrected }] of events.entries()) {
      if (!isCorrected) continue;
      given(await shop.services.usage.correct(shop.viewer, { event: ids[index] ?? '' }));
    }
  }
  // What is counted in calendar months is over then, too.
  await shop.at('2026-05-01T00:00:00.000Z');
  for (const [at, name] of names.entries()) {
    const ask = { plan: 'pro', customer: { externalId: name }, from: START };
    const simulation = await shop.simulated({ ...ask, to: '2026-05-01T00:00:00Z' });
    const differences = simulation.totals
      .flatMap(({ metrics }) => metrics)
      .map(({ actual, simulated }) => plain(simulated - actual));
    expect(differences, JSON.stringify(generated[at])).toEqual(differences.map(() => '0'));
    expect(simulation.unrated).toEqual([]);
    const counting = generated[at]?.filter(({ isCorrected }) => !isCorrected);
    expect(simulation.events).toBe(counting?.length);
  }
  const all = await shop.simulated({ plan: 'pro', from: START });
  const [actual, simulated] = amountsOf(all).split(' ');
  expect(simulated).toBe(actual);
  expect(actual).not.toBe('0');
});

function seedOf(): number {
  const seed = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`The simulation of the same plan runs with DRAWDOWN_SEED=${seed}`);
  return seed;
}
