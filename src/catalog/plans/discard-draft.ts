import type { Viewer } from '../../access/viewer.ts';
import { type NotFound, notFound } from '../../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import { deleteDraft, findPlan } from './store.ts';

export interface DiscardPlanDraftInput {
  readonly plan: string;
  readonly idempotencyKey?: string | null | undefined;
}

export interface PlanDraftDiscarded {
  readonly planId: string;
  /** False when the plan had no draft. */
  readonly discarded: boolean;
}

export async function discardPlanDraft(
  room: CatalogRoom,
  viewer: Viewer,
  input: DiscardPlanDraftInput,
) {
  const call = { operation: 'discardPlanDraft', input };
  return changeCatalogue(room, viewer, call, async (tx): Promise<PlanDraftDiscarded | NotFound> => {
    const plan = await findPlan(tx, viewer, input.plan);
    if (!plan) return notFound('plan', 'Plan', input.plan);
    if (plan.draft) await deleteDraft(tx, plan.draft.id);
    return { planId: plan.id, discarded: plan.draft !== null };
  });
}
