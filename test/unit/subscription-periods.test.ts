import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact, ONE, plain, ZERO } from '../../src/kit/decimal.ts';
import {
  type Anchor,
  daysAfter,
  type Interval,
  type IntervalUnit,
  periodAt,
  periodsBeginning,
  readTimeZone,
  shareLeft,
  shareOf,
  startOfPeriod,
} from '../../src/subscriptions/periods.ts';

const anchor = (at: string, timeZone: string): Anchor => ({ at: new Date(at), timeZone });
const every = (unit: IntervalUnit, count = 1): Interval => ({ unit, count });

/** Where each of the first periods begins, as instants. */
function startsOf(from: Anchor, interval: Interval, numbers: readonly number[]): string[] {
  return numbers.map((number) => startOfPeriod(from, interval, number).toISOString());
}

const STARTS: readonly [
  title: string,
  from: Anchor,
  interval: Interval,
  starts: readonly [number, string][],
][] = [
  [
    'the 31st comes back after February, and waits in months of 30 days',
    anchor('2026-01-31T09:30:00Z', 'UTC'),
    every('MONTH'),
    [
      [0, '2026-01-31T09:30:00.000Z'],
      [1, '2026-02-28T09:30:00.000Z'],
      [2, '2026-03-31T09:30:00.000Z'],
      [3, '2026-04-30T09:30:00.000Z'],
      [12, '2027-01-31T09:30:00.000Z'],
      [25, '2028-02-29T09:30:00.000Z'],
      [-2, '2025-11-30T09:30:00.000Z'],
    ],
  ],
  [
    'a quarter from the 30th of November ends in February',
    anchor('2026-11-30T00:00:00Z', 'UTC'),
    every('MONTH', 3),
    [
      [1, '2027-02-28T00:00:00.000Z'],
      [2, '2027-05-30T00:00:00.000Z'],
    ],
  ],
  [
    'a year from a leap day is the 28th until the next leap day',
    anchor('2024-02-29T12:00:00Z', 'UTC'),
    every('YEAR'),
    [
      [1, '2025-02-28T12:00:00.000Z'],
      [4, '2028-02-29T12:00:00.000Z'],
    ],
  ],
  [
    'nine in Berlin is an hour earlier in UTC while it is summer there',
    anchor('2026-02-15T08:00:00Z', 'Europe/Berlin'),
    every('MONTH'),
    [
      [1, '2026-03-15T08:00:00.000Z'],
      [2, '2026-04-15T07:00:00.000Z'],
      [9, '2026-11-15T08:00:00.000Z'],
    ],
  ],
  [
    'half past two on the night that has none is half past three, and half past two again a month later',
    anchor('2026-02-28T01:30:00Z', 'Europe/Berlin'),
    every('DAY'),
    [
      [29, '2026-03-29T01:30:00.000Z'],
      [30, '2026-03-30T00:30:00.000Z'],
    ],
  ],
  [
    'half past two on the night that has it twice is the first of them',
    anchor('2026-10-24T00:30:00Z', 'Europe/Berlin'),
    every('DAY'),
    [
      [1, '2026-10-25T00:30:00.000Z'],
      [2, '2026-10-26T01:30:00.000Z'],
    ],
  ],
  [
    'an anchor at the second half past two stays there itself',
    anchor('2026-10-25T01:30:00Z', 'Europe/Berlin'),
    every('DAY'),
    [
      [0, '2026-10-25T01:30:00.000Z'],
      [1, '2026-10-26T01:30:00.000Z'],
    ],
  ],
  [
    'two weeks across a clock change keep the local time',
    anchor('2026-03-02T05:00:00Z', 'America/New_York'),
    every('WEEK', 2),
    [[1, '2026-03-16T04:00:00.000Z']],
  ],
  [
    'a clock that moves by half an hour is followed too',
    anchor('2026-03-20T13:00:00Z', 'Australia/Lord_Howe'),
    every('MONTH'),
    [[1, '2026-04-20T13:30:00.000Z']],
  ],
];

describe('where periods begin', () => {
  it.each(STARTS)('%s', (_title, from, interval, starts) => {
    const numbers = starts.map(([number]) => number);
    expect(startsOf(from, interval, numbers)).toEqual(starts.map(([, start]) => start));
  });

  it('a day that Samoa never had is no period', () => {
    const from = anchor('2011-12-28T20:00:00Z', 'Pacific/Apia');
    const until = new Date('2012-01-02T00:00:00Z');
    const periods = periodsBeginning(from, every('DAY'), from.at, until);
    expect(periods.map(({ start }) => start.toISOString())).toEqual([
      '2011-12-28T20:00:00.000Z',
      '2011-12-29T20:00:00.000Z',
      '2011-12-30T20:00:00.000Z',
      '2011-12-31T20:00:00.000Z',
      '2012-01-01T20:00:00.000Z',
    ]);
    expect(periodAt(from, every('DAY'), new Date('2011-12-29T20:00:00Z')).end.toISOString()).toBe(
      '2011-12-30T20:00:00.000Z',
    );
  });

  it('days are local days', () => {
    const before = new Date('2026-03-28T12:00:00Z');
    expect(daysAfter(before, 1, 'Europe/Berlin').toISOString()).toBe('2026-03-29T11:00:00.000Z');
    expect(daysAfter(before, 1, 'UTC').toISOString()).toBe('2026-03-29T12:00:00.000Z');
  });
});

describe('time zones', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['+02:00', null],
    ['Mars/Olympus', null],
    ['', null],
    ['Europe/Berlin ', null],
  ])('%j is read as %j', (name, known) => {
    expect(readTimeZone(name)).toBe(known);
  });
});

const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Africa/Casablanca',
);
const instants = fc.integer({ min: Date.UTC(2005), max: Date.UTC(2045) }).map((ms) => new Date(ms));
const intervals = fc.record({
  unit: fc.constantFrom<IntervalUnit>('DAY', 'WEEK', 'MONTH', 'YEAR'),
  count: fc.integer({ min: 1, max: 4 }),
});
const anchors = fc.record({ at: instants, timeZone: zones });

describe('for any anchor, interval and instant', () => {
  it('the period has begun and has not ended', () => {
    fc.assert(
      fc.property(anchors, intervals, instants, (from, interval, at) => {
        const { start, end } = periodAt(from, interval, at);
        expect(start <= at && at < end).toBe(true);
      }),
    );
  });

  it('the next period begins where this one ends', () => {
    fc.assert(
      fc.property(anchors, intervals, instants, (from, interval, at) => {
        const { end } = periodAt(from, interval, at);
        expect(periodAt(from, interval, end).start).toEqual(end);
      }),
    );
  });

  it('the periods that begin within a time are all of them, each once', () => {
    fc.assert(
      fc.property(
        anchors,
        intervals,
        instants,
        fc.integer({ min: 1, max: 60 }),
        (from, interval, at, days) => {
          const until = new Date(at.getTime() + days * 86_400_000);
          let next = periodAt(from, interval, at);
          if (next.start < at) next = periodAt(from, interval, next.end);
          const expected = [];
          for (; next.start < until; next = periodAt(from, interval, next.end)) expected.push(next);
          expect(periodsBeginning(from, interval, at, until)).toEqual(expected);
        },
      ),
    );
  });

  it('the shares of what is used and what is left make the whole amount, to within a step each', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(anchors, intervals, instants, amounts, (from, interval, at, amount) => {
        const period = periodAt(from, interval, at);
        const left = shareLeft(period, at);
        const used = { part: left.whole - left.part, whole: left.whole };
        const sum = shareOf(amount, left, 12) + shareOf(amount, used, 12);
        expect(sum - amount >= -1n && sum - amount <= 1n).toBe(true);
      }),
    );
  });
});

describe('a share of a period', () => {
  const june = { start: new Date('2026-06-01T00:00:00Z'), end: new Date('2026-07-01T00:00:00Z') };

  it.each([
    ['2026-05-01T00:00:00Z', '30', 2, '30'],
    ['2026-06-01T00:00:00Z', '30', 2, '30'],
    ['2026-06-16T00:00:00Z', '30', 2, '15'],
    ['2026-06-11T00:00:00Z', '100', 2, '66.67'],
    ['2026-06-21T00:00:00Z', '0.01', 2, '0'],
    ['2026-07-01T00:00:00Z', '30', 2, '0'],
    ['2026-08-01T00:00:00Z', '30', 2, '0'],
  ])('at %s, %s is still worth %s places: %s', (at, amount, scale, left) => {
    expect(plain(shareOf(exact(amount), shareLeft(june, new Date(at)), scale))).toBe(left);
  });

  it('rounds half to even', () => {
    expect(shareOf(5n * 10n ** 10n, { part: 1n, whole: 2n }, 2)).toBe(2n * 10n ** 10n);
    expect(shareOf(ONE, { part: 0n, whole: 1n }, 0)).toBe(ZERO);
  });
});
