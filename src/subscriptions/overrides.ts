import type { Viewer } from '../access/viewer.ts';
import type { PlanDefinition } from '../catalog/plans/definition.ts';
import { toDocument } from '../catalog/plans/document.ts';
import { insertCard } from '../catalog/plans/insert-card.ts';
import { readDefinition } from '../catalog/plans/read-definition.ts';
import { resolveNames } from '../catalog/plans/resolve-names.ts';
import { lockCatalogue } from '../catalog/store.ts';
import type { Tx } from '../infra/db.ts';
import { canonicalJson } from '../kit/canonical.ts';
import { createChecker } from '../kit/check.ts';
import { toTypeId } from '../kit/ids.ts';
import {
  type CommonRefusal,
  conflict,
  type Invalid,
  isRefusal,
  type NotFound,
} from '../kit/refusal.ts';
import { changeSubscription, type SubscriptionChanged } from './change-subscription.ts';
import { otherCurrency } from './currency.ts';
import { writeTerms } from './store.ts';
import type { Overrides, SubscriptionState } from './subscription.ts';
import { offerNow, type SubscriptionsDeps, tell } from './work.ts';

/** Prices and entitlements as a plan says them. */
export interface OverridesInput {
  readonly prices?: readonly unknown[] | null | undefined;
  readonly entitlements?: readonly unknown[] | null | undefined;
}

type Overridden = Pick<SubscriptionState, 'id' | 'organizationId' | 'overrides'>;

/** Where they stand in the input. */
const PATH = 'overrides';

/**
 * Checks what a subscription shall have in place of what its plan says, as if it were a part of that, and makes a
 * rate card of the prices: rating reads prices nowhere else.
 */
export async function makeOverrides(
  tx: Tx,
  viewer: Viewer,
  { id, organizationId, overrides: former }: Overridden,
  plan: PlanDefinition,
  input: OverridesInput | null | undefined,
  now: Date,
): Promise<Overrides | NotFound | Invalid> {
  const prices = input?.prices ?? [];
  const entitlements = input?.entitlements ?? [];
  const number = (former.number ?? 0) + 1;
  if (prices.length + entitlements.length === 0) return { number };
  const check = createChecker();
  // With seats, so that rights may be for each of them: whether the plan has any is for the plan to say.
  const definition = readDefinition(check, PATH, { prices, entitlements, seats: {} });
  const fault = check.fault();
  if (fault) return fault;
  await lockCatalogue(tx, viewer);
  const names = await resolveNames(tx, viewer, PATH, definition);
  if (isRefusal(names)) return names;
  const other = await otherCurrency({ tx, organizationId, path: PATH }, plan, definition);
  if (other) return other;
  const { prices: priceDocuments, entitlements: rights } = toDocument(definition);
  const kept = { number, prices: priceDocuments, entitlements: rights };
  // The same prices need no other card.
  if (former.rateCardId && canonicalJson(priceDocuments) === canonicalJson(former.prices)) {
    return { ...kept, number: former.number ?? number, rateCardId: former.rateCardId };
  }
  const cardCode = `${toTypeId('subscription', id)}@${number}`;
  // It is in no catalogue: whoever rates by it finds it through the terms, and those are others now.
  const rateCardId = await insertCard(tx, viewer, { cardCode, definition, names, now });
  return rateCardId === null ? kept : { ...kept, rateCardId };
}

export interface OverrideInput {
  readonly subscription: string;
  readonly overrides: OverridesInput;
  readonly idempotencyKey?: string | null | undefined;
}

/** From now on the subscription has these prices and rights of its own, and no others. */
export function overrideSubscription(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: OverrideInput,
): Promise<SubscriptionChanged | CommonRefusal> {
  const { subscription } = input;
  const call = { operation: 'overrideSubscription', input };
  return changeSubscription(
    deps,
    {
      viewer,
      call,
      subscription,
      // As whoever subscribes does, so that the two do not wait for each other.
      lockFirst: async (tx) => {
        await lockCatalogue(tx, viewer);
        return null;
      },
    },
    async (work) => {
      const { state, tx, now } = work;
      if (state.status === 'CANCELED') return conflict('subscription', 'It has ended.');
      const { definition } = offerNow(work);
      const overrides = await makeOverrides(tx, viewer, state, definition, input.overrides, now);
      if (isRefusal(overrides)) return overrides;
      state.overrides = overrides;
      const hasTerms = state.startedAt !== null && state.status !== 'PAUSED';
      if (hasTerms) await writeTerms(tx, state, state.planVersionId, now, now);
      tell(work, 'subscription.updated');
      return { subscriptionId: state.id };
    },
  );
}
