import type { Viewer } from '../access/viewer.ts';
import { nowIn, readNows } from '../clocks/now-of.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { KnownCustomer } from '../customers/store.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { NO_TERMS } from '../subscriptions/terms.ts';
import { toCandidate } from './candidate.ts';
import type { Candidate, Outcome, UsageEventInput } from './event.ts';
import { createGroupCommit, type GroupCommitDeps } from './group-commit.ts';

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
  /** Whether there is room for little more. */
  isFull(): boolean;
  /** Answers everybody who waits by a `GivenUp`, and begins nothing more. */
  giveUp(): void;
  /** Resolves when everything that was taken has been committed. */
  idle(): Promise<void>;
}

/** Where an event stands in the input, as a prefix of the paths of its issues. */
export type Paths = (index: number) => string;

/** The walk of a charge: gather, rate, and commit together with whatever else is waiting. */
export function createRecorder(deps: UsageDeps): Recorder {
  const together = createGroupCommit(deps);

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
    const clockIds = clocksOf(customers);
    const nows = clockIds.length > 0 ? await readNows(deps.db.direct, clockIds) : null;
    const terms = await deps.terms.of(customers);
    const serverNow = deps.clock.now();
    const gathered = inputs.map((input, index) => {
      const customer = customers[index] ?? null;
      const now = nows && customer?.testClockId ? nowIn(nows, customer.testClockId) : serverNow;
      const rules = { catalogue, terms: terms[index] ?? NO_TERMS };
      return toCandidate(organizationId, input, customer, paths(index), rules, now);
    });
    const candidates = gathered.filter((item): item is Candidate => !isRefusal(item));
    if (candidates.length === 0) return gathered as Outcome[];
    const committed = await together.submit(candidates);
    let next = 0;
    return gathered.map((item) => (isRefusal(item) ? item : committed[next++]) as Outcome);
  }

  return { record, isFull: together.isFull, giveUp: together.giveUp, idle: together.idle };
}

/** The test clocks that some of the customers go by: mostly none. */
function clocksOf(customers: readonly (KnownCustomer | null)[]): string[] {
  const clockIds: string[] = [];
  for (const customer of customers) if (customer?.testClockId) clockIds.push(customer.testClockId);
  return clockIds;
}
