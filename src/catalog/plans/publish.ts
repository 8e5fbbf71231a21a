import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import {
  type Conflict,
  conflict,
  type Invalid,
  type NotFound,
  notFound,
} from '../../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import { bumpCatalogue } from '../store.ts';
import { insertCard } from './insert-card.ts';
import { storedDefinition } from './read-definition.ts';
import { resolveWhole } from './resolve-whole.ts';
import { findPlan, publishDraft, type StoredPlan } from './store.ts';

export interface PublishPlanInput {
  readonly plan: string;
  readonly number?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface PlanPublished {
  readonly planId: string;
  readonly versionId: string;
  /** False when it had been published already. */
  readonly published: boolean;
}

/** Makes a draft the version that new subscribers get. From then on it never changes. */
export async function publishPlan(room: CatalogRoom, viewer: Viewer, input: PublishPlanInput) {
  const call = { operation: 'publishPlan', input };
  return changeCatalogue(
    room,
    viewer,
    call,
    async (tx, now): Promise<PlanPublished | NotFound | Conflict | Invalid> => {
      const plan = await findPlan(tx, viewer, input.plan);
      if (!plan) return notFound('plan', 'Plan', input.plan);
      if (plan.archivedAt) return conflict('plan', `Plan "${plan.code}" is archived.`);
      const version = versionToPublish(plan, input.number ?? null);
      if ('refusal' in version) return version;
      if (version.status === 'PUBLISHED') {
        return { planId: plan.id, versionId: version.id, published: false };
      }
      const refusal = await publish(tx, viewer, plan, version, now);
      return refusal ?? { planId: plan.id, versionId: version.id, published: true };
    },
  );
}

type Version = NonNullable<StoredPlan['draft']>;

/** The draft; without one what was published last, because then it has been published. */
function versionToPublish(
  { draft, latest, code }: StoredPlan,
  number: number | null,
): Version | NotFound | Conflict {
  const version = draft ?? latest;
  if (!version) return notFound('plan', 'PlanVersion', code);
  if (number === null || number === version.number) return version;
  if (number === latest?.number) return latest;
  const is = draft ? `The draft of "${code}" is` : `The last version of "${code}" is`;
  return conflict('number', `${is} number ${version.number}.`);
}

async function publish(
  tx: Tx,
  viewer: Viewer,
  plan: StoredPlan,
  draft: Version,
  now: Date,
): Promise<NotFound | Invalid | null> {
  const definition = storedDefinition(draft.definition);
  const names = await resolveWhole(tx, viewer, 'plan', definition);
  if ('refusal' in names) return names;
  const cardCode = `${plan.code}@${draft.number}`;
  const rateCardId = await insertCard(tx, viewer, { cardCode, definition, names, now });
  await publishDraft(tx, draft.id, rateCardId, now);
  await bumpCatalogue(tx, viewer);
  return null;
}
