import { createChecker } from '../../kit/check.ts';
import { type Exact, exact } from '../../kit/decimal.ts';
import { readFields } from '../../kit/fields.ts';
import type { Invalid } from '../../kit/refusal.ts';
import { readEffectiveFrom } from '../rate.ts';

export interface CreateExchangeRateInput {
  /** Codes or TypeIDs. */
  readonly from: string;
  readonly to: string;
  readonly spendRate?: unknown;
  readonly topUpRate?: unknown;
  readonly effectiveAt?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

/** What one of an asset is worth in another; null: nothing is said about it. */
export interface ExchangeTerms {
  readonly spendRate: Exact | null;
  readonly topUpRate: Exact | null;
}

export interface ExchangeDraft extends ExchangeTerms {
  /** Null is from now on. */
  readonly effectiveAt: Date | null;
}

/** The first rate that is too large: one of anything is not worth a million millions of anything else. */
const RATE_LIMIT: Exact = exact('1000000000000');

export function readExchangeRate(input: CreateExchangeRateInput): ExchangeDraft | Invalid {
  const check = createChecker();
  const { spendRate, topUpRate } = input;
  const names = ['spendRate', 'topUpRate'] as const;
  const fields = readFields(check, '', { spendRate, topUpRate }, names);
  const terms = {
    spendRate: fields.optionalPositive('spendRate'),
    topUpRate: fields.optionalPositive('topUpRate'),
  };
  for (const name of names) {
    if ((terms[name] ?? 0n) < RATE_LIMIT) continue;
    check.note(name, 'OUT_OF_RANGE', 'At most 12 digits before the decimal point.');
  }
  if (!names.some(fields.has)) {
    check.note('spendRate', 'REQUIRED', 'Give spendRate, topUpRate, or both.');
  }
  const effectiveAt = readEffectiveFrom(check, 'effectiveAt', input.effectiveAt);
  return check.fault() ?? { ...terms, effectiveAt };
}

/** Whether what is there says all that is said; what is left out is no claim. */
export function says(there: ExchangeTerms, { spendRate, topUpRate }: ExchangeTerms): boolean {
  return (
    (spendRate === null || there.spendRate === spendRate) &&
    (topUpRate === null || there.topUpRate === topUpRate)
  );
}
