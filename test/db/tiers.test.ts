import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TermsFields } from '../../src/catalog/rate-terms.ts';
import { exact, plain, ZERO } from '../../src/kit/decimal.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { openTiers, type Tiers } from './tiers-fixture.ts';

let shop: Tiers;

beforeAll(async () => {
  shop = await openTiers();
});
afterAll(() => shop?.close());

const GRADUATED: TermsFields = {
  model: 'GRADUATED',
  tiers: [
    { upTo: '10', unitAmount: '1' },
    { upTo: '20', unitAmount: '0.5', flatAmount: '2' },
    { unitAmount: '0.125' },
  ],
};

describe('a graduated price', () => {
  test('charges what the tiers say, exactly at each boundary, as events come', async () => {
    const { record, counters } = await shop.sell(GRADUATED);
    await shop.fund('ada', '100');
    const amounts: string[] = [];
    for (const units of [9, 1, 1, 9, 1, 2]) amounts.push(await record('ada', units));
    expect(amounts).toEqual(['9', '1', '2.5', '4.5', '0.125', '0.25']);
    expect(await counters('ada')).toEqual(['23 for 17.375']);
    await shop.expectLaws();
  });

  test('charges one event across several tiers at each of them', async () => {
    const { record, counters } = await shop.sell(GRADUATED);
    await shop.fund('bob', '100');
    expect(await record('bob', 25)).toBe('17.625');
    expect(await counters('bob')).toEqual(['25 for 17.625']);
  });

  test('leaves the counter as it was when the event cannot be paid', async () => {
    const { record, counters } = await shop.sell(GRADUATED);
    await shop.fund('cleo', '5');
    expect(await record('cleo', 4)).toBe('4');
    expect(await record('cleo', 2)).toBe('InsufficientFunds');
    expect(await record('cleo', 1)).toBe('1');
    expect(await counters('cleo')).toEqual(['5 for 5']);
    await shop.expectLaws();
  });

  test('counts each slice of its dimensions by itself', async () => {
    const { record, counters, addRate } = await shop.sell(GRADUATED);
    await addRate({ ...GRADUATED, dimensions: { model: 'large' } });
    await shop.fund('dora', '100');
    expect(await record('dora', 10)).toBe('10');
    expect(await record('dora', 10, { model: 'large' })).toBe('10');
    expect(await record('dora', 1)).toBe('2.5');
    expect(await record('dora', 1, { model: 'large' })).toBe('2.5');
    expect(await counters('dora')).toEqual(['11 for 12.5', '11 for 12.5']);
  });

  test('counts a late event in the month in which it occurred', async () => {
    const { record, counters } = await shop.sell(GRADUATED);
    await shop.fund('emil', '100');
    expect(await record('emil', 10)).toBe('10');
    const lastMonth = new Date('2026-02-20T00:00:00.000Z');
    expect(await record('emil', 1, {}, lastMonth)).toBe('1');
    expect(await record('emil', 1)).toBe('2.5');
    expect(await record('emil', 9, {}, lastMonth)).toBe('9');
    expect(await counters('emil')).toEqual(['10 for 10', '11 for 12.5']);
  });

  test('goes on at the tiers of a rate that begins in the middle of a month', async () => {
    const { record, addRate } = await shop.sell(GRADUATED);
    await shop.fund('fred', '100');
    expect(await record('fred', 15)).toBe('14.5');
    const tiers = [{ upTo: '20', unitAmount: '3' }, { unitAmount: '1' }];
    await addRate({ model: 'GRADUATED', tiers });
    expect(await record('fred', 6)).toBe('16');
    await shop.expectLaws();
  });
});

test('what is included is free for who has no wallet at all, up to the last unit', async () => {
  const { record, counters } = await shop.sell({ unitAmount: '2', includedQuantity: '3' });
  await shop.customer('gina');
  expect(await record('gina', 2)).toBe('0');
  expect(await record('gina', 2)).toBe('InsufficientFunds');
  expect(await record('gina', 1)).toBe('0');
  expect(await counters('gina')).toEqual(['3 for 0']);
  await shop.expectLaws();
});

test('a volume price charges nothing where its total falls, and later what is missing', async () => {
  const tiers = [{ upTo: '10', unitAmount: '1' }, { unitAmount: '0.5' }];
  const { record, counters } = await shop.sell({ model: 'VOLUME', tiers });
  await shop.fund('hugo', '100');
  const amounts: string[] = [];
  for (const units of [10, 1, 9, 1]) amounts.push(await record('hugo', units));
  expect(amounts).toEqual(['10', '0', '0', '0.5']);
  expect(await counters('hugo')).toEqual(['21 for 10.5']);
  await shop.expectLaws();
});

test('what a volume price has charged too much is given back when its month ends, once', async () => {
  const tiers = [{ upTo: '10', unitAmount: '1' }, { unitAmount: '0.5' }];
  const { record, counters } = await shop.sell({ model: 'VOLUME', tiers });
  await shop.fund('nora', '100');
  await record('nora', 10);
  await record('nora', 2);
  const close = () =>
    Promise.all([shop.periodClosing, shop.periodClosing].map((work) => work.run(null)));
  await close();
  expect(await counters('nora')).toEqual(['12 for 10']);
  const start = shop.clock.now();
  shop.clock.set(new Date('2026-04-01T00:00:00.000Z'));
  await close();
  expect(await counters('nora')).toEqual(['12 for 6']);
  expect(await shop.available('nora')).toBe('94');
  await close();
  expect(await shop.available('nora')).toBe('94');
  // Late usage of that month is charged on from what is due.
  expect(await record('nora', 4, {}, start)).toBe('2');
  expect(await counters('nora')).toEqual(['16 for 8']);
  await shop.expectLaws();
  shop.clock.set(start);
});

describe('at the same time, in two processes', () => {
  test('charges add up to the price of the total, whoever is first', async () => {
    const { send, counters } = await shop.sell(GRADUATED);
    const names = ['ida', 'jan'];
    for (const name of names) await shop.fund(name, '1000');
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, (_, at) => send(at, names[at % 2] as string, (at % 5) + 1)),
    );
    expect(outcomes.filter(isRefusal)).toEqual([]);
    const spent = outcomes.map((outcome) =>
      isRefusal(outcome) ? ZERO : (outcome.charges?.[0]?.amount ?? ZERO),
    );
    // 60 events each, of 1, 3, 5, 2, 4 units in turns: 180 units cost 10 + 7 + 160 / 8.
    expect(plain(spent.reduce((sum, amount) => sum + amount, ZERO))).toBe('74');
    for (const name of names) expect(await counters(name)).toEqual(['180 for 37']);
    await shop.expectLaws();
  });

  test('take no more than the wallet has, and count only what was paid', async () => {
    const { send, counters } = await shop.sell(GRADUATED);
    await shop.fund('kim', '15');
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, at) => send(at, 'kim', 1)));
    const paid = outcomes.filter((outcome) => !isRefusal(outcome));
    // Ten at 1, one at 2.5, five at 0.5: 15 in all.
    expect(paid).toHaveLength(16);
    expect(await counters('kim')).toEqual(['16 for 15']);
    await shop.expectLaws();
  });

  test('share what is included exactly, though no wallet orders them', async () => {
    const { send, counters } = await shop.sell({ unitAmount: '1', includedQuantity: '20' });
    await shop.customer('lea');
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, at) => send(at, 'lea', 1)));
    expect(outcomes.filter((outcome) => !isRefusal(outcome))).toHaveLength(20);
    expect(await counters('lea')).toEqual(['20 for 0']);
    await shop.expectLaws();
  });
});

test('a process that remembers a counter notices what another one has counted', async () => {
  const { send, counters } = await shop.sell(GRADUATED);
  await shop.fund('mia', '100');
  const amounts: (string | undefined)[] = [];
  for (const at of [0, 1, 0, 0, 1, 1, 0]) {
    const outcome = await send(at, 'mia', 4);
    amounts.push(
      isRefusal(outcome) ? outcome.refusal : plain(outcome.charges?.[0]?.amount ?? exact(0)),
    );
  }
  expect(amounts).toEqual(['4', '4', '5', '2', '2', '0.5', '0.5']);
  expect(await counters('mia')).toEqual(['28 for 18']);
});
