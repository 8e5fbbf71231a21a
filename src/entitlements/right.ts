import type { EntitlementDefinition } from '../catalog/plans/definition.ts';
import { type Exact, max } from '../kit/decimal.ts';
import type { Period } from '../metering/period.ts';
import type { RightsSource } from '../subscriptions/rights-source.ts';

/** What a customer may do with a feature, from all subscriptions together. */
export interface Right extends Omit<EntitlementDefinition, 'feature' | 'perSeat'> {
  /** What PERIOD is at that instant; null where no subscription has begun one. */
  readonly period: Period | null;
}

/**
 * The right to a feature at an instant: what the plan says of it, or the subscription in its place, and what
 * add-ons and other subscriptions add. Null when nothing is said.
 */
export function rightOf(sources: readonly RightsSource[], feature: string, at: Date): Right | null {
  let right: Right | null = null;
  for (const source of sources) {
    if (source.from > at || (source.until !== null && source.until <= at)) continue;
    const { plan, addOns, overrides } = source;
    right = withMore(right, overrides.get(feature) ?? plan.own.get(feature), source, at);
    for (const code of addOns) {
      right = withMore(right, plan.addOns.get(code)?.get(feature), source, at);
    }
  }
  return right;
}

function withMore(
  right: Right | null,
  entitlement: EntitlementDefinition | undefined,
  source: RightsSource,
  at: Date,
): Right | null {
  if (!entitlement) return right;
  const more = toRight(entitlement, source, at);
  return right === null ? more : together(right, more);
}

function toRight(
  entitlement: EntitlementDefinition,
  { seats, periods }: RightsSource,
  at: Date,
): Right {
  const { perSeat, limit } = entitlement;
  // Named one by one: it is made for every check.
  return {
    enabled: entitlement.enabled,
    limit: limit !== null && perSeat ? limit * BigInt(seats) : limit,
    reset: entitlement.reset,
    whenExceeded: entitlement.whenExceeded,
    windows: entitlement.windows,
    perSubject: entitlement.perSubject,
    spendCap: entitlement.spendCap,
    period: periods.at(at),
  };
}

/**
 * Limits add up; of everything else the more generous counts. Of the reset it is the first, and of spend caps that
 * cannot be compared.
 */
function together(one: Right, other: Right): Right {
  if (!one.enabled) return other;
  if (!other.enabled) return one;
  return {
    ...one,
    limit: one.limit === null || other.limit === null ? null : one.limit + other.limit,
    whenExceeded:
      LENIENCE.find((it) => it === one.whenExceeded || it === other.whenExceeded) ?? 'DENY',
    windows: mostOf([...one.windows, ...other.windows]),
    perSubject: higher(one.perSubject, other.perSubject),
    spendCap: higherCap(one.spendCap, other.spendCap),
    period: one.period ?? other.period,
  };
}

const LENIENCE = ['ALLOW', 'THROTTLE', 'DENY'] as const;

/** The highest cap of each length. */
function mostOf(windows: Right['windows']): Right['windows'] {
  const caps = new Map<string, Right['windows'][number]>();
  for (const window of windows) {
    const known = caps.get(window.per);
    if (!known || known.limit < window.limit) caps.set(window.per, window);
  }
  return [...caps.values()];
}

/** The higher amount in the same asset and the same time; otherwise the first. Null is no cap of its own. */
function higherCap(one: Right['spendCap'], other: Right['spendCap']): Right['spendCap'] {
  if (one === null || other === null) return one ?? other;
  const isAlike = one.asset === other.asset && one.per === other.per;
  return isAlike && other.amount > one.amount ? other : one;
}

/** Null is no bound of its own. */
function higher(one: Exact | null, other: Exact | null): Exact | null {
  if (one === null || other === null) return one ?? other;
  return max(one, other);
}
