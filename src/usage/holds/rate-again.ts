import type { CatalogueSnapshot } from '../../catalog/snapshot.ts';
import { rate } from '../candidate.ts';
import { estimateAmount } from './estimate-amount.ts';
import type { HoldOperation } from './operation.ts';

/** The versions of the catalogue that an operation on a hold was rated with; none for one that costs nothing. */
export function ratedWith(operation: HoldOperation): number[] {
  if (operation.kind === 'PLACE' && operation.estimate)
    return [operation.estimate.catalogueVersion];
  if (operation.kind !== 'CAPTURE') return [];
  return operation.candidates.map(({ catalogueVersion }) => catalogueVersion);
}

/** The same operation by another catalogue. */
export function rateHoldAgain(
  operation: HoldOperation,
  catalogue: CatalogueSnapshot,
  now: Date,
): HoldOperation {
  if (operation.kind === 'CAPTURE') {
    const candidates = operation.candidates.map((it) => rate(it.event, catalogue, now, it.path));
    return { ...operation, candidates };
  }
  if (operation.kind !== 'PLACE' || !operation.estimate) return operation;
  const estimate = { ...operation.estimate, catalogueVersion: catalogue.book.version };
  return {
    ...operation,
    estimate,
    amount: estimateAmount(catalogue, estimate, operation.assetId, now),
  };
}
