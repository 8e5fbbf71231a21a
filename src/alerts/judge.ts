import { type Exact, max, ONE, ZERO } from '../kit/decimal.ts';
import type { AlertKind } from '../live/event.ts';
import { isAboutSpend, type Rule } from './rule.ts';
import { burnRate, type Measured, projectedEmpty, type Spend } from './spend.ts';

/** A rule that is crossed and has not recovered yet. */
export interface ActiveAlert {
  readonly id: string;
  readonly ruleId: string;
  readonly kind: AlertKind;
  readonly told: boolean;
}

/** What a wallet's rules are judged on. */
export interface Standing {
  readonly rules: readonly Rule[];
  readonly active: readonly ActiveAlert[];
  readonly settled: Exact;
  /** Whether it has more than before by a credit. */
  readonly isCredit: boolean;
  /** What it had right after the last credit; null before the first. */
  readonly base: Exact | null;
  /** Whether it was empty when it was judged last. */
  readonly wasDepleted: boolean;
  readonly spend: Spend;
  readonly now: Date;
}

/** An alert that has to be raised. */
export interface Raising {
  readonly rule: Rule;
  /** As it is shown: nothing for a depletion. */
  readonly threshold: Exact;
  readonly observed: Exact;
  /** False when a more severe one is raised at once. */
  readonly told: boolean;
  /** Over as soon as it is told. */
  readonly isMomentary: boolean;
}

export interface Verdict {
  readonly raised: readonly Raising[];
  readonly recovered: readonly ActiveAlert[];
  readonly base: Exact | null;
  readonly isDepleted: boolean;
  /** The highest threshold that is not crossed; null when there is none. */
  readonly below: Exact | null;
  readonly tracksSpend: boolean;
}

/** A rule about what is left, and below what it is crossed. */
interface Step {
  readonly rule: Rule;
  readonly threshold: Exact;
}

/** The smallest amount above nothing: what is below it is nothing or a debt. People are shown nothing. */
const ANYTHING: Exact = 1n;

/**
 * Judges all rules of a wallet. Those about what is left are one ladder: of several that are crossed at once
 * the most severe alone is told, and each is armed again by recovering. Pure.
 */
export function judge(standing: Standing): Verdict {
  const { rules, active, settled } = standing;
  const base = baseOf(standing);
  const isDepleted = base !== null && settled <= ZERO;
  const ladder = rules.flatMap((rule) => stepOf(rule, base) ?? []);
  const crossed = ladder.filter(({ threshold }) => settled < threshold);
  const measured = rules.filter(isAboutSpend).map((rule) => ({ rule, ...measure(rule, standing) }));
  const holding = new Set(
    [...crossed, ...measured.filter((each) => each.isCrossed)].map(({ rule }) => rule.id),
  );
  const isActive = new Set(active.map(({ ruleId }) => ruleId));
  const isFresh = ({ rule }: { rule: Rule }) => holding.has(rule.id) && !isActive.has(rule.id);
  return {
    raised: [
      ...raisedOf(crossed.filter(isFresh), settled),
      ...measured.filter(isFresh).map((each) => ({ ...each, told: true, isMomentary: false })),
      ...(standing.wasDepleted && !isDepleted ? recoveries(rules, settled) : []),
    ],
    recovered: active.filter(({ ruleId }) => !holding.has(ruleId)),
    base,
    isDepleted,
    below: belowOf(rules, ladder, base, settled),
    tracksSpend: rules.some(isAboutSpend),
  };
}

/**
 * A credit that leaves a debt is nothing to take percents of. A wallet that has something though no credit
 * was seen got it before it had rules.
 */
function baseOf({ base, isCredit, settled }: Standing): Exact | null {
  return settled > ZERO && (isCredit || base === null) ? settled : base;
}

/** Null for a rule that is not about what is left, and for a wallet that never had anything to fall from. */
function stepOf(rule: Rule, base: Exact | null): Step | null {
  const { condition } = rule;
  if (base === null) return null;
  if (condition.kind === 'BELOW_AMOUNT') return { rule, threshold: condition.amount };
  if (condition.kind === 'DEPLETED') return { rule, threshold: ANYTHING };
  if (condition.kind !== 'BELOW_PERCENT') return null;
  return { rule, threshold: (base * condition.percent) / (100n * ONE) };
}

function raisedOf(fresh: readonly Step[], settled: Exact): Raising[] {
  const [mostSevere] = [...fresh].sort(bySeverity);
  return fresh.map((step) => ({
    rule: step.rule,
    threshold: step.rule.condition.kind === 'DEPLETED' ? ZERO : step.threshold,
    observed: settled,
    told: step === mostSevere,
    isMomentary: false,
  }));
}

/** The lower the threshold the worse. */
function bySeverity(a: Step, b: Step): number {
  if (a.threshold !== b.threshold) return a.threshold < b.threshold ? -1 : 1;
  return a.rule.id < b.rule.id ? -1 : 1;
}

const NOTHING_MEASURED: Measured = { isCrossed: false, threshold: ZERO, observed: ZERO };

function measure({ condition }: Rule, { spend, settled, now }: Standing): Measured {
  if (condition.kind === 'BURN_RATE') return burnRate(condition, spend, now) ?? NOTHING_MEASURED;
  if (condition.kind !== 'PROJECTED_EMPTY') return NOTHING_MEASURED;
  return projectedEmpty(condition.hours, spend, settled, now) ?? NOTHING_MEASURED;
}

function recoveries(rules: readonly Rule[], settled: Exact): Raising[] {
  return rules
    .filter(({ condition }) => condition.kind === 'RECOVERED')
    .map((rule) => ({ rule, threshold: ZERO, observed: settled, told: true, isMomentary: true }));
}

/** A rule about recovering has to see that the wallet is depleted. */
function belowOf(
  rules: readonly Rule[],
  ladder: readonly Step[],
  base: Exact | null,
  settled: Exact,
): Exact | null {
  const thresholds = ladder.map(({ threshold }) => threshold);
  if (base !== null && rules.some(({ condition }) => condition.kind === 'RECOVERED')) {
    thresholds.push(ANYTHING);
  }
  return thresholds
    .filter((threshold) => threshold <= settled)
    .reduce<Exact | null>((highest, each) => (highest === null ? each : max(highest, each)), null);
}
