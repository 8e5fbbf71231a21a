import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import { type Exact, max, ZERO } from '../kit/decimal.ts';
import { BEFORE_ALL, fromTypeId, type Id, toTypeId } from '../kit/ids.ts';
import { type CommonRefusal, conflict, isRefusal, notFound, type Refusal } from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { begin } from './begin.ts';
import { missingPrefund } from './beginning.ts';
import { type ChangePlanInput, changePlan, type WantedTerms } from './change-plan.ts';
import { changeSubscription } from './change-subscription.ts';
import { findOffer } from './find-offer.ts';
import { beginPeriod } from './renew.ts';
import { offerNow, type SubscriptionsDeps, type Work } from './work.ts';

/** A change that is to be made at once. */
export type PaidChange = WantedTerms & Pick<ChangePlanInput, 'credits'>;

export interface MissingInput {
  readonly subscription: string;
  /** Null: for what it waits for. */
  readonly change: PaidChange | null;
  /** For how long it may be paid: a change may cost more at the end. */
  readonly openMs: number;
}

/** What the customer's `default` wallet lacks. */
export interface MissingFunds {
  readonly subscriptionId: Id<'subscription'>;
  readonly customerId: Id<'customer'>;
  readonly assetId: Id<'asset'>;
  readonly amount: Exact;
  /** What it is owed for, for people. */
  readonly description: string;
  /** With the version of the plan that it was reckoned for in the place of the plan. */
  readonly change: PaidChange | null;
}

/** Makes the transaction roll back, with what was found out. */
interface Found extends Refusal<'Found'> {
  readonly missing: MissingFunds;
}

interface Rehearsed extends Refusal<'Rehearsed'> {}

/**
 * What has to be paid into the wallet so that a subscription begins, is paid again, or changes: it is tried, and taken back.
 * Conflict: nothing is owed.
 */
export async function readMissing(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: MissingInput,
): Promise<MissingFunds | CommonRefusal> {
  if (input.change !== null) return missingForChange(deps, viewer, input, input.change);
  const call = { operation: 'readMissing', input: {} };
  const { subscription } = input;
  const found = await changeSubscription<Found | CommonRefusal>(
    deps,
    { viewer, call, subscription },
    async (work) => {
      const missing = await missingNow(work);
      return missing === null
        ? conflict('subscription', nothingMissing(work))
        : { refusal: 'Found', missing };
    },
  );
  return found.refusal === 'Found' ? found.missing : found;
}

function nothingMissing({ state }: Work): string {
  return `It is ${state.status}, and nothing is owed.`;
}

/** What begins it, or pays for the period that it could not pay; null when nothing is missing. */
async function missingNow(work: Work): Promise<MissingFunds | null> {
  const { state, now } = work;
  const isPending = state.status === 'PENDING';
  if (!isPending && state.status !== 'PAST_DUE') return null;
  const { planName } = offerNow(work);
  const prefund = isPending ? await missingPrefund(work) : null;
  const short = isPending ? await begin(work, now) : await beginPeriod(work, now);
  const assetId = prefund?.assetId ?? short?.assetId;
  if (assetId === undefined) return null;
  // A wallet in another asset is filled up with the next payment.
  const shortfall = short?.assetId === assetId ? short.shortfall : ZERO;
  return {
    subscriptionId: state.id,
    customerId: state.customerId,
    assetId,
    amount: max(prefund?.amount ?? ZERO, shortfall),
    description: planName,
    change: null,
  };
}

/** A plan with periods of another length costs more the later it begins: what it costs last has to be paid. */
async function missingForChange(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  { subscription, openMs }: MissingInput,
  asked: PaidChange,
): Promise<MissingFunds | CommonRefusal> {
  const id = fromTypeId('subscription', subscription);
  const where = { ...ofVisibleCustomers(viewer), id: id ?? BEFORE_ALL };
  const row = await deps.db.prisma.subscription.findFirst({ where });
  if (!row) return notFound('subscription', 'PlanSubscription', subscription);
  const target = await pinned(deps, viewer, asked);
  if (isRefusal(target)) return target;
  const { change, description } = target;
  const input = { ...change, subscription, when: 'NOW' as const };
  const shortfalls: InsufficientFunds[] = [];
  for (const laterByMs of [0, openMs]) {
    const outcome = await changePlan(deps, viewer, 'readMissing', input, {
      laterByMs,
      rehearse: (): Rehearsed => ({ refusal: 'Rehearsed' }),
    });
    if (!isRefusal(outcome)) throw new Error('A change was made that was only to be rehearsed.');
    if (outcome.refusal === 'InsufficientFunds') shortfalls.push(outcome);
    else if (outcome.refusal !== 'Rehearsed') return outcome;
  }
  const [first, second] = shortfalls;
  if (!first) {
    return conflict('subscription', 'The balance covers the change: make it, and pay nothing.');
  }
  const amount = max(first.shortfall, second?.shortfall ?? ZERO);
  return {
    subscriptionId: row.id as Id<'subscription'>,
    customerId: row.customerId as Id<'customer'>,
    assetId: first.assetId,
    amount,
    description,
    change,
  };
}

/** What is paid for is the version of the plan that was published when it was asked for. */
async function pinned({ db }: SubscriptionsDeps, viewer: Viewer, asked: PaidChange) {
  if (asked.plan == null) return { change: asked, description: 'Change of a subscription' };
  const { plan } = asked;
  const offer = await db.transaction((tx) => findOffer(tx, viewer, 'plan', plan));
  if (isRefusal(offer)) return offer;
  const change = { ...asked, plan: toTypeId('planVersion', offer.planVersionId) };
  return { change, description: `Change to ${offer.planName}` };
}
