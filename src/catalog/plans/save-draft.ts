import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { canonicalJson } from '../../kit/canonical.ts';
import { createChecker } from '../../kit/check.ts';
import { fromTypeId } from '../../kit/ids.ts';
import { type Conflict, conflict, type Invalid, type NotFound } from '../../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import { type PlanDocument, toDocument } from './document.ts';
import { readDefinition, storedDefinition } from './read-definition.ts';
import { resolveNames } from './resolve-names.ts';
import {
  deleteDraft,
  findPlan,
  insertDraft,
  insertPlan,
  type PlanFields,
  type StoredPlan,
  updateDraft,
  updatePlan,
} from './store.ts';

export interface SavePlanDraftInput {
  readonly code: string;
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly definition: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

export interface PlanDraftSaved {
  readonly planId: string;
  /** The draft, or the published version that says the same. */
  readonly versionId: string;
  /** False when everything was so already. */
  readonly changed: boolean;
}

/** Makes a plan say what the input says, as its draft; a published version that says so is as good. */
export async function savePlanDraft(room: CatalogRoom, viewer: Viewer, input: SavePlanDraftInput) {
  const check = createChecker();
  const code = check.code('code', input.code);
  if (fromTypeId('plan', code)) check.note('code', 'NOT_ALLOWED', 'Must not look like an id.');
  check.optionalText('name', input.name, 255);
  check.optionalText('description', input.description, 1_000);
  const definition = readDefinition(check, 'definition', input.definition);
  const fault = check.fault();
  if (fault) return fault;
  const call = { operation: 'savePlanDraft', input };
  return changeCatalogue(
    room,
    viewer,
    call,
    async (tx, now): Promise<PlanDraftSaved | Conflict | NotFound | Invalid> => {
      const names = await resolveNames(tx, viewer, 'definition', definition);
      if ('refusal' in names) return names;
      const existing = await findPlan(tx, viewer, code);
      if (existing?.archivedAt) return conflict('code', `Plan "${code}" is archived.`);
      const fields = fieldsOf(existing, input);
      const plan = existing ?? (await insertPlan(tx, viewer, fields, now));
      const isRenamed = existing !== null && !hasFields(existing, fields);
      if (isRenamed) await updatePlan(tx, existing, fields, now);
      const saved = await save(tx, plan, toDocument(definition), now);
      return { planId: plan.id, ...saved, changed: saved.changed || isRenamed };
    },
  );
}

/** What was left out stays as it is; a description of null is taken away. */
function fieldsOf(existing: StoredPlan | null, input: SavePlanDraftInput): PlanFields {
  return {
    code: input.code,
    name: input.name ?? existing?.name ?? input.code,
    description:
      input.description === undefined ? (existing?.description ?? null) : input.description,
  };
}

function hasFields(plan: StoredPlan, fields: PlanFields): boolean {
  return plan.name === fields.name && plan.description === fields.description;
}

async function save(
  tx: Tx,
  { draft, latest, ...plan }: StoredPlan,
  document: PlanDocument,
  now: Date,
): Promise<{ readonly versionId: string; readonly changed: boolean }> {
  if (draft && saysTheSame(draft, document)) return { versionId: draft.id, changed: false };
  if (latest && saysTheSame(latest, document)) {
    if (draft) await deleteDraft(tx, draft.id);
    return { versionId: latest.id, changed: draft !== null };
  }
  if (draft) await updateDraft(tx, draft.id, document, now);
  const { id } = draft ?? (await insertDraft(tx, { ...plan, draft, latest }, document, now));
  return { versionId: id, changed: true };
}

/** Read and written again, so that what was stored before the document had a further field compares. */
function saysTheSame(version: { readonly definition: unknown }, document: PlanDocument): boolean {
  const stored = toDocument(storedDefinition(version.definition));
  return canonicalJson(stored) === canonicalJson(document);
}
