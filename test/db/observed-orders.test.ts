import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR_MS } from '../../src/kit/clock.ts';
import { type Exact, exact, max, ONE, plain, timesHours, ZERO } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import type { Reading } from '../../src/metering/counter.ts';
import type { Observation } from '../../src/metering/observe.ts';
import { given } from '../laws/laboratory.ts';
import { openTiers, type Tiers } from './tiers-fixture.ts';

const START_MS = Date.UTC(2026, 2);
const END_MS = Date.UTC(2026, 3);

let shop: Tiers;

beforeAll(async () => {
  shop = await openTiers();
  shop.clock.set(new Date(START_MS + 300 * HOUR_MS));
});
afterAll(() => shop?.close());

interface StoredReading extends Reading {
  readonly key: string | null;
}

/** What all the readings of a counter come to, in their order, however many there are. */
function totalOf(aggregation: Observation, readings: readonly StoredReading[]): Exact {
  switch (aggregation) {
    case 'MAX':
      return readings.reduce((most, { value }) => max(most, value), ZERO);
    case 'UNIQUE':
      return BigInt(new Set(readings.map(({ key }) => key)).size) * ONE;
    case 'LATEST':
      return readings.at(-1)?.value ?? ZERO;
    case 'TIME_WEIGHTED_SUM':
      return readings.reduce((sum, { at, value }, index) => {
        const untilMs = readings[index + 1]?.at.getTime() ?? END_MS;
        return sum + timesHours(value, untilMs - at.getTime());
      }, ZERO);
  }
}

/** Few values at few instants, some of them a millisecond apart, so that they often meet. */
const value = fc.record({
  units: fc.integer({ min: 0, max: 6 }),
  hour: fc.integer({ min: 0, max: 4 }),
  ms: fc.integer({ min: 0, max: 1 }),
  isTakenBack: fc.boolean(),
});
type Value = typeof value extends fc.Arbitrary<infer V> ? V : never;

/** Those of a group are on their way together: in one batch, or in those of two processes. */
const groups = fc.array(fc.array(value, { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 5,
});

/** All the readings of a customer, who has said something of one counter. */
async function readingsOf(name: string): Promise<StoredReading[]> {
  const { prisma } = shop.db;
  const { id } = await prisma.customer.findFirstOrThrow({ where: { externalId: name } });
  const rows = await prisma.usageReading.findMany({
    where: { customerId: id },
    orderBy: [{ occurredAt: 'asc' }, { rank: 'asc' }],
  });
  return rows.map((row) => ({ at: row.occurredAt, value: exact(row.value), key: row.key }));
}

test.each(['MAX', 'UNIQUE', 'LATEST', 'TIME_WEIGHTED_SUM'] as const)(
  'in any order, and taken back in any, %s is what all that is left comes to',
  async (aggregation) => {
    const sold = await shop.sell({ unitAmount: '0.01' }, { aggregation });
    let customers = 0;

    async function record(name: string, { units, hour, ms }: Value, at: number) {
      const occurredAt = new Date(START_MS + hour * HOUR_MS + ms);
      return given(await sold.send(at, name, units, {}, occurredAt)).event.id;
    }

    async function expectTotal(name: string): Promise<void> {
      const total = plain(totalOf(aggregation, await readingsOf(name)));
      // Of a largest value nothing is no reading: there may be no counter.
      const [counter = '0 for 0'] = await sold.counters(name);
      expect(counter.split(' for ')[0]).toBe(total);
    }

    await fc.assert(
      fc.asyncProperty(groups, async (list) => {
        customers += 1;
        const name = `${aggregation} ${customers}`;
        await shop.fund(name, '1000');
        for (const group of list) {
          const ids = await Promise.all(group.map((one, at) => record(name, one, at)));
          await expectTotal(name);
          for (const [index, { isTakenBack }] of group.entries()) {
            if (!isTakenBack) continue;
            const event = toTypeId('usageEvent', ids[index] ?? '');
            given(await shop.processOf(index).usage.correct(shop.viewer, { event }));
            await expectTotal(name);
          }
        }
      }),
      { numRuns: 12 },
    );
    await shop.expectLaws();
  },
  60_000,
);
