import type { Candidate } from './event.ts';
import type { HoldOperation } from './holds/operation.ts';

/** Something that is decided on and committed together with whatever else waits. */
export type Operation = Candidate | HoldOperation;

export function organizationOf(operation: Operation): string {
  return operation.kind === 'USAGE' ? operation.event.organizationId : operation.organizationId;
}

export function customerOf(operation: Operation): string {
  return operation.kind === 'USAGE' ? operation.event.customerId : operation.customerId;
}

/** The usage events among operations, also those that are paid from a hold. */
export function candidatesOf(operations: readonly Operation[]): readonly Candidate[] {
  if (operations.every((operation) => operation.kind === 'USAGE')) return operations;
  return operations.flatMap((operation) => {
    if (operation.kind === 'USAGE') return operation;
    return operation.kind === 'CAPTURE' ? operation.candidates : [];
  });
}

export function holdOperationsOf(operations: readonly Operation[]): readonly HoldOperation[] {
  return operations.filter((operation): operation is HoldOperation => operation.kind !== 'USAGE');
}

/** How many events it may write, and one where it writes none. */
export function sizeOf(operation: Operation): number {
  return operation.kind === 'CAPTURE' ? operation.candidates.length : 1;
}
