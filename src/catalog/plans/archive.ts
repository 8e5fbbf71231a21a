import type { Viewer } from '../../access/viewer.ts';
import { type NotFound, notFound } from '../../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import { findPlan, updatePlan } from './store.ts';

export interface ArchivePlanInput {
  readonly plan: string;
  readonly archived?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface PlanArchived {
  readonly planId: string;
}

/** Takes a plan out of what is offered, or puts it back. Who is on it stays on it. */
export async function archivePlan(room: CatalogRoom, viewer: Viewer, input: ArchivePlanInput) {
  const call = { operation: 'archivePlan', input };
  return changeCatalogue(room, viewer, call, async (tx, now): Promise<PlanArchived | NotFound> => {
    const plan = await findPlan(tx, viewer, input.plan);
    if (!plan) return notFound('plan', 'Plan', input.plan);
    const archived = input.archived ?? true;
    if (archived !== (plan.archivedAt !== null)) {
      await updatePlan(tx, plan, { archivedAt: archived ? now : null }, now);
    }
    return { planId: plan.id };
  });
}
