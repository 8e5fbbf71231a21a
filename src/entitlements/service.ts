import type { Viewer } from '../access/viewer.ts';
import type { PriceBooks } from '../catalog/price-books.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import { isOutage } from '../infra/outage.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import { readConsumption } from './consumption.ts';
import { decide } from './decide.ts';
import { type DecisionBatch, decideBatch, type Gathered } from './decide-batch.ts';
import { type Decision, denied, unavailable } from './decision.ts';
import { type CanConsumeInput, type CanConsumeManyInput, planMany } from './plan-checks.ts';
import { createRules } from './rules.ts';
import { createStandings, type StandingsDeps } from './standings.ts';

export interface EntitlementsDeps extends StandingsDeps {
  readonly priceBooks: PriceBooks;
  readonly customers: {
    /** The ids of customers, in order; null for one that is not the organization's. */
    resolveMany(
      organizationId: Id<'organization'>,
      refs: readonly CustomerRef[],
    ): Promise<(Id<'customer'> | null)[]>;
  };
}

export type Entitlements = ReturnType<typeof createEntitlements>;

/** May they, before the work is done? Answered from memory, by what a charge would find. */
export function createEntitlements(deps: EntitlementsDeps) {
  const { clock, customers } = deps;
  const standings = createStandings(deps);
  const rulesOf = createRules(deps);

  /** What customers are decided on by; null when the database is away and too little is known. */
  async function gather(
    { organizationId, customerId }: Viewer,
    refs: readonly CustomerRef[],
  ): Promise<Gathered | null> {
    try {
      const resolved = await customers.resolveMany(organizationId, refs);
      const rules = await rulesOf(organizationId);
      // To a token every other customer is one that does not exist.
      const ids =
        customerId === null ? resolved : resolved.map((id) => (id === customerId ? id : null));
      return { ids, rules, standings: await standings.of(organizationId, ids) };
    } catch (error) {
      if (isOutage(error)) return null;
      throw error;
    }
  }

  async function canConsume(viewer: Viewer, input: CanConsumeInput): Promise<Decision | Invalid> {
    const gathered = await gather(viewer, [input.customer]);
    const now = clock.now();
    const otherwise = input.onUnavailable ?? 'DENY';
    if (!gathered) return unavailable(otherwise, 0, now);
    const { ids, rules, standings: found } = gathered;
    const consumption = readConsumption(input, '', rules, now);
    if (isRefusal(consumption)) return consumption;
    if (ids[0] == null) return denied('CUSTOMER_NOT_FOUND', 0, now);
    const [standing] = found;
    if (!standing) return unavailable(otherwise, 0, now);
    const { settlementWindowMs } = rules;
    return decide(standing, consumption, 0, { now, settlementWindowMs, wantsAvailable: true });
  }

  async function canConsumeMany(
    viewer: Viewer,
    input: CanConsumeManyInput,
  ): Promise<DecisionBatch | Invalid> {
    const plan = planMany(input);
    if (isRefusal(plan)) return plan;
    const gathered = await gather(viewer, plan.customers);
    return decideBatch(plan, gathered, clock.now());
  }

  return { canConsume, canConsumeMany, recheck: standings.recheck, close: standings.close };
}
