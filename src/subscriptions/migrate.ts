import { inOrganization, type Viewer } from '../access/viewer.ts';
import { fromTypeId, toTypeId } from '../kit/ids.ts';
import {
  type CommonRefusal,
  type Conflict,
  conflict,
  invalid,
  isRefusal,
  type NotFound,
  notFound,
} from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import type { CreditsPolicy } from './change-credits.ts';
import { changePlan, policyFault } from './change-plan.ts';
import { findOffer } from './find-offer.ts';
import type { Offer } from './offer.ts';
import { previewChange } from './preview.ts';
import { FIND_BEHIND } from './sql/find-behind.ts';
import { findPublished } from './store.ts';
import type { Line, SubscriptionsDeps } from './work.ts';

export interface MigrateInput {
  /** A plan, or one of its versions. */
  readonly to: string;
  /** Those on this version only. */
  readonly from?: string | null | undefined;
  /** These only. */
  readonly subscriptions?: readonly string[] | null | undefined;
  readonly when: 'NOW' | 'PERIOD_END';
  readonly credits?: CreditsPolicy | null | undefined;
  readonly preview?: boolean | null | undefined;
  readonly after?: string | null | undefined;
}

/** What became of one subscription, or would. */
export interface Migrated {
  readonly subscriptionId: string;
  readonly lines: readonly Line[];
  /** Why it stays as it is; null when it does not. */
  readonly refusal: CommonRefusal | InsufficientFunds | null;
}

export interface Migration {
  readonly outcomes: readonly Migrated[];
  /** The last subscription that was looked at; null when there are no more. */
  readonly next: string | null;
}

/** Subscriptions that one call moves; each is a transaction of its own. */
const MIGRATED_AT_ONCE = 100;

/**
 * Moves the subscriptions of a plan to a version of it, some or all, a hundred at a time in the order of
 * their ids; or says what that would do. One that is refused stays, and keeps none of the others.
 */
export async function migrateSubscriptions(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: MigrateInput,
): Promise<Migration | CommonRefusal> {
  const fault = policyFault(input);
  if (fault) return fault;
  const behind = input.after == null ? null : fromTypeId('subscription', input.after);
  if (input.after != null && behind === null) {
    const message = 'Give the `next` of the call before.';
    return invalid({ path: 'after', code: 'BAD_FORMAT', message });
  }
  const offer = await deps.db.transaction((tx) => findOffer(tx, viewer, 'to', input.to));
  if (isRefusal(offer)) return offer;
  const missing = await findMissing(deps, viewer, offer, input);
  if (missing) return missing;
  const { organizationId } = viewer;
  const rows = await deps.db.direct.query<{ id: string }>(FIND_BEHIND, [
    organizationId,
    offer.planId,
    offer.planVersionId,
    input.from == null ? null : (fromTypeId('planVersion', input.from) ?? NOWHERE),
    behind,
    input.subscriptions?.map((each) => fromTypeId('subscription', each) ?? NOWHERE) ?? null,
    MIGRATED_AT_ONCE + 1,
  ]);
  const page = rows.slice(0, MIGRATED_AT_ONCE);
  const outcomes: Migrated[] = [];
  for (const { id } of page) {
    outcomes.push(await migrateOne(deps, viewer, id, offer.planVersionId, input));
  }
  const last = page.at(-1);
  const next = rows.length > page.length && last ? toTypeId('subscription', last.id) : null;
  return { outcomes, next };
}

/** Whatever is named has to be there, so that nobody takes a slip of the pen for work that is done. */
async function findMissing(
  { db }: SubscriptionsDeps,
  viewer: Viewer,
  { planId }: Offer,
  { from, subscriptions }: MigrateInput,
): Promise<NotFound | Conflict | null> {
  if (from != null) {
    const id = fromTypeId('planVersion', from);
    const version = id && (await findPublished(db, viewer, id));
    if (!version) return notFound('from', 'PlanVersion', from);
  }
  const named = (subscriptions ?? []).map((each) => fromTypeId('subscription', each));
  const found = await db.prisma.subscription.findMany({
    where: { ...inOrganization(viewer), id: { in: named.filter((id) => id !== null) } },
    select: { id: true, planId: true },
  });
  const planOf = new Map(found.map((each) => [each.id, each.planId]));
  for (const [index, id] of named.entries()) {
    const path = `subscriptions.${index}`;
    const plan = planOf.get(id ?? '');
    if (plan === undefined) return notFound(path, 'PlanSubscription', subscriptions?.[index] ?? '');
    if (plan !== planId) return conflict(path, 'It is on another plan.');
  }
  return null;
}

/** What names nothing finds nothing. */
const NOWHERE = '00000000-0000-0000-0000-000000000000';

async function migrateOne(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  subscriptionId: string,
  planVersionId: string,
  { when, credits, preview }: MigrateInput,
): Promise<Migrated> {
  const change = {
    subscription: toTypeId('subscription', subscriptionId),
    plan: toTypeId('planVersion', planVersionId),
    when,
    credits,
  };
  const outcome = preview
    ? await previewChange(deps, viewer, change)
    : await changePlan(deps, viewer, 'migrateSubscriptions', change);
  if (isRefusal(outcome)) return { subscriptionId, lines: [], refusal: outcome };
  return { subscriptionId, lines: 'lines' in outcome ? outcome.lines : [], refusal: null };
}
