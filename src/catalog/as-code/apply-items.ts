import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { isRefusal } from '../../kit/refusal.ts';
import type { CreateAssetInput } from '../asset.ts';
import type { CatalogRoom } from '../change.ts';
import { createAsset } from '../create-asset.ts';
import { createBillableMetric } from '../create-billable-metric.ts';
import { createFeature } from '../create-feature.ts';
import type { CreateFeatureInput } from '../feature.ts';
import type { CreateBillableMetricInput } from '../metric.ts';
import { type SaveCreditPackInput, saveCreditPack } from '../packs/save.ts';
import { findPack } from '../packs/store.ts';
import { differencesOf } from '../plans/difference.ts';
import { publishPlan } from '../plans/publish.ts';
import { type SavePlanDraftInput, savePlanDraft } from '../plans/save-draft.ts';
import { findPlan } from '../plans/store.ts';
import type { CatalogChange, CatalogNoun } from './change.ts';

/** One transaction, whoever asked for it, and the room with all of its verbs inside of it. */
export interface Whereabouts {
  readonly tx: Tx;
  readonly viewer: Viewer;
  readonly room: CatalogRoom;
}

export async function applyAsset({ room, viewer }: Whereabouts, input: CreateAssetInput) {
  const outcome = await createAsset(room, viewer, input);
  if (isRefusal(outcome)) return outcome;
  return outcome.created ? [created('ASSET', input.code)] : [];
}

export async function applyMetric({ room, viewer }: Whereabouts, input: CreateBillableMetricInput) {
  const outcome = await createBillableMetric(room, viewer, input);
  if (isRefusal(outcome)) return outcome;
  return outcome.created ? [created('METRIC', input.code)] : [];
}

export async function applyFeature({ room, viewer }: Whereabouts, input: CreateFeatureInput) {
  const outcome = await createFeature(room, viewer, input);
  if (isRefusal(outcome)) return outcome;
  return outcome.created ? [created('FEATURE', input.code)] : [];
}

export async function applyPack({ room, tx, viewer }: Whereabouts, input: SaveCreditPackInput) {
  const before = await findPack(tx, viewer, input.code);
  const outcome = await saveCreditPack(room, viewer, input);
  if (isRefusal(outcome)) return outcome;
  if (!outcome.changed) return [];
  if (!before) return [created('PACK', input.code)];
  const after = await findPack(tx, viewer, input.code);
  return [changed('PACK', input.code, wholeOf(before), wholeOf(after))];
}

export async function applyPlan(
  { room, tx, viewer }: Whereabouts,
  input: SavePlanDraftInput,
  publish: boolean,
) {
  const before = await findPlan(tx, viewer, input.code);
  const saved = await savePlanDraft(room, viewer, input);
  if (isRefusal(saved)) return saved;
  const changes: CatalogChange[] = [];
  if (saved.changed && !before) changes.push(created('PLAN', input.code));
  if (saved.changed && before) {
    const after = await findPlan(tx, viewer, input.code);
    const version = (plan: typeof before | null) => plan?.draft ?? plan?.latest ?? null;
    const whole = (plan: typeof before | null) =>
      wholeOf(plan && { ...plan, definition: version(plan)?.definition });
    changes.push(changed('PLAN', input.code, whole(before), whole(after)));
  }
  if (!publish) return changes;
  const published = await publishPlan(room, viewer, { plan: input.code });
  if (isRefusal(published)) return published;
  if (published.published) changes.push({ ...created('PLAN', input.code), action: 'PUBLISH' });
  return changes;
}

function created(noun: CatalogNoun, name: string): CatalogChange {
  return { noun, name, action: 'CREATE', differences: [] };
}

function changed(noun: CatalogNoun, name: string, before: object, after: object): CatalogChange {
  return { noun, name, action: 'CHANGE', differences: differencesOf(before, after) };
}

interface Whole {
  readonly name: string;
  readonly description?: string | null;
  readonly definition: unknown;
}

/** As a file writes it: the name beside what the definition says. */
function wholeOf(stored: Whole | null): object {
  const { name, description = null, definition } = stored ?? {};
  return { name, description, ...(definition as object | undefined) };
}
