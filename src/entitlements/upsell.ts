import type { Viewer } from '../access/viewer.ts';
import { storedPack } from '../catalog/packs/definition.ts';
import { quotePack } from '../catalog/packs/quote.ts';
import type { Queryable } from '../infra/db.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import { createSharedReads } from '../kit/shared-reads.ts';
import { periodAt } from '../subscriptions/periods.ts';
import type { PlanRights, PlanRightsOf } from '../subscriptions/plan-rights.ts';
import type { Decision, DecisionReason, Lacking } from './decision.ts';
import { countedOnTop } from './on-top.ts';
import { type Span, spanAt } from './span.ts';
import {
  type OfferedRow,
  READ_OFFERED,
  READ_SOLD_PACKS,
  type SoldPackRow,
} from './sql/read-offered.ts';

/** What would turn a denial into something allowed. */
export interface Upsell {
  readonly topUpAmount: Exact | null;
  /** Of plans that are offered, oldest first. */
  readonly planIds: readonly string[];
  /** Credit packs that are sold and would cover it, oldest first. */
  readonly packs: readonly UpsellPack[];
}

/** So many of a pack. */
export interface UpsellPack {
  readonly packId: string;
  readonly quantity: number;
}

/** Null where nothing that is sold would help. */
export type UpsellOf = (viewer: Viewer, decision: Decision) => Promise<Upsell | null>;

/** Plans, and packs, that are named at the most. */
export const MAX_NAMED = 10;

/** Asked for by many decisions of a request at once, and answered by one query. */
export function createUpsell(direct: Queryable, planRightsOf: PlanRightsOf): UpsellOf {
  const readOffered = createSharedReads(async (organizationIds) => {
    const rows = await direct.query<OfferedRow>(READ_OFFERED, [organizationIds]);
    return groupBy(rows, (row) => row.organization_id);
  });

  const readPacks = createSharedReads(async (organizationIds) => {
    const rows = await direct.query<SoldPackRow>(READ_SOLD_PACKS, [organizationIds]);
    return groupBy(rows, (row) => row.organization_id);
  });

  return async ({ organizationId }, { outcome, assetId, shortfall, lacking }) => {
    if (outcome !== 'DENY') return null;
    if (lacking === null) {
      if (shortfall === null) return null;
      const sold = (await readPacks(organizationId)) ?? [];
      const ofAsset = sold.filter((row) => row.asset_id === assetId);
      const packs = ofAsset.flatMap((row) => soMany(row, shortfall)).slice(0, MAX_NAMED);
      return { topUpAmount: shortfall, planIds: [], packs };
    }
    const offered = (await readOffered(organizationId)) ?? [];
    const rightsOf = await planRightsOf(offered.map(({ id }) => id));
    const helping = offered.filter(({ id }) => covers(rightsOf.get(id), lacking));
    const planIds = helping.slice(0, MAX_NAMED).map((row) => row.plan_id);
    return { topUpAmount: null, planIds, packs: [] };
  };
}

/** The fewest of a pack that cover an amount; none where the most that are sold at once do not. */
function soMany({ id, definition, scale }: SoldPackRow, amount: Exact): UpsellPack[] {
  const pack = storedPack(definition);
  const bringsEnough = (quantity: number) => {
    const quote = quotePack(pack, quantity, { creditScale: scale, priceMinorUnits: scale });
    return quote.amount + quote.bonus >= amount;
  };
  if (!bringsEnough(pack.maxQuantity)) return [];
  // More packs never bring less, so that the boundary is found by halving.
  let [low, high] = [0, pack.maxQuantity];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (bringsEnough(middle)) high = middle;
    else low = middle;
  }
  return [{ packId: id, quantity: high }];
}

/** Whether the right of a plan covers it by everything that ends it: what is used so far counts there, too. */
function covers(rights: PlanRights | undefined, lacking: Lacking): boolean {
  const right = rights?.own.get(lacking.use.feature.code);
  if (!rights || !right?.enabled) return false;
  const { limit, reset, windows, perSubject, spendCap } = right;
  const boundOf = (reason: DecisionReason, of: string | null = null) => {
    const bound = lacking.bounds.find((each) => each.reason === reason && each.of === of);
    return bound ? bound.used + bound.wanted : null;
  };
  const wanted = (span: Span, reason: DecisionReason, of: string | null = null) =>
    boundOf(reason, of) ?? countedAnew(rights, lacking, span);
  return (
    (limit === null || wanted(reset, 'LIMIT_REACHED') <= limit) &&
    windows.every(({ per, limit: cap }) => wanted(per, 'WINDOW_LIMIT_REACHED', per) <= cap) &&
    (perSubject === null ||
      !lacking.isOfSubject ||
      wanted(reset, 'SUBJECT_LIMIT_REACHED') <= perSubject) &&
    (spendCap === null || (boundOf('SPEND_CAP_REACHED', spendCap.asset) ?? ZERO) <= spendCap.amount)
  );
}

/** What it would count where nothing is counted yet, in a subscription that begins then. */
function countedAnew({ interval }: PlanRights, { use, at }: Lacking, span: Span): Exact {
  // Of all others it is as much in any span.
  if (use.aggregation !== 'TIME_WEIGHTED_SUM') return use.quantity;
  const period = periodAt({ at, timeZone: 'UTC' }, interval, at);
  return countedOnTop(use, at, ZERO, spanAt(span, at, period));
}
