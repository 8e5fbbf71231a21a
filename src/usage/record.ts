import type { Viewer } from '../access/viewer.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { toCandidate } from './candidate.ts';
import type { Outcome, UsageEventInput } from './event.ts';
import type { GroupCommit, GroupCommitDeps } from './group-commit.ts';
import type { HoldRefs } from './holds/hold-refs.ts';
import { eventOutcome, isOnHold, putOnHolds } from './holds/put-on-holds.ts';
import type { Operation } from './operation.ts';
import type { AnyOutcome } from './outcome.ts';

export interface UsageDeps extends GroupCommitDeps {
  readonly customers: {
    /** The ids of customers, in order; null for one that is not the organization's. */
    resolveMany(
      organizationId: Id<'organization'>,
      refs: readonly CustomerRef[],
    ): Promise<(Id<'customer'> | null)[]>;
  };
}

/** How many events `recordUsageBatch` takes. */
export const MAX_EVENTS = 1_000;

export interface Recorder {
  record(viewer: Viewer, inputs: readonly UsageEventInput[], paths: Paths): Promise<Outcome[]>;
}

/** Where an event stands in the input, as a prefix of the paths of its issues. */
export type Paths = (index: number) => string;

/** The walk of a charge: gather, rate, and commit together with whatever else is waiting. */
export function createRecorder(deps: UsageDeps, together: GroupCommit, refs: HoldRefs): Recorder {
  async function record(
    viewer: Viewer,
    inputs: readonly UsageEventInput[],
    paths: Paths,
  ): Promise<Outcome[]> {
    const { organizationId } = viewer;
    const [customerIds, catalogue] = await Promise.all([
      deps.customers.resolveMany(
        organizationId,
        inputs.map(({ customer }) => customer),
      ),
      deps.priceBooks.snapshot(organizationId),
    ]);
    const now = deps.clock.now();
    const gathered = inputs.map((input, index) =>
      toCandidate(organizationId, input, customerIds[index] ?? null, paths(index), catalogue, now),
    ) as (Operation | Outcome)[];
    if (inputs.some(isOnHold)) await putOnHolds(refs, organizationId, inputs, gathered, paths);
    const operations = gathered.filter((item): item is Operation => !isRefusal(item));
    if (operations.length === 0) return gathered as Outcome[];
    const committed = await together.submit(operations);
    let next = 0;
    return gathered.map((item) =>
      isRefusal(item) ? item : eventOutcome(committed[next++] as AnyOutcome),
    ) as Outcome[];
  }

  return { record };
}
