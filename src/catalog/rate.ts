import { canonicalJson } from '../kit/canonical.ts';
import type { Checker } from '../kit/check.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { type Conflict, conflict } from '../kit/refusal.ts';
import type { RateTerms } from '../rating/rate-terms.ts';
import { type Dimensions, readDimensions } from './dimensions.ts';
import { readTerms, type TermsFields } from './rate-terms.ts';
import { loadTerms, storeTerms, type TermsRow, termsText } from './stored-terms.ts';

export interface RateFields extends TermsFields {
  readonly dimensions?: unknown;
}

/** A rate as asked for, once checked. */
export interface RateDraft {
  readonly dimensions: Dimensions;
  readonly terms: RateTerms;
}

/** A rate that is stored already, of the same price and dimensions as a draft. */
export interface DatedRate extends TermsRow {
  readonly id: string;
  /** Null is the beginning of time. */
  readonly effectiveFrom: Date | null;
}

export type RateDecision =
  | { readonly kind: 'SAME'; readonly rate: DatedRate }
  | {
      readonly kind: 'ADD';
      readonly effectiveFrom: Date | null;
      /** The rate in force until then; null when nothing covered these dimensions. */
      readonly follows: DatedRate | null;
    };

export function readRateDraft(check: Checker, prefix: string, input: RateFields): RateDraft {
  const dimensions = readDimensions(check, `${prefix}dimensions`, input.dimensions);
  return { dimensions, terms: readTerms(check, prefix, input) };
}

/** Instants outside these years are slips of the pen, and not every one can be stored. */
const EARLIEST_MS = Date.UTC(1970, 0);
const LATEST_MS = Date.UTC(2200, 0);

/** The start of a rate; null when it was left out. */
export function readEffectiveFrom(check: Checker, path: string, raw: unknown): Date | null {
  const instant = check.instant(path, raw);
  if (instant && (instant.getTime() < EARLIEST_MS || instant.getTime() >= LATEST_MS)) {
    check.note(path, 'OUT_OF_RANGE', 'From 1970 up to 2200.');
  }
  return instant;
}

/**
 * What a draft means beside the rates that its dimensions already have on the price. Without a start
 * the first rate holds from the beginning of time, and a later one from now on; one that repeats what is
 * in force adds nothing.
 */
export function decideRate(
  existing: readonly DatedRate[],
  draft: RateDraft,
  effectiveFrom: Date | null,
  now: Date,
): RateDecision | Conflict {
  if (effectiveFrom === null && existing.length === 0) {
    return { kind: 'ADD', effectiveFrom: null, follows: null };
  }
  const from = effectiveFrom ?? firstFreeInstant(existing, now);
  const follows = rateInForce(existing, from);
  if (effectiveFrom === null) {
    if (follows && sameTerms(follows, draft)) return { kind: 'SAME', rate: follows };
    return { kind: 'ADD', effectiveFrom: from, follows };
  }
  const taken = existing.find((rate) => rate.effectiveFrom?.getTime() === effectiveFrom.getTime());
  if (!taken) return { kind: 'ADD', effectiveFrom, follows };
  if (sameTerms(taken, draft)) return { kind: 'SAME', rate: taken };
  return conflict(
    draft.terms.model === 'PER_UNIT' ? 'unitAmount' : 'model',
    `From ${effectiveFrom.toISOString()} on it is ${termsText(taken)}; a rate is never changed, only followed by a later one.`,
  );
}

/** Of rates with equal dimensions, the latest that has begun. */
export function rateInForce<R extends Pick<DatedRate, 'effectiveFrom'>>(
  rates: readonly R[],
  at: Date,
): R | null {
  let latest: R | null = null;
  for (const rate of rates) {
    if (startMs(rate) > at.getTime()) continue;
    if (!latest || startMs(rate) > startMs(latest)) latest = rate;
  }
  return latest;
}

/** Two changes within one millisecond: the second one begins with the next. */
function firstFreeInstant(existing: readonly DatedRate[], now: Date): Date {
  const taken = new Set(existing.map((rate) => rate.effectiveFrom?.getTime()));
  let atMs = now.getTime();
  while (taken.has(atMs)) atMs += 1;
  return fromEpochMs(atMs);
}

function sameTerms(rate: DatedRate, draft: RateDraft): boolean {
  return canonicalJson(storeTerms(loadTerms(rate))) === canonicalJson(storeTerms(draft.terms));
}

function startMs(rate: Pick<DatedRate, 'effectiveFrom'>): number {
  return rate.effectiveFrom?.getTime() ?? Number.NEGATIVE_INFINITY;
}
