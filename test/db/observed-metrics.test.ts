import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../src/kit/clock.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { openTiers, type Tiers } from './tiers-fixture.ts';

let shop: Tiers;

beforeAll(async () => {
  shop = await openTiers();
});
afterAll(() => shop?.close());

/** The laboratory's month has 744 hours, and its clock stands at the beginning of it. */
const START = new Date('2026-03-01T00:00:00.000Z');
const at = (hours: number) => new Date(START.getTime() + hours * HOUR_MS);

describe('the largest value of a month', () => {
  test('is charged as it is raised, in whatever order the values come', async () => {
    const { record, counters } = await shop.sell({ unitAmount: '2' }, { aggregation: 'MAX' });
    await shop.fund('ada', '100');
    const amounts: string[] = [];
    for (const units of [3, 2, 5, 5, '5.5']) amounts.push(await record('ada', units));
    expect(amounts).toEqual(['6', '0', '4', '0', '1']);
    expect(await counters('ada')).toEqual(['5.5 for 11']);
    await shop.expectLaws();
  });

  test('goes through tiers', async () => {
    const tiers = [{ upTo: '10', unitAmount: '0' }, { unitAmount: '1' }];
    const counts = { aggregation: 'MAX' } as const;
    const { record } = await shop.sell({ model: 'GRADUATED', tiers }, counts);
    await shop.fund('bob', '100');
    expect(await record('bob', 8)).toBe('0');
    expect(await record('bob', 12)).toBe('2');
    await shop.expectLaws();
  });
});

describe('distinct values', () => {
  test('count once each, also within one batch', async () => {
    const { record, counters } = await shop.sell({ unitAmount: '1' }, { aggregation: 'UNIQUE' });
    await shop.fund('cleo', '100');
    const amounts: string[] = [];
    for (const user of ['u1', 'u2', 'u1', 7, '7', true]) amounts.push(await record('cleo', user));
    expect(amounts).toEqual(['1', '1', '0', '1', '0', '1']);
    expect(await counters('cleo')).toEqual(['4 for 4']);
    await shop.expectLaws();
  });

  test('count once each in two processes at the same time', async () => {
    const { send, counters } = await shop.sell({ unitAmount: '1' }, { aggregation: 'UNIQUE' });
    await shop.fund('dora', '100');
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_, index) => send(index, 'dora', `user ${index % 8}`)),
    );
    expect(outcomes.filter(isRefusal)).toEqual([]);
    expect(await counters('dora')).toEqual(['8 for 8']);
    await shop.expectLaws();
  });

  test('are those of a month', async () => {
    const { record, counters } = await shop.sell({ unitAmount: '1' }, { aggregation: 'UNIQUE' });
    await shop.fund('emil', '100');
    expect(await record('emil', 'u1')).toBe('1');
    expect(await record('emil', 'u1', {}, at(-24))).toBe('1');
    expect(await record('emil', 'u1', {}, at(-48))).toBe('0');
    expect(await counters('emil')).toEqual(['1 for 1', '1 for 1']);
  });
});

describe('the latest value of a month', () => {
  test('is charged as it rises, given back by no charge, and not changed by what comes late', async () => {
    shop.clock.set(at(10));
    const { record, counters } = await shop.sell({ unitAmount: '1' }, { aggregation: 'LATEST' });
    await shop.fund('fred', '100');
    expect(await record('fred', 5, {}, at(2))).toBe('5');
    expect(await record('fred', 3, {}, at(4))).toBe('0');
    expect(await record('fred', 9, {}, at(3))).toBe('0');
    // 5 were charged already, so 4 of the 7 that are now due.
    expect(await counters('fred')).toEqual(['3 for 5']);
    expect(await record('fred', 7, {}, at(5))).toBe('2');
    expect(await record('fred', 0, {}, at(6))).toBe('0');
    expect(await counters('fred')).toEqual(['0 for 7']);
    await shop.expectLaws();
  });
});

describe('a sum weighted with time', () => {
  test('counts a value for the hours until the next one, ahead to the end of the month', async () => {
    shop.clock.set(at(200));
    const weighted = { aggregation: 'TIME_WEIGHTED_SUM' } as const;
    const { record, counters } = await shop.sell({ unitAmount: '0.01' }, weighted);
    await shop.fund('gina', '1000');
    // 2 from the beginning: 1488 hours of one. 5 from hour 100 on: 3 more for 644 hours.
    expect(await record('gina', 2, {}, at(0))).toBe('14.88');
    expect(await record('gina', 5, {}, at(100))).toBe('19.32');
    // None from hour 150 on: 594 hours of 5 less, which cost nothing.
    expect(await record('gina', 0, {}, at(150))).toBe('0');
    expect(await counters('gina')).toEqual(['450 for 34.2']);
    // Late: 4 instead of 2 between hours 50 and 100.
    expect(await record('gina', 4, {}, at(50))).toBe('0');
    expect(await counters('gina')).toEqual(['550 for 34.2']);
    await shop.expectLaws();
  });

  test('counts the same in any order, and in two processes', async () => {
    shop.clock.set(at(200));
    const weighted = { aggregation: 'TIME_WEIGHTED_SUM' } as const;
    const { send, counters } = await shop.sell({ unitAmount: '0' }, weighted);
    await shop.customer('hugo');
    const values = [7, 0, 3, 11, 2, 5, 1, 9];
    const outcomes = await Promise.all(
      values.map((value, index) =>
        send(index, 'hugo', value, {}, at(((index * 3) % 8) * 10 + 0.7)),
      ),
    );
    expect(outcomes.filter(isRefusal)).toEqual([]);
    // By hour: 7 3(30) 2(60->... each holds for ten hours, the one at hour 70.7 to the end of the month.
    const byHour = values.map((value, index) => [((index * 3) % 8) * 10, value] as const);
    const sorted = byHour.sort(([a], [b]) => a - b).map(([, value]) => value);
    const last = sorted.at(-1) ?? 0;
    const expected = sorted.slice(0, -1).reduce((sum, value) => sum + value * 10, 0);
    const total = expected + last * (744 - 70.7);
    expect(await counters('hugo')).toEqual([`${Number(total.toFixed(6))} for 0`]);
    await shop.expectLaws();
  });
});

describe('units', () => {
  test.each([
    ['NONE', 90, '1.5'],
    ['CEILING', 61, '2'],
    ['CEILING', 60, '1'],
    ['FLOOR', 119, '1'],
    ['FLOOR', 59, 'nothing'],
    ['HALF_UP', 90, '2'],
    ['HALF_UP', 89, '1'],
  ] as const)('of 60, %s of %i, count %s', async (rounding, seconds, expected) => {
    const conversion = { divide: '60', rounding };
    const { send } = await shop.sell({ unitAmount: '0' }, { conversion });
    await shop.customer('ida');
    const outcome = await send(0, 'ida', seconds);
    const [charge] = isRefusal(outcome) ? [] : (outcome.charges ?? []);
    expect(charge ? String(Number(charge.quantity) / 1e12) : 'nothing').toBe(expected);
  });

  test('are multiplied before they are divided', async () => {
    const conversion = { multiply: '8', divide: '1000000', rounding: 'CEILING' } as const;
    const { record } = await shop.sell({ unitAmount: '1' }, { conversion });
    await shop.fund('jan', '10');
    expect(await record('jan', 125_000)).toBe('1');
    expect(await record('jan', 125_001)).toBe('2');
    await shop.expectLaws();
  });
});

test('a metric counts only what lies in a range', async () => {
  const filter = [{ property: 'size', range: { gte: '10', lt: '100' } }];
  const { record } = await shop.sell({ unitAmount: '1' }, { filter });
  await shop.fund('kim', '10');
  const amounts: string[] = [];
  for (const size of ['9.99', 10, '99.999', 100, 'large', null, -50]) {
    amounts.push(await record('kim', 1, { size }));
  }
  expect(amounts).toEqual(['0', '1', '1', '0', '0', '0', '0']);
  await shop.expectLaws();
});
