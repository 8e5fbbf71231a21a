import type { EntitlementDefinition } from '../catalog/plans/definition.ts';
import { storedDefinition } from '../catalog/plans/read-definition.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { createRecent } from '../kit/recent.ts';
import type { Interval } from './periods.ts';
import { type PlanVersionRow, READ_PLAN_VERSIONS } from './sql/read-plan-versions.ts';
import { intervalOf } from './subscription.ts';

/** Rights by the code of the feature. */
export type RightsByFeature = ReadonlyMap<string, EntitlementDefinition>;

/** What a version of a plan gives a right to, and what its add-ons do. */
export interface PlanRights {
  readonly own: RightsByFeature;
  /** By the code of the add-on. */
  readonly addOns: ReadonlyMap<string, RightsByFeature>;
  /** How long its billing periods are. */
  readonly interval: Interval;
}

/** The rights of versions by their ids. */
export type PlanRightsOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, PlanRights>>;

const REMEMBERED_VERSIONS = 1_000;

/** A published version never changes, so that it is read once. */
export function createPlanRights({ direct }: { readonly direct: Queryable }): PlanRightsOf {
  const remembered = createRecent<PlanRights>(REMEMBERED_VERSIONS);

  return async (ids) => {
    const unknown = [...new Set(ids)].filter((id) => !remembered.get(id));
    const found = new Map<string, PlanRights>();
    if (unknown.length > 0) {
      const given = [arrayLiteral(unknown, (id) => id)];
      for (const row of await direct.query<PlanVersionRow>(READ_PLAN_VERSIONS, given)) {
        const rights = rightsOf(row.definition);
        found.set(row.id, rights);
        remembered.set(row.id, rights);
      }
    }
    for (const id of ids) {
      const rights = found.get(id) ?? remembered.get(id);
      if (rights) found.set(id, rights);
    }
    return found;
  };
}

function rightsOf(document: unknown): PlanRights {
  const definition = storedDefinition(document);
  const { entitlements, addOns } = definition;
  return {
    own: byFeature(entitlements),
    addOns: new Map(addOns.map((addOn) => [addOn.code, byFeature(addOn.entitlements)])),
    interval: intervalOf(definition),
  };
}

export function byFeature(entitlements: readonly EntitlementDefinition[]): RightsByFeature {
  return new Map(entitlements.map((entitlement) => [entitlement.feature, entitlement]));
}
