import type { Viewer } from '../access/viewer.ts';
import type { PriceBooks } from '../catalog/price-books.ts';
import { clocksOfCustomers, nowIn, readNows } from '../clocks/now-of.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { KnownCustomer } from '../customers/store.ts';
import { GivenUp, isOutage } from '../infra/outage.ts';
import { type Id, toTypeId } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import { type DecisionBatch, decideBatch } from './decide-batch.ts';
import { decideAt, type Gathered, openDecider } from './decider.ts';
import type { Decision } from './decision.ts';
import { type Entitlement, entitlementsOf } from './entitlement.ts';
import {
  type CanConsumeInput,
  type CanConsumeManyInput,
  type CheckPlan,
  planMany,
  planOne,
} from './plan-checks.ts';
import { createRules } from './rules.ts';
import { createStandings, type StandingsDeps } from './standings.ts';
import { readSubjectCounts } from './subject-counts.ts';
import { createUpsell } from './upsell.ts';

export interface EntitlementsDeps extends StandingsDeps {
  readonly priceBooks: PriceBooks;
  readonly customers: {
    /** The customers, in order; null for one that is not the organization's. */
    resolveMany(
      organizationId: Id<'organization'>,
      refs: readonly CustomerRef[],
    ): Promise<(KnownCustomer | null)[]>;
  };
}

export type Entitlements = ReturnType<typeof createEntitlements>;

/** May they, before the work is done? Answered from memory, by what a charge would find. */
export function createEntitlements(deps: EntitlementsDeps) {
  const { db, clock, customers, promised } = deps;
  const standings = createStandings(deps);
  const rulesOf = createRules(deps);

  /** What the customers of a plan are decided on by; null when the database is away and too little is known. */
  async function gather(viewer: Viewer, plan: CheckPlan): Promise<Gathered | null> {
    try {
      const gathered = await gatherCustomers(viewer, plan.customers);
      const subjects = await readSubjectCounts(db.direct, plan, gathered);
      const { customers: known, rules, standings: found, nows, now } = gathered;
      // Named one by one: it is made for every check.
      return { customers: known, rules, standings: found, subjects, nows, now };
    } catch (error) {
      if (isOutage(error)) return null;
      throw error;
    }
  }

  async function gatherCustomers(
    { organizationId, customerId }: Viewer,
    refs: readonly CustomerRef[],
  ): Promise<Omit<Gathered, 'subjects'>> {
    const resolved = await customers.resolveMany(organizationId, refs);
    const rules = await rulesOf(organizationId);
    // To a token every other customer is one that does not exist.
    const visible =
      customerId === null ? resolved : resolved.map((it) => (it?.id === customerId ? it : null));
    const found = await standings.of(organizationId, visible);
    const clockIds = clocksOfCustomers(visible);
    const nows = clockIds.length > 0 ? await readNows(db.direct, clockIds) : null;
    return { customers: visible, rules, standings: found, nows, now: clock.now() };
  }

  async function canConsume(viewer: Viewer, input: CanConsumeInput): Promise<Decision | Invalid> {
    const plan = planOne(input);
    const gathered = await gather(viewer, plan);
    const decision = decideAt(openDecider(plan, gathered, clock), 0, true);
    const { reason, issues } = decision;
    return reason === 'INPUT_INVALID' ? { refusal: 'Invalid', issues } : decision;
  }

  async function canConsumeMany(
    viewer: Viewer,
    input: CanConsumeManyInput,
  ): Promise<DecisionBatch | Invalid> {
    const plan = planMany(input);
    if (isRefusal(plan)) return plan;
    const gathered = await gather(viewer, plan);
    return decideBatch(openDecider(plan, gathered, clock));
  }

  /** The rights of a customer that the viewer may see. */
  async function listEntitlements(viewer: Viewer, customerId: string): Promise<Entitlement[]> {
    const gathered = await gatherCustomers(viewer, [{ id: toTypeId('customer', customerId) }]);
    const [standing] = gathered.standings;
    if (!standing) throw new GivenUp('What the customer has is not known.');
    const clockId = gathered.customers[0]?.testClockId ?? null;
    const now = gathered.nows && clockId ? nowIn(gathered.nows, clockId) : gathered.now;
    return entitlementsOf(standing, gathered.rules, now);
  }

  return {
    canConsume,
    canConsumeMany,
    listEntitlements,
    upsell: createUpsell(db.direct, promised.planRightsOf),
    recheck: standings.recheck,
    close: standings.close,
  };
}
