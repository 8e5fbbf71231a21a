import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Decider, decideAt } from './decider.ts';
import type { Decision, DecisionOutcome, DecisionReason } from './decision.ts';
import { MAX_CHECKS } from './plan-checks.ts';

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

/** Checks that are decided on before somebody else has a turn: a few milliseconds. */
const CHECKS_IN_A_TURN = 1_000;

/** Each check by itself. What is known of one is found out again when somebody asks for it: few do. */
export async function decideBatch(decider: Decider): Promise<DecisionBatch> {
  const { count } = decider.plan;
  const outcomes: DecisionOutcome[] = [];
  const reasons: (DecisionReason | null)[] = [];
  let asOf: Date | null = null;
  for (let index = 0; index < count; index += 1) {
    if (index > 0 && index % CHECKS_IN_A_TURN === 0) await nextTurn();
    const decision = decideAt(decider, index, false);
    outcomes.push(decision.outcome);
    reasons.push(decision.reason);
    if (asOf === null || decision.asOf < asOf) asOf = decision.asOf;
  }
  if (asOf === null) throw new Error('A batch of no checks was decided on.');
  return {
    outcomes,
    reasons,
    asOf,
    decisions(wanted) {
      const decisions: Decision[] = [];
      for (const [index, outcome] of outcomes.entries()) {
        if (decisions.length === MAX_CHECKS) break;
        if (wanted === null || wanted.includes(outcome))
          decisions.push(decideAt(decider, index, true));
      }
      return decisions;
    },
  };
}
