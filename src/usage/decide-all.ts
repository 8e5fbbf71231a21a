import { type Accepted, type Decision, decide, type Situation } from './decide.ts';
import { decideHold } from './holds/decide-hold.ts';
import type { Operation } from './operation.ts';

/** Decides operations in their order; none depends on what becomes of the others, but for what they draw. */
export function decideAll(operations: readonly Operation[], situation: Situation): Decision[] {
  const accepted: Accepted = { events: new Map(), holds: new Map() };
  return operations.map((operation) =>
    operation.kind === 'USAGE'
      ? decide(operation, situation, accepted)
      : decideHold(operation, situation, accepted),
  );
}
