import type { CreditsDefinition, RolloverDefinition } from '../catalog/plans/definition.ts';
import { type Exact, exact, max, min, ZERO } from '../kit/decimal.ts';
import {
  type Anchor,
  daysAfter,
  type Interval,
  type Period,
  periodAt,
  periodsBeginning,
  shareOf,
} from './periods.ts';

/** The billing period for which credits are given, and what it is one of. */
export interface Schedule {
  readonly anchor: Anchor;
  readonly interval: Interval;
  readonly period: Period;
  /** Whether what comes once comes with this period. */
  readonly isFirst: boolean;
}

/** One giving of a plan's credits: for which time it is. */
export interface Slot {
  readonly credits: CreditsDefinition;
  readonly period: Period;
}

/**
 * The givings that begin from `from` on and before `until`, which lie in the schedule's period: earliest
 * first, and at one instant in the plan's order. Credits may come more often than the plan renews, or more
 * seldom; their rhythm starts at the anchor too.
 */
export function slotsBetween(
  definitions: readonly CreditsDefinition[],
  schedule: Schedule,
  from: Date,
  until: Date,
): Slot[] {
  return definitions
    .flatMap((credits) =>
      slotPeriods(credits, schedule, from, until).map((period) => ({ credits, period })),
    )
    .sort((a, b) => a.period.start.getTime() - b.period.start.getTime());
}

/** When credits that have been given up to here are given next within the schedule's period; null: not in it. */
export function nextSlotStart(
  definitions: readonly CreditsDefinition[],
  schedule: Schedule,
  from: Date,
): Date | null {
  let next: Date | null = null;
  for (const credits of definitions) {
    const { every } = credits;
    if (every === 'PERIOD' || every === 'ONCE') continue;
    const { start, end } = periodAt(schedule.anchor, rhythmOf(every), from);
    const begins = start >= from ? start : end;
    if (begins < schedule.period.end && (next === null || begins < next)) next = begins;
  }
  return next;
}

/** The giving whose time it is at an instant; null for what came once. */
export function slotAt(credits: CreditsDefinition, schedule: Schedule, at: Date): Slot | null {
  const { every } = credits;
  if (every === 'ONCE') return null;
  if (every === 'PERIOD') return { credits, period: schedule.period };
  return { credits, period: periodAt(schedule.anchor, rhythmOf(every), at) };
}

/** Whether they are given for a billing period as it is, and not in a rhythm of their own. */
export function isForPeriod({ every }: CreditsDefinition): boolean {
  return every === 'PERIOD' || every === 'ONCE';
}

function slotPeriods(
  { every }: CreditsDefinition,
  { anchor, period, isFirst }: Schedule,
  from: Date,
  until: Date,
): Period[] {
  if (every !== 'PERIOD' && every !== 'ONCE') {
    return periodsBeginning(anchor, rhythmOf(every), from, until);
  }
  const begins = from <= period.start && period.start < until;
  return begins && (every === 'PERIOD' || isFirst) ? [period] : [];
}

/** When what is given for a slot ends; null is never. */
export function expiryOf({ credits, period }: Slot, schedule: Schedule): Date | null {
  const { anchor } = schedule;
  switch (credits.expires) {
    case 'END_OF_PERIOD':
      return period.end;
    case 'END_OF_NEXT_PERIOD':
      return periodAt(anchor, intervalOf(credits, schedule), period.end).end;
    case 'AFTER_DAYS':
      return daysAfter(period.start, credits.expiresAfterDays ?? 0, anchor.timeZone);
    case 'NEVER':
      return null;
  }
}

/**
 * How much is given: the amount, for each seat where it says so. A refill tops up to it what is left of
 * earlier givings, and never lowers that.
 */
export function amountGiven(credits: CreditsDefinition, seats: number, left: Exact): Exact {
  const amount = fullAmount(credits, seats);
  return credits.refill ? max(amount - left, ZERO) : amount;
}

export function fullAmount({ amount, perSeat }: CreditsDefinition, seats: number): Exact {
  return perSeat ? amount * BigInt(seats) : amount;
}

const PERCENT = exact(100);

/** How much of what is left goes on into the next period: a percentage, within the rule's bounds. */
export function amountRolledOver(rule: RolloverDefinition, left: Exact, scale: number): Exact {
  const part = shareOf(left, { part: rule.percent, whole: PERCENT }, scale);
  // A scale that is coarser than the percentage may round up to more than there is.
  const kept = min(min(part, left), rule.maximum ?? part);
  return kept < rule.minimum ? ZERO : kept;
}

/** When what goes on into a slot ends: after so many periods of its rhythm, of which this is the first. */
export function rolloverExpiry(
  rule: RolloverDefinition,
  { credits, period }: Slot,
  schedule: Schedule,
): Date | null {
  if (rule.periods === null) return null;
  const interval = intervalOf(credits, schedule);
  let { end } = period;
  for (let further = 1; further < rule.periods; further += 1) {
    end = periodAt(schedule.anchor, interval, end).end;
  }
  return end;
}

/** What a period of these credits is: their own rhythm, or the plan's. */
function intervalOf({ every }: CreditsDefinition, { interval }: Schedule): Interval {
  return every === 'PERIOD' || every === 'ONCE' ? interval : rhythmOf(every);
}

function rhythmOf(unit: Interval['unit']): Interval {
  return { unit, count: 1 };
}
