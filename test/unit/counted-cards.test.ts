import { describe, expect, it } from 'vitest';
import { countedCards, type Holding } from '../../src/subscriptions/counted-cards.ts';

const day = (number: number) => new Date(Date.UTC(2026, 3, number));
const APRIL = { start: day(1), end: day(31) };

function holding(
  subscriptionId: string,
  [from, until]: [number, number | null],
  cards: string[] = [],
  more: Partial<Holding> = {},
): Holding {
  const [start, end] = [day(from), until === null ? null : day(until)];
  const hasPrices = cards.length > 0;
  return { subscriptionId, from: start, until: end, cards, owesFrom: start, hasPrices, ...more };
}

/** `card from-until` in days of April. */
function countedOf(subscriptionId: string, holdings: Holding[], within = APRIL): string[] {
  return countedCards(subscriptionId, within, holdings, 'default').map(
    ({ card, start, end }) =>
      `${card} ${start.getUTCDate()}-${end.getUTCDate() + (end > day(30) ? 30 : 0)}`,
  );
}

describe('the card of a plan', () => {
  it('counts for who had it, until somebody else has it', () => {
    const holdings = [
      holding('a', [1, 11], ['pro']),
      holding('a', [11, null], ['max']),
      holding('b', [15, null], ['pro']),
    ];
    expect(countedOf('a', holdings)).toContain('pro 1-15');
    expect(countedOf('a', holdings)).toContain('max 11-31');
    expect(countedOf('b', holdings)).toContain('pro 15-31');
  });

  it('counts beside that of a contract', () => {
    const holdings = [holding('a', [1, 21], ['pro']), holding('a', [21, null], ['own', 'pro'])];
    const counted = countedOf('a', holdings);
    expect(counted.filter((each) => each.startsWith('pro'))).toEqual(['pro 1-21', 'pro 21-31']);
    expect(counted).toContain('own 21-31');
  });
});

describe('the default card', () => {
  const ofDefault = (subscriptionId: string, holdings: Holding[]) =>
    countedOf(subscriptionId, holdings).filter((each) => each.startsWith('default'));

  it('counts for the only one, also while it was on something without a minimum', () => {
    const left = [holding('a', [1, 11]), holding('a', [11, null], [], { owesFrom: null })];
    expect(ofDefault('a', left)).toEqual(['default 1-11', 'default 11-31']);
    const came = [holding('a', [1, 11], [], { owesFrom: null }), holding('a', [11, null])];
    expect(ofDefault('a', came)).toEqual(['default 1-11', 'default 11-31']);
    const paused = [holding('a', [1, 11]), holding('a', [21, null])];
    expect(ofDefault('a', paused)).toEqual(['default 1-11', 'default 11-21', 'default 21-31']);
  });

  it('counts once, for the older of two', () => {
    const holdings = [holding('a', [1, 21]), holding('b', [11, null])];
    expect(ofDefault('a', holdings)).toEqual(['default 1-11', 'default 11-21']);
    expect(ofDefault('b', holdings)).toEqual(['default 21-31']);
  });

  it('counts for one that has no prices of its own rather than for an older one that has', () => {
    const holdings = [holding('a', [1, null], ['pro']), holding('b', [11, null])];
    expect(ofDefault('a', holdings)).toEqual(['default 1-11']);
    expect(ofDefault('b', holdings)).toEqual(['default 11-31']);
  });

  it('counts for none that wants no minimum in the asset, and for nobody where there is none', () => {
    const holdings = [holding('a', [1, null], [], { owesFrom: null }), holding('b', [1, null])];
    expect(ofDefault('a', holdings)).toEqual([]);
    expect(ofDefault('b', holdings)).toEqual(['default 1-31']);
    expect(countedCards('b', APRIL, holdings, null)).toEqual([]);
  });

  it('counts for none in its trial', () => {
    const holdings = [holding('a', [1, null], [], { owesFrom: day(15) }), holding('b', [1, null])];
    expect(ofDefault('a', holdings)).toEqual(['default 15-31']);
    expect(ofDefault('b', holdings)).toEqual(['default 1-15']);
  });

  it('counts each instant for one, whatever there was', () => {
    const spans: [number, number | null][] = [
      [1, 9],
      [4, 20],
      [9, null],
      [13, 13],
      [22, 26],
    ];
    for (let seed = 0; seed < 200; seed += 1) {
      const holdings = spans
        .map((span, index) => {
          const bits = seed >> index;
          const name = ['a', 'b', 'c'][(index * (seed % 3) + bits) % 3] ?? 'a';
          return holding(name, span, bits % 2 === 0 ? [] : [`card-${index}`]);
        })
        .sort((one, other) => (one.subscriptionId < other.subscriptionId ? -1 : 1));
      const days = ['a', 'b', 'c'].flatMap((name) =>
        countedCards(name, APRIL, holdings, 'default')
          .filter(({ card }) => card === 'default')
          .map(({ start, end }) => (end.getTime() - start.getTime()) / 86_400_000),
      );
      expect(
        days.reduce((sum, each) => sum + each, 0),
        `seed ${seed}`,
      ).toBe(30);
    }
  });
});
