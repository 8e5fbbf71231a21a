import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { readConsumption } from './consumption.ts';
import { decide } from './decide.ts';
import {
  type Decision,
  type DecisionOutcome,
  type DecisionReason,
  denied,
  unavailable,
} from './decision.ts';
import { type CheckPlan, MAX_CHECKS } from './plan-checks.ts';
import type { Rules } from './rules.ts';
import type { Standing } from './standing.ts';

/** What customers are decided on by, in the order in which they were named. */
export interface Gathered {
  /** Null for one that the viewer may not see. */
  readonly ids: readonly (Id<'customer'> | null)[];
  readonly rules: Rules;
  /** Null where the database is away and nothing is known. */
  readonly standings: readonly (Standing | null)[];
}

/** The decisions of one request. */
export interface DecisionBatch {
  /** One for each check, in order. */
  readonly outcomes: readonly DecisionOutcome[];
  readonly reasons: readonly (DecisionReason | null)[];
  /** Of the oldest thing that one of them was decided on. */
  readonly asOf: Date;
  /** All that is known of the decisions with one of these outcomes: of the first `MAX_CHECKS` of them. */
  decisions(outcomes: readonly DecisionOutcome[] | null): Decision[];
}

/** Decides on one check of a plan. */
type DecideAt = (index: number, wantsAvailable: boolean) => Decision;

/** Checks that are decided on before somebody else has a turn: a few milliseconds. */
const CHECKS_IN_A_TURN = 1_000;

/** Each check by itself. What is known of one is found out again when somebody asks for it: few do. */
export async function decideBatch(
  plan: CheckPlan,
  gathered: Gathered | null,
  now: Date,
): Promise<DecisionBatch> {
  const decideAt = gathered
    ? decider(plan, gathered, now)
    : (index: number) => unavailable(plan.onUnavailableOf(index), index, now);
  const outcomes: DecisionOutcome[] = [];
  const reasons: (DecisionReason | null)[] = [];
  let asOf = now;
  for (let index = 0; index < plan.count; index += 1) {
    if (index > 0 && index % CHECKS_IN_A_TURN === 0) await nextTurn();
    const decision = decideAt(index, false);
    outcomes.push(decision.outcome);
    reasons.push(decision.reason);
    if (decision.asOf < asOf) asOf = decision.asOf;
  }
  return {
    outcomes,
    reasons,
    asOf,
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

/** Consumptions are read and rated once, for all customers. */
function decider(plan: CheckPlan, { ids, rules, standings }: Gathered, now: Date): DecideAt {
  const { settlementWindowMs } = rules;
  const quick = { now, settlementWindowMs, wantsAvailable: false };
  const whole = { now, settlementWindowMs, wantsAvailable: true };
  const consumptions = plan.consumptions.map((input, at) =>
    readConsumption(input, plan.pathOf(at), rules, now),
  );
  return (index, wantsAvailable) => {
    const consumption = consumptions[plan.consumptionOf(index)];
    if (!consumption) throw new Error('A plan names a consumption that it does not have.');
    if (isRefusal(consumption)) return denied('INPUT_INVALID', index, now, consumption.issues);
    const at = plan.customerOf(index);
    if (ids[at] == null) return denied('CUSTOMER_NOT_FOUND', index, now);
    const standing = standings[at];
    if (!standing) return unavailable(plan.onUnavailableOf(index), index, now);
    return decide(standing, consumption, index, wantsAvailable ? whole : quick);
  };
}
