import { type RatingRules, rate } from '../candidate.ts';
import type { Counted } from '../counted.ts';
import { rateOf } from './estimate-amount.ts';
import type { HoldOperation } from './operation.ts';

/** The versions of the catalogue that an operation on a hold was rated with; none for one that costs nothing. */
export function ratedWith(operation: HoldOperation): number[] {
  if (operation.kind === 'PLACE' && operation.estimate)
    return [operation.estimate.catalogueVersion];
  if (operation.kind !== 'CAPTURE') return [];
  return operation.candidates.map(({ catalogueVersion }) => catalogueVersion);
}

/** The oldest version of its customer's terms that an operation was rated with; null for one that costs nothing. */
export function termsVersionOf(operation: HoldOperation): number | null {
  if (operation.kind === 'PLACE') return operation.estimate?.termsVersion ?? null;
  if (operation.kind !== 'CAPTURE') return null;
  return Math.min(...operation.candidates.map(({ termsVersion }) => termsVersion));
}

/** The same operation by another catalogue, or by other terms. */
export function rateHoldAgain(operation: HoldOperation, rules: RatingRules): HoldOperation {
  if (operation.kind === 'CAPTURE') {
    const candidates = operation.candidates.map((it) => rate(it.event, rules, it.path));
    return { ...operation, candidates };
  }
  if (operation.kind !== 'PLACE' || !operation.estimate) return operation;
  const { estimate } = operation;
  return { ...operation, estimate: rateOf(operation, estimate, rules, estimate.at) };
}

/** Everything that goes by counters: candidates, and what holds are placed for. */
export function countedIn(
  candidates: readonly { readonly counted: readonly Counted[] }[],
  holds: readonly HoldOperation[],
): readonly { readonly counted: readonly Counted[] }[] {
  const estimates = holds.flatMap((it) => (it.kind === 'PLACE' && it.estimate ? it.estimate : []));
  return estimates.length === 0 ? candidates : [...candidates, ...estimates];
}
