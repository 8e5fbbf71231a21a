import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CreditsDefinition, RolloverDefinition } from '../../src/catalog/plans/definition.ts';
import { exact, plain, ZERO } from '../../src/kit/decimal.ts';
import {
  amountGiven,
  amountRolledOver,
  expiryOf,
  nextSlotStart,
  rolloverExpiry,
  type Schedule,
  type Slot,
  slotsBetween,
} from '../../src/subscriptions/credits.ts';
import { type IntervalUnit, periodAt } from '../../src/subscriptions/periods.ts';

function credits(of: Partial<CreditsDefinition> = {}): CreditsDefinition {
  return {
    code: 'included',
    asset: 'CREDIT',
    amount: exact(1000),
    perSeat: false,
    every: 'PERIOD',
    expires: 'END_OF_PERIOD',
    expiresAfterDays: null,
    rollover: null,
    refill: false,
    priority: 50,
    scope: [],
    ...of,
  };
}

/** The billing period that holds an instant, of a subscription from the 31st of January in Berlin. */
function schedule(at: string, unit: IntervalUnit = 'MONTH', isFirst = false): Schedule {
  const anchor = { at: new Date('2026-01-31T09:00:00Z'), timeZone: 'Europe/Berlin' };
  const interval = { unit, count: 1 };
  return { anchor, interval, period: periodAt(anchor, interval, new Date(at)), isFirst };
}

function slots(definition: CreditsDefinition, of: Schedule): Slot[] {
  return slotsBetween([definition], of, of.period.start, of.period.end);
}

const startsOf = (found: readonly Slot[]) => found.map(({ period }) => period.start.toISOString());

describe('when credits are given', () => {
  it('with each period by default', () => {
    const march = schedule('2026-03-05T00:00:00Z');
    expect(startsOf(slots(credits(), march))).toEqual(['2026-02-28T09:00:00.000Z']);
  });

  it('once with the first period only', () => {
    const once = credits({ every: 'ONCE' });
    expect(slots(once, schedule('2026-02-01T00:00:00Z', 'MONTH', true))).toHaveLength(1);
    expect(slots(once, schedule('2026-03-05T00:00:00Z'))).toEqual([]);
  });

  it('each month of a plan that renews each year, also on the 31st', () => {
    const given = startsOf(
      slots(credits({ every: 'MONTH' }), schedule('2026-02-01T00:00:00Z', 'YEAR')),
    );
    expect(given).toHaveLength(12);
    expect(given.slice(0, 4)).toEqual([
      '2026-01-31T09:00:00.000Z',
      '2026-02-28T09:00:00.000Z',
      '2026-03-31T08:00:00.000Z',
      '2026-04-30T08:00:00.000Z',
    ]);
  });

  it('each day of a month, across the clock change', () => {
    const given = startsOf(slots(credits({ every: 'DAY' }), schedule('2026-03-05T00:00:00Z')));
    expect(given).toHaveLength(31);
    expect(given.at(28)).toBe('2026-03-28T09:00:00.000Z');
    expect(given.at(29)).toBe('2026-03-29T08:00:00.000Z');
  });

  it('each year of a plan that renews each month: in the month in which the year begins', () => {
    const yearly = credits({ every: 'YEAR' });
    expect(slots(yearly, schedule('2026-02-01T00:00:00Z'))).toHaveLength(1);
    expect(slots(yearly, schedule('2026-03-05T00:00:00Z'))).toEqual([]);
    expect(slots(yearly, schedule('2027-02-01T00:00:00Z'))).toHaveLength(1);
  });

  it('what comes next within a period is the first slot from there on', () => {
    const march = schedule('2026-03-05T00:00:00Z');
    const daily = [credits(), credits({ every: 'DAY' })];
    expect(nextSlotStart(daily, march, new Date('2026-03-10T09:00:00Z'))?.toISOString()).toBe(
      '2026-03-10T09:00:00.000Z',
    );
    expect(nextSlotStart(daily, march, new Date('2026-03-10T09:00:00.001Z'))?.toISOString()).toBe(
      '2026-03-11T09:00:00.000Z',
    );
    expect(nextSlotStart(daily, march, new Date('2026-03-30T09:00:00Z'))).toBeNull();
    expect(nextSlotStart([credits()], march, march.period.start)).toBeNull();
  });

  it('a period walked from slot to slot gives each once', () => {
    const rhythms = fc.constantFrom<CreditsDefinition['every']>(
      'DAY',
      'WEEK',
      'MONTH',
      'YEAR',
      'PERIOD',
    );
    const units = fc.constantFrom<IntervalUnit>('WEEK', 'MONTH', 'YEAR');
    fc.assert(
      fc.property(rhythms, units, fc.integer({ min: 0, max: 1500 }), (every, unit, days) => {
        const at = new Date(Date.UTC(2026, 1, 1) + days * 86_400_000).toISOString();
        const of = schedule(at, unit);
        const definition = credits({ every });
        const walked: Slot[] = [];
        let from = of.period.start;
        for (;;) {
          const until =
            nextSlotStart([definition], of, new Date(from.getTime() + 1)) ?? of.period.end;
          walked.push(...slotsBetween([definition], of, from, until));
          if (until >= of.period.end) break;
          from = until;
        }
        expect(walked).toEqual(slots(definition, of));
      }),
    );
  });
});

describe('when they end', () => {
  const march = schedule('2026-03-05T00:00:00Z');

  it.each<[string, Partial<CreditsDefinition>, string | null]>([
    ['with the period', {}, '2026-03-31T08:00:00.000Z'],
    ['with the next period', { expires: 'END_OF_NEXT_PERIOD' }, '2026-04-30T08:00:00.000Z'],
    [
      'after local days',
      { expires: 'AFTER_DAYS', expiresAfterDays: 30 },
      '2026-03-30T08:00:00.000Z',
    ],
    ['never', { expires: 'NEVER' }, null],
    ['with their own day', { every: 'DAY' }, '2026-03-01T09:00:00.000Z'],
    [
      'with the day after',
      { every: 'DAY', expires: 'END_OF_NEXT_PERIOD' },
      '2026-03-02T09:00:00.000Z',
    ],
  ])('%s', (_title, of, end) => {
    const [slot] = slots(credits(of), march);
    expect(slot && (expiryOf(slot, march)?.toISOString() ?? null)).toBe(end);
  });
});

describe('how much is given', () => {
  it.each<[string, Partial<CreditsDefinition>, number, string, string]>([
    ['the amount', {}, 5, '300', '1000'],
    ['for each seat', { perSeat: true }, 5, '0', '5000'],
    ['a refill tops up', { refill: true }, 1, '300', '700'],
    ['a refill lowers nothing', { refill: true }, 1, '1200', '0'],
    ['a refill for each seat', { refill: true, perSeat: true }, 2, '300', '1700'],
  ])('%s', (_title, of, seats, left, given) => {
    expect(plain(amountGiven(credits(of), seats, exact(left)))).toBe(given);
  });
});

describe('what rolls over', () => {
  const rule = (of: Partial<RolloverDefinition> = {}): RolloverDefinition => ({
    percent: exact(100),
    minimum: ZERO,
    maximum: null,
    periods: 1,
    ...of,
  });

  it.each<[string, Partial<RolloverDefinition>, string, number, string]>([
    ['all of it', {}, '300', 0, '300'],
    ['half of it', { percent: exact(50) }, '300', 0, '150'],
    ['a third of it, in cents', { percent: exact('33.3') }, '10', 2, '3.33'],
    ['no more than the maximum', { maximum: exact(200) }, '300', 0, '200'],
    [
      'the percentage comes before the maximum',
      { percent: exact(50), maximum: exact(200) },
      '300',
      0,
      '150',
    ],
    ['nothing below the minimum', { minimum: exact(100) }, '99', 0, '0'],
    ['the minimum itself', { minimum: exact(100) }, '100', 0, '100'],
    ['nothing of nothing', {}, '0', 0, '0'],
  ])('%s', (_title, of, left, scale, goesOn) => {
    expect(plain(amountRolledOver(rule(of), exact(left), scale))).toBe(goesOn);
  });

  it('is never more than there is', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 20n }).map((whole) => whole * 10n ** 10n);
    const percents = fc.bigInt({ min: 1n, max: 100n * 10n ** 12n });
    fc.assert(
      fc.property(amounts, percents, (left, percent) => {
        const goesOn = amountRolledOver(rule({ percent }), left, 2);
        expect(goesOn >= ZERO && goesOn <= left).toBe(true);
      }),
    );
  });

  it.each<[number | null, string | null]>([
    [1, '2026-03-31T08:00:00.000Z'],
    [2, '2026-04-30T08:00:00.000Z'],
    [null, null],
  ])('for %s further periods', (periods, end) => {
    const march = schedule('2026-03-05T00:00:00Z');
    const [slot] = slots(credits(), march);
    expect(slot && (rolloverExpiry(rule({ periods }), slot, march)?.toISOString() ?? null)).toBe(
      end,
    );
  });
});
