import { SECOND_MS } from '../kit/clock.ts';
import type { Block } from './block.ts';
import type { Pause } from './pause.ts';
import type { Terms } from './read-options.ts';
import type { Reports } from './reports.ts';

/** Everything that a lease knows. */
export interface LeaseState {
  readonly terms: Pick<Terms, 'block' | 'lowWater' | 'ttlSeconds' | 'flushEveryMs'>;
  readonly block: Block;
  readonly reports: Reports;
  readonly pauses: {
    /** After no answer. */
    readonly server: Pause;
    /** After there was too little to set aside. */
    readonly funds: Pause;
    /** After the block could not be kept for reasons of its own. */
    readonly renewals: Pause;
    /** After a capture that the balance does not cover. */
    readonly captures: Pause;
  };
  /** Nothing is taken or reported any more. */
  readonly isClosing: boolean;
}

export type Step =
  | { readonly verb: 'PLACE' | 'REFILL' | 'RENEW' | 'CAPTURE' | 'RELEASE' | 'END' }
  | { readonly verb: 'REST'; readonly untilMs: number };

/** What a lease does next, one thing at a time: so each answer is newer than the one before. */
export function nextStep(state: LeaseState, nowMs: number): Step {
  const { server } = state.pauses;
  if (server.untilMs > nowMs) return { verb: 'REST', untilMs: server.untilMs };
  return state.block.status === 'OPEN' ? stepWithBlock(state, nowMs) : stepWithout(state, nowMs);
}

/** A refill goes before anything else: takers may be waiting for it. */
function stepWithBlock(state: LeaseState, nowMs: number): Step {
  const { terms, block, reports, pauses, isClosing } = state;
  const captureMs = Math.max(
    isClosing && reports.count > 0 ? 0 : reports.dueMs(terms.flushEveryMs),
    pauses.captures.untilMs,
  );
  if (isClosing) {
    if (reports.count === 0) return { verb: 'RELEASE' };
    return captureMs <= nowMs ? { verb: 'CAPTURE' } : { verb: 'REST', untilMs: captureMs };
  }
  const refillMs = isLow(state) ? pauses.funds.untilMs : Number.POSITIVE_INFINITY;
  if (refillMs <= nowMs) return { verb: 'REFILL' };
  const halfMs = (terms.ttlSeconds * SECOND_MS) / 2;
  const renewMs = Math.max(block.untilMs - halfMs, pauses.renewals.untilMs);
  if (renewMs <= nowMs) return { verb: 'RENEW' };
  if (captureMs <= nowMs) return { verb: 'CAPTURE' };
  return { verb: 'REST', untilMs: Math.min(refillMs, renewMs, captureMs) };
}

/** What was used of a block that has expired is captured late, before the next one is taken. */
function stepWithout({ block, reports, pauses, isClosing }: LeaseState, nowMs: number): Step {
  const isLate = block.status === 'EXPIRED' && reports.count > 0;
  if (isLate && pauses.captures.untilMs <= nowMs) return { verb: 'CAPTURE' };
  if (isClosing && reports.count === 0) return { verb: 'END' };
  if (pauses.funds.untilMs <= nowMs) return { verb: 'PLACE' };
  const lateMs = isLate ? pauses.captures.untilMs : Number.POSITIVE_INFINITY;
  return { verb: 'REST', untilMs: Math.min(pauses.funds.untilMs, lateMs) };
}

export function isLow({ block, terms }: Pick<LeaseState, 'block' | 'terms'>): boolean {
  return block.left() < terms.lowWater;
}
