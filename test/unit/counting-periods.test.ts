import { expect, test } from 'vitest';
import { createCountingPeriods } from '../../src/subscriptions/counting-periods.ts';

const at = (text: string) => new Date(`${text}T09:00:00Z`);
const MONTH = { unit: 'MONTH', count: 1 } as const;
const begun = (start: string, end: string, isTrial = false) => ({
  start: at(start),
  end: at(end),
  isTrial,
});

/** `start end` of the period that each instant lies in. */
function periodsOf(
  periods: ReturnType<typeof begun>[],
  anchor: string,
  instants: readonly string[],
  nextInterval: Parameters<typeof createCountingPeriods>[1]['nextInterval'] = MONTH,
): (string | null)[] {
  const course = { anchor: { at: at(anchor), timeZone: 'UTC' }, interval: MONTH, nextInterval };
  const counting = createCountingPeriods(periods, course);
  return instants.map((instant) => {
    const period = counting.at(at(instant));
    return (
      period && [period.start, period.end].map((it) => it.toISOString().slice(0, 10)).join(' ')
    );
  });
}

test('there is none before the first period, and each instant of one that has begun lies in it', () => {
  const periods = [begun('2026-01-31', '2026-02-28'), begun('2026-02-28', '2026-03-31')];
  expect(
    periodsOf(periods, '2026-01-31', ['2026-01-30', '2026-01-31', '2026-02-27', '2026-02-28']),
  ).toEqual([null, '2026-01-31 2026-02-28', '2026-01-31 2026-02-28', '2026-02-28 2026-03-31']);
});

test('behind the last one lie those that the calendar says come next, in whatever order they are asked for', () => {
  const periods = [begun('2026-01-31', '2026-02-28')];
  expect(
    periodsOf(periods, '2026-01-31', ['2026-02-28', '2026-05-02', '2026-03-31', '2026-03-30']),
  ).toEqual([
    '2026-02-28 2026-03-31',
    '2026-04-30 2026-05-31',
    '2026-03-31 2026-04-30',
    '2026-02-28 2026-03-31',
  ]);
});

test('those of another length count from where the last one ends', () => {
  const periods = [begun('2026-01-31', '2026-02-28')];
  const weeks = { unit: 'WEEK', count: 2 } as const;
  expect(periodsOf(periods, '2026-01-31', ['2026-03-01', '2026-03-14'], weeks)).toEqual([
    '2026-02-28 2026-03-14',
    '2026-03-14 2026-03-28',
  ]);
});

test('an instant between two that have begun lies where it lay before the second one began', () => {
  const first = begun('2026-01-31', '2026-02-28');
  const later = begun('2026-04-30', '2026-05-31');
  const instants = ['2026-03-30', '2026-04-02'];
  const expected = ['2026-02-28 2026-03-31', '2026-03-31 2026-04-30'];
  expect(periodsOf([first], '2026-01-31', instants)).toEqual(expected);
  expect(periodsOf([first, later], '2026-01-31', instants)).toEqual(expected);
});

test('what lies between a trial and a first period that waited for money ends where that begins', () => {
  const trial = begun('2026-01-31', '2026-02-14', true);
  const first = begun('2026-02-16', '2026-03-16');
  expect(periodsOf([trial], '2026-02-14', ['2026-02-15'])).toEqual(['2026-02-14 2026-03-14']);
  expect(periodsOf([trial, first], '2026-02-16', ['2026-02-15'])).toEqual([
    '2026-02-14 2026-02-16',
  ]);
});
