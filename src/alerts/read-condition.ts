import type { Checker } from '../kit/check.ts';
import { MINUTE_MS } from '../kit/clock.ts';
import { ONE } from '../kit/decimal.ts';
import type { Condition } from './rule.ts';
import { BUCKET_MS } from './spend.ts';

/** What a rule asks for, as it was sent: one of these. */
export interface ConditionInput {
  readonly belowAmount?: unknown;
  readonly belowPercent?: unknown;
  readonly depleted?: boolean | null | undefined;
  readonly recovered?: boolean | null | undefined;
  readonly burnRate?: BurnRateInput | null | undefined;
  readonly projectedEmptyHours?: number | null | undefined;
  readonly grantExpiringDays?: number | null | undefined;
}

export interface BurnRateInput {
  readonly multiple: unknown;
  readonly windowMinutes?: number | null | undefined;
  readonly trailingHours?: number | null | undefined;
  readonly minimum: unknown;
}

const PERCENT_SCALE = 4;
const HUNDRED = 100n * ONE;
const DAY_MINUTES = 24 * 60;
const WEEK_HOURS = 7 * 24;
const YEAR_DAYS = 365;
const STEP_MINUTES = BUCKET_MS / MINUTE_MS;
const DEFAULT_WINDOW_MINUTES = 60;
const DEFAULT_TRAILING_HOURS = 24;

/** Whether it names an amount, which means nothing without an asset. */
export function needsAsset(input: ConditionInput): boolean {
  return input.belowAmount != null || input.burnRate != null;
}

/** Checks what a rule asks for. `scale` is that of the asset that amounts are in. */
export function readCondition(check: Checker, input: ConditionInput, scale: number): Condition {
  if (input.belowAmount != null) {
    const amount = check.positive('condition.belowAmount', input.belowAmount, scale);
    return { kind: 'BELOW_AMOUNT', amount };
  }
  if (input.belowPercent != null) return readPercent(check, input.belowPercent);
  if (input.burnRate != null) return readBurnRate(check, input.burnRate, scale);
  if (input.projectedEmptyHours != null) {
    const path = 'condition.projectedEmptyHours';
    const hours = check.integer(path, input.projectedEmptyHours, 1, YEAR_DAYS * 24);
    return { kind: 'PROJECTED_EMPTY', hours };
  }
  if (input.grantExpiringDays != null) {
    const path = 'condition.grantExpiringDays';
    const days = check.integer(path, input.grantExpiringDays, 1, YEAR_DAYS);
    return { kind: 'GRANT_EXPIRING', days };
  }
  return readFlag(check, input);
}

/** A flag can only be set: what is not asked for is left out. */
function readFlag(check: Checker, { depleted, recovered }: ConditionInput): Condition {
  if (depleted !== true && recovered !== true) {
    check.note('condition', 'REQUIRED', 'Say what to raise an alert for; a flag can only be true.');
  }
  return { kind: recovered === true ? 'RECOVERED' : 'DEPLETED' };
}

function readPercent(check: Checker, raw: unknown): Condition {
  const path = 'condition.belowPercent';
  const percent = check.positive(path, raw, PERCENT_SCALE);
  if (percent > HUNDRED) check.note(path, 'OUT_OF_RANGE', 'At most 100.');
  return { kind: 'BELOW_PERCENT', percent };
}

function readBurnRate(check: Checker, input: BurnRateInput, scale: number): Condition {
  const at = (field: string) => `condition.burnRate.${field}`;
  const multiple = check.positive(at('multiple'), input.multiple, PERCENT_SCALE);
  if (multiple < ONE) check.note(at('multiple'), 'OUT_OF_RANGE', 'At least 1.');
  const windowMinutes = check.integer(
    at('windowMinutes'),
    input.windowMinutes ?? DEFAULT_WINDOW_MINUTES,
    STEP_MINUTES,
    DAY_MINUTES,
  );
  if (windowMinutes % STEP_MINUTES !== 0) {
    check.note(at('windowMinutes'), 'NOT_ALLOWED', `A multiple of ${STEP_MINUTES}.`);
  }
  const trailingHours = check.integer(
    at('trailingHours'),
    input.trailingHours ?? DEFAULT_TRAILING_HOURS,
    1,
    WEEK_HOURS,
  );
  if (trailingHours * 60 < windowMinutes) {
    check.note(at('trailingHours'), 'OUT_OF_RANGE', 'At least as long as the window.');
  }
  const minimum = check.positive(at('minimum'), input.minimum, scale);
  return { kind: 'BURN_RATE', multiple, windowMinutes, trailingHours, minimum };
}
