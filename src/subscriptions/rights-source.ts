import type { CountingPeriods } from './counting-periods.ts';
import type { PlanRights, RightsByFeature } from './plan-rights.ts';

/** A subscription that gives rights, for as long as it was on one version of its plan. */
export interface RightsSource {
  readonly from: Date;
  /** Null: until now. */
  readonly until: Date | null;
  readonly seats: number;
  readonly periods: CountingPeriods;
  readonly plan: PlanRights;
  /** Codes of the add-ons that were taken. */
  readonly addOns: readonly string[];
  /** What this subscription has in place of what its plan says. */
  readonly overrides: RightsByFeature;
}
