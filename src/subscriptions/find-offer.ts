import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { fromTypeId } from '../kit/ids.ts';
import { type Conflict, conflict, type NotFound, notFound } from '../kit/refusal.ts';
import { type Offer, offerOf } from './offer.ts';
import { findLatestVersion, findPlan, findPublished } from './store.ts';

/**
 * What a name stands for that can be subscribed to: the TypeID of a published version, or the code or TypeID
 * of a plan, of which it is the version that was published last.
 */
export async function findOffer(
  tx: Tx,
  viewer: Viewer,
  path: string,
  name: string,
): Promise<Offer | NotFound | Conflict> {
  const versionId = fromTypeId('planVersion', name);
  if (versionId) {
    const version = await findPublished(tx, viewer, versionId);
    return version ? offerOf(version) : notFound(path, 'PlanVersion', name);
  }
  const id = fromTypeId('plan', name);
  const plan = await findPlan(tx, viewer, id ? { id } : { code: name });
  if (!plan) return notFound(path, 'Plan', name);
  if (plan.archivedAt) return conflict(path, 'It is archived and takes no new subscribers.');
  const version = await findLatestVersion(tx, plan.id);
  return version ? offerOf(version) : conflict(path, 'Nothing of it is published yet.');
}
