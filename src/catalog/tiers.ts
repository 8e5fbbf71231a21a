import type { Checker } from '../kit/check.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Tier } from '../rating/rate-terms.ts';

/** A tier as it is sent. */
export interface TierFields {
  readonly upTo?: unknown;
  readonly unitAmount?: unknown;
  readonly flatAmount?: unknown;
}

export const MAX_TIERS = 50;

/**
 * Reads tiers in their order. Each begins where the one before it ends, so that none can overlap and
 * nothing lies between; only the last has no end.
 */
export function readTiers(
  check: Checker,
  path: string,
  raw: readonly TierFields[] | null | undefined,
): Tier[] {
  if (!raw) return [];
  if (raw.length === 0) check.note(path, 'TOO_FEW', 'Give at least one tier.');
  if (raw.length > MAX_TIERS) {
    check.note(path, 'TOO_MANY', `At most ${MAX_TIERS} tiers.`);
    return [];
  }
  let from: Exact = ZERO;
  return raw.map((fields, at) => {
    const tier = readTier(check, `${path}.${at}`, fields, at === raw.length - 1, from);
    from = tier.upTo ?? from;
    return tier;
  });
}

function readTier(
  check: Checker,
  path: string,
  { upTo: raw, unitAmount, flatAmount }: TierFields,
  isLast: boolean,
  from: Exact,
): Tier {
  if (unitAmount == null && flatAmount == null) {
    check.note(path, 'REQUIRED', 'Give the tier a unitAmount, a flatAmount or both.');
  }
  const amounts = {
    unitAmount: check.nonNegative(`${path}.unitAmount`, unitAmount ?? '0'),
    flatAmount: check.nonNegative(`${path}.flatAmount`, flatAmount ?? '0'),
  };
  if (isLast !== (raw == null)) {
    if (isLast)
      check.note(`${path}.upTo`, 'NOT_ALLOWED', 'The last tier has no end: leave it out.');
    else check.note(`${path}.upTo`, 'REQUIRED', 'Only the last tier has no end.');
    return { upTo: null, ...amounts };
  }
  if (raw == null) return { upTo: null, ...amounts };
  const upTo = check.positive(`${path}.upTo`, raw);
  if (upTo > ZERO && upTo <= from) {
    check.note(`${path}.upTo`, 'OUT_OF_RANGE', 'Must be above the end of the tier before it.');
  }
  return { upTo, ...amounts };
}
