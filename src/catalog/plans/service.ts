import type { Viewer } from '../../access/viewer.ts';
import type { CatalogRoom } from '../change.ts';
import { type ArchivePlanInput, archivePlan } from './archive.ts';
import { type DiscardPlanDraftInput, discardPlanDraft } from './discard-draft.ts';
import { findDifference } from './find-difference.ts';
import { findWholeVersion } from './find-whole-version.ts';
import { type PublishPlanInput, publishPlan } from './publish.ts';
import { createPlanReads } from './read-store.ts';
import { type SavePlanDraftInput, savePlanDraft } from './save-draft.ts';

/** What is sold by the period: plans, in versions that never change once they are published. */
export function createPlans(room: CatalogRoom) {
  const reads = createPlanReads(room.db);
  return {
    ...reads,
    savePlanDraft: (viewer: Viewer, input: SavePlanDraftInput) =>
      savePlanDraft(room, viewer, input),
    publishPlan: (viewer: Viewer, input: PublishPlanInput) => publishPlan(room, viewer, input),
    discardPlanDraft: (viewer: Viewer, input: DiscardPlanDraftInput) =>
      discardPlanDraft(room, viewer, input),
    archivePlan: (viewer: Viewer, input: ArchivePlanInput) => archivePlan(room, viewer, input),
    findDifference: (viewer: Viewer, versions: { readonly from: string; readonly to: string }) =>
      findDifference(reads, viewer, versions),
    findWholeVersion: (viewer: Viewer, path: string, name: string) =>
      findWholeVersion(room.db, viewer, path, name),
  };
}
