import type {
  AddOnDefinition,
  CreditsDefinition,
  PlanDefinition,
} from '../catalog/plans/definition.ts';
import { type Exact, exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { Schedule } from './credits.ts';
import type { FeeBasis } from './fees.ts';
import type { Interval } from './periods.ts';

/**
 * PENDING has not begun: its time or its money has not come. PAST_DUE could not pay for its period and gets
 * no credits until it can.
 */
export type SubscriptionStatus =
  | 'PENDING'
  | 'TRIALING'
  | 'ACTIVE'
  | 'PAST_DUE'
  | 'PAUSED'
  | 'CANCELED';

/** A change that waits for the end of the period. */
export interface ScheduledChange {
  readonly planVersionId: string;
  readonly seats: number;
  readonly addOns: readonly string[];
}

/** A subscription that is decided on; its row is locked. */
export interface SubscriptionState {
  readonly id: Id<'subscription'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly timeZone: string;
  /** Of its customer, by whose time everything happens. */
  readonly testClockId: string | null;
  readonly createdAt: Date;
  readonly prefundAmount: Exact | null;
  /** The prices and rights that it alone has. */
  overrides: Overrides;
  planId: string;
  planVersionId: string;
  status: SubscriptionStatus;
  seats: number;
  anchorAt: Date;
  startedAt: Date | null;
  /** Whether it begins, or began, with a trial. */
  hasTrial: boolean;
  /** Null before it has begun. */
  trialEndsAt: Date | null;
  trialEndToldAt: Date | null;
  periodStart: Date | null;
  periodEnd: Date | null;
  /** Whether that period is the trial. */
  isInTrial: boolean;
  cancelAt: Date | null;
  endedAt: Date | null;
  pausedAt: Date | null;
  creditedUntil: Date | null;
  scheduled: ScheduledChange | null;
  /** Codes of the plan's. */
  addOns: readonly string[];
  /** The wallet that lacks funds for what is to begin. */
  awaitsWalletId: string | null;
  /** Which version of it was seen. */
  readonly awaitsVersion: bigint | null;
}

/** The row as it is read, as far as decisions go by it. */
export interface SubscriptionRow
  extends Omit<
    SubscriptionState,
    'id' | 'organizationId' | 'customerId' | 'prefundAmount' | 'scheduled' | 'addOns' | 'overrides'
  > {
  readonly id: string;
  readonly organizationId: string;
  readonly customerId: string;
  readonly prefundAmount: { toFixed(): string } | null;
  readonly scheduled: unknown;
  readonly addOns: unknown;
  readonly overrides: unknown;
}

/** What a subscription has that its plan has not, as it is stored; entitlements are documents of the plan's. */
export interface Overrides {
  /** How often there were others. */
  readonly number?: number;
  readonly rateCardId?: string;
  readonly prices?: readonly object[];
  readonly entitlements?: readonly object[];
}

export function subscriptionState(row: SubscriptionRow): SubscriptionState {
  return {
    ...row,
    id: row.id as Id<'subscription'>,
    organizationId: row.organizationId as Id<'organization'>,
    customerId: row.customerId as Id<'customer'>,
    prefundAmount: row.prefundAmount && exact(row.prefundAmount),
    scheduled: row.scheduled as ScheduledChange | null,
    addOns: row.addOns as string[],
    overrides: row.overrides as Overrides,
  };
}

export function intervalOf({ interval, intervalCount }: PlanDefinition): Interval {
  return { unit: interval, count: intervalCount };
}

export function addOnsOf(definition: PlanDefinition, codes: readonly string[]): AddOnDefinition[] {
  return definition.addOns.filter(({ code }) => codes.includes(code));
}

export function feeBasis(
  definition: PlanDefinition,
  { seats, addOns }: { readonly seats: number; readonly addOns: readonly string[] },
): FeeBasis {
  return { definition, seats, addOns: addOnsOf(definition, addOns) };
}

/** Whether a period that begins now is the first that costs something. */
export function isBeforeFirst(state: SubscriptionState): boolean {
  return state.periodStart === null || state.isInTrial;
}

/**
 * Credits that a subscription is given now, each with a name that is its own in the subscription: codes are
 * in a plan and in an add-on of it for themselves.
 */
export function creditsOf(
  definition: PlanDefinition,
  state: Pick<SubscriptionState, 'addOns'>,
  inTrial: boolean,
): CreditsDefinition[] {
  if (inTrial) return (definition.trial?.credits ?? []).map((credits) => within('trial', credits));
  const ofAddOns = addOnsOf(definition, state.addOns).flatMap(({ code, credits }) =>
    credits.map((each) => within(code, each)),
  );
  return [...definition.credits, ...ofAddOns];
}

function within(part: string, credits: CreditsDefinition): CreditsDefinition {
  return { ...credits, code: `${part}/${credits.code}` };
}

/** The billing period that it is in, for the credits that come with it. */
export function scheduleOf(
  state: SubscriptionState,
  definition: PlanDefinition,
  isFirst: boolean,
): Schedule {
  const { periodStart, periodEnd, anchorAt, timeZone } = state;
  if (!periodStart || !periodEnd)
    throw new Error('A subscription without a period has no credits.');
  // A trial ends where the first period begins, so what comes in a rhythm begins with the trial itself.
  const at = state.isInTrial ? periodStart : anchorAt;
  return {
    anchor: { at, timeZone },
    interval: intervalOf(definition),
    period: { start: periodStart, end: periodEnd },
    isFirst,
  };
}
