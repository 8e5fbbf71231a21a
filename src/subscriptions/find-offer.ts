import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { isStorable } from '../kit/check.ts';
import { fromTypeId } from '../kit/ids.ts';
import { type Conflict, conflict, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import { type Offer, offerOf } from './offer.ts';
import { findLatestVersion, findPlan, findPublished } from './store.ts';
import type { SubscriptionState } from './subscription.ts';

/** The same for whoever is not on the plan yet. */
export async function findOpenOffer(
  tx: Tx,
  viewer: Viewer,
  path: string,
  name: string,
): Promise<Offer | NotFound | Conflict> {
  const offer = await findOffer(tx, viewer, path, name);
  return isRefusal(offer) ? offer : (closedTo(offer, path) ?? offer);
}

/** Why nobody comes to it anew; null when they may. */
export function closedTo({ isArchived }: Offer, path: string): Conflict | null {
  return isArchived ? conflict(path, 'It is archived and takes no new subscribers.') : null;
}

/**
 * What a subscription may be changed to. A customer's token is shown what is for sale now, and what its own
 * subscription is on or will be on; whatever else there is does not exist for it, by no name.
 */
export async function findChange(
  tx: Tx,
  viewer: Viewer,
  state: SubscriptionState,
  name: string,
): Promise<Offer | NotFound | Conflict> {
  const offer = await findOffer(tx, viewer, 'plan', name);
  if (viewer.kind === 'CUSTOMER' && (isRefusal(offer) || !(await isShown(tx, state, offer)))) {
    const what = fromTypeId('planVersion', name) ? 'PlanVersion' : 'Plan';
    return notFound('plan', what, name);
  }
  if (isRefusal(offer) || offer.planId === state.planId) return offer;
  return closedTo(offer, 'plan') ?? offer;
}

async function isShown(tx: Tx, state: SubscriptionState, offer: Offer): Promise<boolean> {
  const { planId, planVersionId, isArchived } = offer;
  if (planVersionId === state.planVersionId) return true;
  if (planVersionId === state.scheduled?.planVersionId) return true;
  if (isArchived && planId !== state.planId) return false;
  return (await findLatestVersion(tx, planId))?.id === planVersionId;
}

/**
 * What a name stands for that can be subscribed to: the TypeID of a published version, or the code or TypeID
 * of a plan, of which it is the version that was published last. Those who are on it may stay when it is archived.
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
  const plan = isStorable(name) ? await findPlan(tx, viewer, id ? { id } : { code: name }) : null;
  if (!plan) return notFound(path, 'Plan', name);
  const version = await findLatestVersion(tx, plan.id);
  return version ? offerOf(version) : conflict(path, 'Nothing of it is published yet.');
}
