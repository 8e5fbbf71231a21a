import type { Viewer } from '../access/viewer.ts';
import type { Queryable } from '../infra/db.ts';
import type { Exact } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import { createSharedReads } from '../kit/shared-reads.ts';
import type { PlanRights, PlanRightsOf } from '../subscriptions/plan-rights.ts';
import type { Decision } from './decision.ts';
import { type OfferedRow, READ_OFFERED } from './sql/read-offered.ts';

/** What would turn a denial into something allowed. */
export interface Upsell {
  readonly topUpAmount: Exact | null;
  /** Of plans that are offered, oldest first. */
  readonly planIds: readonly string[];
}

/** Null where nothing that is sold would help. */
export type UpsellOf = (viewer: Viewer, decision: Decision) => Promise<Upsell | null>;

/** Plans that are named at the most. */
export const MAX_PLANS = 10;

/** Asked for by many decisions of a request at once, and answered by one query. */
export function createUpsell(direct: Queryable, planRightsOf: PlanRightsOf): UpsellOf {
  const readOffered = createSharedReads(async (organizationIds) => {
    const rows = await direct.query<OfferedRow>(READ_OFFERED, [organizationIds]);
    return groupBy(rows, (row) => row.organization_id);
  });

  return async ({ organizationId }, { outcome, shortfall, lacking }) => {
    if (outcome !== 'DENY') return null;
    if (lacking === null) {
      return shortfall === null ? null : { topUpAmount: shortfall, planIds: [] };
    }
    const offered = (await readOffered(organizationId)) ?? [];
    const rightsOf = await planRightsOf(offered.map(({ id }) => id));
    const helping = offered.filter(({ id }) => covers(rightsOf.get(id), lacking));
    return { topUpAmount: null, planIds: helping.slice(0, MAX_PLANS).map((row) => row.plan_id) };
  };
}

function covers(
  rights: PlanRights | undefined,
  { feature, quantity }: NonNullable<Decision['lacking']>,
): boolean {
  const right = rights?.own.get(feature);
  if (!right?.enabled) return false;
  return right.limit === null || right.limit >= quantity;
}
