import type { Viewer } from '../access/viewer.ts';
import { nowOf } from '../clocks/now-of.ts';
import type { Tx } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { MINUTE_MS } from '../kit/clock.ts';
import type { Exact } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type CommonRefusal, conflict } from '../kit/refusal.ts';
import type { CreateSubscriptionInput } from './create.ts';
import { hasHadTrial } from './has-had-trial.ts';
import type { Offer } from './offer.ts';
import { readTimeZone } from './periods.ts';
import { readAddOns, readSeats } from './read-choices.ts';
import { hasLive, readTestClock } from './store.ts';
import type { SubscriptionState } from './subscription.ts';
import type { SubscriptionsDeps } from './work.ts';

/** What is right or wrong whatever the plan says. */
export interface Asked {
  readonly startAt: Date | null;
  readonly timeZone: string;
  readonly prefundAmount: Exact | null;
  readonly metadata: Record<string, unknown>;
}

/** How far back a clock may be behind ours. */
const SKEW_MS = 5 * MINUTE_MS;

/** What can be said of the input before anything is read. */
export function readAsked(input: CreateSubscriptionInput): Asked | CommonRefusal {
  const check = createChecker();
  const given = input.timeZone ?? 'UTC';
  const timeZone = readTimeZone(given);
  if (timeZone === null) {
    check.note('timeZone', 'BAD_FORMAT', 'Write an IANA name such as "Europe/Berlin".');
  }
  const asked = {
    startAt: check.instant('startAt', input.startAt),
    timeZone: timeZone ?? given,
    prefundAmount:
      input.prefundAmount == null ? null : check.positive('prefundAmount', input.prefundAmount),
    metadata: check.object('metadata', input.metadata),
  };
  return check.fault() ?? asked;
}

/** Who wants which plan, and what else of it. */
interface Wanted {
  readonly viewer: Viewer;
  readonly customerId: Id<'customer'>;
  readonly input: CreateSubscriptionInput;
  readonly asked: Asked;
  readonly offer: Offer;
}

/** A subscription that has not begun, if the plan allows what is asked for and the customer has none to it. */
export async function draftSubscription(
  tx: Tx,
  { clock }: SubscriptionsDeps,
  { viewer, customerId, input, asked, offer }: Wanted,
): Promise<SubscriptionState | CommonRefusal> {
  const { planId, planVersionId, definition } = offer;
  const testClockId = await readTestClock(tx, customerId);
  const now = await nowOf(tx, clock, testClockId);
  const check = createChecker();
  const seats = readSeats(check, definition, input.seats);
  const addOns = readAddOns(check, definition, input.addOns ?? []);
  if (asked.startAt && asked.startAt.getTime() < now.getTime() - SKEW_MS) {
    check.note('startAt', 'NOT_ALLOWED', 'Must not be before now.');
  }
  if (asked.prefundAmount !== null && definition.asset === null) {
    check.note('prefundAmount', 'NOT_ALLOWED', 'The plan has no asset to pay it in.');
  }
  if (input.trial && definition.trial === null) {
    check.note('trial', 'NOT_ALLOWED', 'The plan has no trial.');
  }
  const fault = check.fault();
  if (fault) return fault;
  if (await hasLive(tx, customerId, planId, null))
    return conflict('plan', 'The customer has a subscription to this plan already.');
  const hasTrial = definition.trial !== null && input.trial !== false;
  if (hasTrial && (await hasHadTrial(tx, customerId, planId))) {
    const message = 'The customer has had a trial of this plan; subscribe with "trial: false".';
    return conflict('trial', message);
  }
  const anchorAt = asked.startAt ?? now;
  return {
    id: newId('subscription'),
    organizationId: viewer.organizationId,
    customerId,
    timeZone: asked.timeZone,
    testClockId,
    createdAt: now,
    prefundAmount: asked.prefundAmount,
    overrides: {},
    planId,
    planVersionId,
    status: 'PENDING',
    seats,
    anchorAt,
    startedAt: null,
    hasTrial,
    trialEndsAt: null,
    trialEndToldAt: null,
    periodStart: null,
    periodEnd: null,
    isInTrial: false,
    cancelAt: null,
    endedAt: null,
    pausedAt: null,
    creditedUntil: null,
    scheduled: null,
    addOns,
    awaitsWalletId: null,
    awaitsVersion: null,
  };
}
