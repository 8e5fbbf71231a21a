import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Viewer } from '../access/viewer.ts';
import type { PriceBooks } from '../catalog/price-books.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import { isOutage } from '../infra/outage.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import { type Consumption, readConsumption } from './consumption.ts';
import { decide } from './decide.ts';
import { type Decision, type DecisionOutcome, type DecisionReason, NO_FACTS } from './decision.ts';
import {
  type CanConsumeInput,
  type CanConsumeManyInput,
  type CheckPlan,
  MAX_CHECKS,
  planMany,
  planOne,
} from './plan-checks.ts';
import { createRules } from './rules.ts';
import type { Standing } from './standing.ts';
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

/** The decisions of one request. */
export interface DecisionBatch {
  /** One for each check, in order. */
  readonly outcomes: readonly DecisionOutcome[];
  readonly reasons: readonly (DecisionReason | null)[];
  /** Of the oldest thing that one of them was decided on. */
  readonly asOf: Date;
  /** All that is known of the decisions with one of these outcomes: the first of them, `MAX_CHECKS`. */
  decisions(outcomes: readonly DecisionOutcome[] | null): Decision[];
}

/** Decides on one check of a plan. */
type DecideAt = (index: number, wantsAvailable: boolean) => Decision;

/** Checks that are decided on before somebody else has a turn: a few milliseconds. */
const CHECKS_IN_A_TURN = 1_000;

/** May they, before the work is done? Answered from memory, by what a charge would find. */
export function createEntitlements(deps: EntitlementsDeps) {
  const { clock, customers } = deps;
  const standings = createStandings(deps);
  const rulesOf = createRules(deps);

  /** What the checks of a plan are decided on; null when the database is away and too little is known. */
  async function gather({ organizationId, customerId }: Viewer, plan: CheckPlan) {
    try {
      const [resolved, rules] = await Promise.all([
        customers.resolveMany(organizationId, plan.customers),
        rulesOf(organizationId),
      ]);
      // To a token every other customer is one that does not exist.
      const ids = resolved.map((id) => (customerId === null || id === customerId ? id : null));
      const known = [...new Set(ids.filter((id) => id !== null))];
      const found = await standings.of(organizationId, known);
      return { ids, rules, standingOf: new Map(known.map((id, at) => [id, found[at] ?? null])) };
    } catch (error) {
      if (isOutage(error)) return null;
      throw error;
    }
  }

  /** A single check that is wrong is answered by what is wrong with it. */
  async function prepare(viewer: Viewer, plan: CheckPlan): Promise<DecideAt> {
    const gathered = await gather(viewer, plan);
    const now = clock.now();
    if (!gathered) return (index) => unavailable(plan, index, now);
    const { ids, rules, standingOf } = gathered;
    const { settlementWindowMs } = rules;
    const read = plan.consumptions.map((input, at) =>
      readConsumption(input, plan.pathOf(at), rules, now),
    );
    const deciding = [false, true].map((wantsAvailable) => ({
      now,
      settlementWindowMs,
      wantsAvailable,
    }));
    return (index, wantsAvailable) => {
      const consumption = read[plan.consumptionOf(index)] as Consumption | Invalid;
      if (isRefusal(consumption)) return misread(consumption, index, now);
      const id = ids[plan.customerOf(index)];
      if (id == null) return denied('CUSTOMER_NOT_FOUND', index, now);
      const standing = standingOf.get(id) as Standing | null;
      if (!standing) return unavailable(plan, index, now);
      return decide(standing, consumption, index, deciding[Number(wantsAvailable)] as never);
    };
  }

  async function canConsume(viewer: Viewer, input: CanConsumeInput): Promise<Decision | Invalid> {
    const decideAt = await prepare(viewer, planOne(input));
    const decision = decideAt(0, true);
    const { reason, issues } = decision;
    return reason === 'INPUT_INVALID' ? { refusal: 'Invalid', issues } : decision;
  }

  async function canConsumeMany(
    viewer: Viewer,
    input: CanConsumeManyInput,
  ): Promise<DecisionBatch | Invalid> {
    const plan = planMany(input);
    if (isRefusal(plan)) return plan;
    const decideAt = await prepare(viewer, plan);
    return batchOf(plan.count, decideAt);
  }

  return { canConsume, canConsumeMany, recheck: standings.recheck, close: standings.close };
}

async function batchOf(count: number, decideAt: DecideAt): Promise<DecisionBatch> {
  const outcomes: DecisionOutcome[] = [];
  const reasons: (DecisionReason | null)[] = [];
  let asOf: Date | null = null;
  for (let index = 0; index < count; index += 1) {
    if (index > 0 && index % CHECKS_IN_A_TURN === 0) await nextTurn();
    const decision = decideAt(index, false);
    outcomes.push(decision.outcome);
    reasons.push(decision.reason);
    if (asOf === null || decision.asOf < asOf) asOf = decision.asOf;
  }
  return {
    outcomes,
    reasons,
    asOf: asOf as Date,
    decisions(wanted) {
      const decisions: Decision[] = [];
      for (const [index, outcome] of outcomes.entries()) {
        if (decisions.length === MAX_CHECKS) break;
        if (wanted === null || wanted.includes(outcome)) decisions.push(decideAt(index, true));
      }
      return decisions;
    },
  };
}

function denied(reason: DecisionReason, index: number, asOf: Date): Decision {
  return { outcome: 'DENY', reason, index, asOf, ...NO_FACTS };
}

function misread({ issues }: Invalid, index: number, asOf: Date): Decision {
  return { ...denied('INPUT_INVALID', index, asOf), issues };
}

function unavailable(plan: CheckPlan, index: number, asOf: Date): Decision {
  const outcome = plan.onUnavailableOf(index);
  return { outcome, reason: 'UNAVAILABLE', index, asOf, ...NO_FACTS };
}
