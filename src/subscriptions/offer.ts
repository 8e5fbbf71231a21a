import type { PlanDefinition } from '../catalog/plans/definition.ts';
import { publishedDefinition } from '../catalog/plans/published-definition.ts';
import type { LedgerAsset } from '../ledger/change-wallet.ts';

/** A version of a plan as a subscription has it. */
export interface Offer {
  readonly planId: string;
  readonly planVersionId: string;
  readonly planCode: string;
  readonly planName: string;
  /** Whether the plan takes no new subscribers. */
  readonly isArchived: boolean;
  readonly definition: PlanDefinition;
}

/** One that was published, as it is committed. */
interface VersionRow {
  readonly id: string;
  readonly planId: string;
  readonly definition: unknown;
  readonly plan: {
    readonly code: string;
    readonly name: string;
    readonly archivedAt: Date | null;
  };
}

export function offerOf({ id, planId, definition, plan }: VersionRow): Offer {
  return {
    planId,
    planVersionId: id,
    planCode: plan.code,
    planName: plan.name,
    isArchived: plan.archivedAt !== null,
    definition: publishedDefinition({ id, definition }),
  };
}

/** The codes of all assets that a subscription to it pays or gets. */
export function assetCodesOf({ definition }: Offer): string[] {
  const { asset, credits, trial, addOns } = definition;
  const given = [credits, trial?.credits ?? [], ...addOns.map((addOn) => addOn.credits)].flat();
  return [...(asset === null ? [] : [asset]), ...given.map((each) => each.asset)];
}

/** An asset of the organization by its code; a plan names only what exists. */
export function assetNamed<Asset extends LedgerAsset>(
  assets: readonly Asset[],
  code: string,
): Asset {
  const asset = assets.find((each) => each.code === code);
  if (!asset) throw new Error(`A plan names the asset ${code}, which does not exist.`);
  return asset;
}
