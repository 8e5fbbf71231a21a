import { createChecker } from '../../kit/check.ts';
import { type Exact, roundTo } from '../../kit/decimal.ts';
import type { Invalid } from '../../kit/refusal.ts';
import type { LedgerAsset } from '../../ledger/change-wallet.ts';
import { type PaidAsset, paidScale } from '../offer.ts';
import type { RechargePeriod } from './rule.ts';

/** What a rule shall be. Decimals are not checked yet. */
export interface SaveRechargeRuleInput {
  readonly wallet: string;
  readonly threshold: unknown;
  readonly amount?: unknown;
  readonly target?: unknown;
  readonly currency?: string | null | undefined;
  readonly method: string;
  readonly period?: RechargePeriod | null | undefined;
  readonly maxAmount: unknown;
  readonly maxCount: number;
  readonly cooldownSeconds?: number | null | undefined;
  readonly expiresAfterDays?: number | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface ReadTerms {
  readonly threshold: Exact;
  readonly amount: Exact | null;
  readonly target: Exact | null;
  readonly period: RechargePeriod;
  readonly maxAmount: Exact;
  readonly maxCount: number;
  readonly cooldownSeconds: number;
  readonly expiresAfterDays: number | null;
  readonly enabled: boolean;
}

const MAX_COUNT = 1_000;
const MAX_DAYS = 3_650;
/** A week. */
const MAX_COOLDOWN_S = 604_800;
/** What is set up carelessly is not charged again before somebody could have heard of it. */
const DEFAULT_COOLDOWN_S = 60;

/** Checks what a rule says; `paid` is what it is paid in. */
export function readTerms(
  input: SaveRechargeRuleInput,
  wallet: LedgerAsset,
  paid: PaidAsset,
): ReadTerms | Invalid {
  const check = createChecker();
  const { expiresAfterDays: days } = input;
  const terms: ReadTerms = {
    threshold: check.nonNegative('threshold', input.threshold, wallet.scale),
    amount: input.amount == null ? null : check.positive('amount', input.amount, paid.scale),
    target: input.target == null ? null : check.positive('target', input.target, wallet.scale),
    period: input.period ?? 'MONTH',
    maxAmount: check.positive('maxAmount', input.maxAmount, paid.scale),
    maxCount: check.integer('maxCount', input.maxCount, 1, MAX_COUNT),
    cooldownSeconds: check.integer(
      'cooldownSeconds',
      input.cooldownSeconds ?? DEFAULT_COOLDOWN_S,
      0,
      MAX_COOLDOWN_S,
    ),
    expiresAfterDays: days == null ? null : check.integer('expiresAfterDays', days, 1, MAX_DAYS),
    enabled: input.enabled ?? true,
  };
  const fault = check.fault();
  if (fault) return fault;
  if ((terms.amount === null) === (terms.target === null)) {
    check.note('amount', 'REQUIRED', 'Say either what is paid each time, or `target`.');
  }
  if (terms.target !== null && terms.target <= terms.threshold) {
    check.note('target', 'OUT_OF_RANGE', 'Must be above the threshold.');
  }
  // Whoever is below the threshold lacks more than what is between it and the target.
  const least =
    terms.target !== null && wallet.id === paid.id ? terms.target - terms.threshold : null;
  const isTooMuch = terms.amount !== null && terms.amount > terms.maxAmount;
  if (isTooMuch || (least !== null && least >= terms.maxAmount)) {
    check.note('maxAmount', 'OUT_OF_RANGE', 'It would allow not one recharge.');
  }
  const places = paidScale(paid);
  if (terms.amount !== null && roundTo(terms.amount, places) !== terms.amount) {
    check.note('amount', 'SCALE_EXCEEDED', `${paid.code} is paid in ${places} decimal places.`);
  }
  return check.fault() ?? terms;
}
