import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/kit/clock.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { given } from '../laws/laboratory.ts';
import { openTiers, type Tiers } from './tiers-fixture.ts';

let shop: Tiers;

beforeAll(async () => {
  shop = await openTiers();
});
afterAll(() => shop?.close());

type Sold = Awaited<ReturnType<Tiers['sell']>>;

/** Records usage and answers how to take it back. */
async function record(sold: Sold, name: string, units: unknown, occurredAt?: Date) {
  const outcome = given(await sold.send(0, name, units, {}, occurredAt));
  const event = toTypeId('usageEvent', outcome.event.id);
  const { usage } = shop.services;
  return { takeBack: () => usage.correct(shop.viewer, { event }), event };
}

/** What a wallet has: its balance and debt, then each grant's remainder in the order of creation. */
async function walletOf(name: string): Promise<string> {
  const wallet = await shop.db.prisma.wallet.findFirstOrThrow({
    where: { customer: { externalId: name } },
    include: { grants: { orderBy: { id: 'asc' } } },
  });
  const grants = wallet.grants.map(({ remaining }) => remaining.toFixed()).join(' + ');
  return `${wallet.balance.toFixed()} less ${wallet.debt.toFixed()}: ${grants}`;
}

const TIERS = {
  model: 'GRADUATED',
  tiers: [
    { upTo: '10', unitAmount: '1' },
    { upTo: '20', unitAmount: '0.5' },
    { unitAmount: '0.125' },
  ],
} as const;

describe('usage that is taken back', () => {
  test('is given back to the grants it was drawn from, once', async () => {
    const sold = await shop.sell({ unitAmount: '1' });
    await shop.fund('ada', '3', { purpose: 'PROMOTIONAL', priority: 0 });
    await shop.fund('ada', '10');
    const first = await record(sold, 'ada', 5);
    expect(await walletOf('ada')).toBe('8 less 0: 0 + 8');
    expect(given(await first.takeBack()).created).toBe(true);
    expect(await walletOf('ada')).toBe('13 less 0: 3 + 10');
    expect(given(await first.takeBack()).created).toBe(false);
    expect(await walletOf('ada')).toBe('13 less 0: 3 + 10');
    await record(sold, 'ada', 4);
    expect(await walletOf('ada')).toBe('9 less 0: 0 + 9');
    await shop.expectLaws();
  });

  test('is given back for what it counts now: the last units of the total', async () => {
    const sold = await shop.sell(TIERS);
    await shop.fund('bob', '100');
    const first = await record(sold, 'bob', 10);
    await record(sold, 'bob', 15);
    expect(await sold.counters('bob')).toEqual(['25 for 15.625']);
    given(await first.takeBack());
    // 15 units are 12.5 now: 3.125 come back, and the counter goes on from there.
    expect(await sold.counters('bob')).toEqual(['15 for 12.5']);
    expect(await walletOf('bob')).toBe('87.5 less 0: 87.5');
    expect(await sold.record('bob', 5)).toBe('2.5');
    await shop.expectLaws();
  });

  test('frees what was included, and gives back what others paid for it', async () => {
    const sold = await shop.sell({ unitAmount: '1', includedQuantity: '10' });
    await shop.fund('cleo', '4', { purpose: 'PROMOTIONAL', priority: 0 });
    await shop.fund('cleo', '10');
    const free = await record(sold, 'cleo', 8);
    await record(sold, 'cleo', 8);
    expect(await walletOf('cleo')).toBe('8 less 0: 0 + 8');
    given(await free.takeBack());
    expect(await walletOf('cleo')).toBe('14 less 0: 4 + 10');
    expect(await sold.counters('cleo')).toEqual(['8 for 0']);
    await shop.expectLaws();
  });

  test('pays a debt first, and what made a debt that was repaid becomes a grant', async () => {
    const sold = await shop.sell({ unitAmount: '1' });
    await shop.fund('dora', '5');
    await shop.arrears('dora');
    const deep = await record(sold, 'dora', 12);
    expect(await walletOf('dora')).toBe('-7 less 7: 0');
    const more = await record(sold, 'dora', 1);
    given(await more.takeBack());
    expect(await walletOf('dora')).toBe('-7 less 7: 0');
    await shop.fund('dora', '9');
    expect(await walletOf('dora')).toBe('2 less 0: 0 + 2');
    given(await deep.takeBack());
    expect(await walletOf('dora')).toBe('14 less 0: 5 + 2 + 7');
    await shop.expectLaws();
  });

  test('gives a grant that has expired meanwhile to breakage, as if it had not been drawn', async () => {
    const sold = await shop.sell({ unitAmount: '1' });
    const expiresAt = new Date(shop.clock.now().getTime() + HOUR_MS).toISOString();
    await shop.fund('emil', '6', { expiresAt });
    const used = await record(sold, 'emil', 5);
    shop.clock.advance(2 * DAY_MS);
    await shop.services.ledger.applyTransitions();
    expect(await walletOf('emil')).toBe('0 less 0: 0');
    given(await used.takeBack());
    expect(await walletOf('emil')).toBe('5 less 0: 5');
    await shop.services.ledger.applyTransitions();
    expect(await walletOf('emil')).toBe('0 less 0: 0');
    await shop.expectLaws();
  });

  test('leaves the others: the largest, the distinct and the latest of what is left', async () => {
    await shop.fund('fred', '1000');
    const sell = (aggregation: 'MAX' | 'UNIQUE' | 'LATEST' | 'TIME_WEIGHTED_SUM') =>
      shop.sell({ unitAmount: '1' }, { aggregation });
    const largest = await sell('MAX');
    await record(largest, 'fred', 3);
    const peak = await record(largest, 'fred', 8);
    await record(largest, 'fred', 5);
    given(await peak.takeBack());
    expect(await largest.counters('fred')).toEqual(['5 for 5']);

    const distinct = await sell('UNIQUE');
    const once = await record(distinct, 'fred', 'u1');
    const again = await record(distinct, 'fred', 'u1');
    given(await once.takeBack());
    expect(await distinct.counters('fred')).toEqual(['1 for 1']);
    given(await again.takeBack());
    expect(await distinct.counters('fred')).toEqual(['0 for 0']);
    expect(await distinct.record('fred', 'u1')).toBe('1');

    const latest = await sell('LATEST');
    const early = new Date(shop.clock.now().getTime() - HOUR_MS);
    await record(latest, 'fred', 4, early);
    const last = await record(latest, 'fred', 6);
    given(await last.takeBack());
    expect(await latest.counters('fred')).toEqual(['4 for 4']);

    const start = new Date('2026-03-01T00:00:00.000Z');
    const weighted = await sell('TIME_WEIGHTED_SUM');
    const seats = await record(weighted, 'fred', 1, start);
    await record(weighted, 'fred', 0, new Date(start.getTime() + 4 * HOUR_MS));
    expect(await weighted.counters('fred')).toEqual(['4 for 744']);
    given(await seats.takeBack());
    expect(await weighted.counters('fred')).toEqual(['0 for 0']);
    await shop.expectLaws();
  });

  test('is taken back once by whoever is first, while other usage is charged', async () => {
    const sold = await shop.sell(TIERS);
    await shop.fund('gina', '1000');
    const events = await Promise.all([4, 8, 12, 16].map((units) => record(sold, 'gina', units)));
    const corrections = events.flatMap(({ event }) =>
      [0, 1, 2].map((at) => shop.processOf(at).usage.correct(shop.viewer, { event })),
    );
    const charges = Array.from({ length: 40 }, (_, at) => sold.send(at, 'gina', 1));
    const outcomes = (await Promise.all(corrections)).map(given);
    expect(outcomes.filter(({ created }) => created)).toHaveLength(4);
    expect((await Promise.all(charges)).filter(isRefusal)).toEqual([]);
    // 40 units: 10 + 5 + 20 / 8.
    expect(await sold.counters('gina')).toEqual(['40 for 17.5']);
    expect(await walletOf('gina')).toBe('982.5 less 0: 982.5');
    await shop.expectLaws();
  });

  test('of nobody is not found', async () => {
    const event = toTypeId('usageEvent', '01890000-0000-7000-8000-000000000000');
    for (const given of [event, 'nothing', '']) {
      expect(await shop.services.usage.correct(shop.viewer, { event: given })).toMatchObject({
        refusal: 'NotFound',
        path: 'event',
      });
    }
  });
});
