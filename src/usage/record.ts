import type { Viewer } from '../access/viewer.ts';
import { clocksOfCustomers, nowIn, readNows } from '../clocks/now-of.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { KnownCustomer } from '../customers/store.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { NO_TERMS } from '../subscriptions/terms.ts';
import { toCandidate } from './candidate.ts';
import type { Outcome, UsageEventInput } from './event.ts';
import type { GroupCommit, GroupCommitDeps } from './group-commit.ts';
import type { HoldRefs } from './holds/hold-refs.ts';
import { eventOutcome, isOnHold, putOnHolds } from './holds/put-on-holds.ts';
import type { Operation } from './operation.ts';
import type { AnyOutcome } from './outcome.ts';

export interface UsageDeps extends GroupCommitDeps {
  readonly customers: {
    /** The customers, in order; null for one that is not the organization's. */
    resolveMany(
      organizationId: Id<'organization'>,
      refs: readonly CustomerRef[],
    ): Promise<(KnownCustomer | null)[]>;
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
    const [customers, catalogue] = await Promise.all([
      deps.customers.resolveMany(
        organizationId,
        inputs.map(({ customer }) => customer),
      ),
      deps.priceBooks.snapshot(organizationId),
    ]);
    const clockIds = clocksOfCustomers(customers);
    const nows = clockIds.length > 0 ? await readNows(deps.db.direct, clockIds) : null;
    const terms = await deps.terms.of(customers);
    const serverNow = deps.clock.now();
    const gathered = inputs.map((input, index) => {
      const customer = customers[index] ?? null;
      const now = nows && customer?.testClockId ? nowIn(nows, customer.testClockId) : serverNow;
      const rules = { catalogue, terms: terms[index] ?? NO_TERMS };
      return toCandidate(organizationId, input, customer, paths(index), rules, now);
    }) as (Operation | Outcome)[];
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
