import { ONE, ZERO } from '../kit/decimal.ts';
import { type Conflict, conflict } from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { type CreditsPolicy, changeCredits, type Included, takeAllBack } from './change-credits.ts';
import { closingBill } from './closing-bill.ts';
import { type Fee, onceFees, proratedDifference, recurringFees, sumOf } from './fees.ts';
import { giveBack } from './give-back.ts';
import { giveCredits } from './give-credits.ts';
import { hasHadTrial } from './has-had-trial.ts';
import { letExpire } from './let-expire.ts';
import type { Offer } from './offer.ts';
import { payBills } from './pay.ts';
import { type Period, periodAt, type Share, shareLeft, shareOf } from './periods.ts';
import { dropFormerCredits } from './roll-over.ts';
import { endPeriod, startPeriod, writeTerms } from './store.ts';
import {
  addOnsOf,
  creditsOf,
  feeBasis,
  intervalOf,
  type SubscriptionState,
  scheduleOf,
} from './subscription.ts';
import { chargedScale, offerNow, tell, type Work } from './work.ts';

/** What a subscription shall be on. */
export interface Target {
  readonly offer: Offer;
  readonly seats: number;
  readonly addOns: readonly string[];
}

/** Why nothing of it can be changed as it stands; null when it can. */
export function unchangeable({ status }: SubscriptionState): Conflict | null {
  if (status === 'CANCELED') return conflict('subscription', 'It has ended.');
  if (status === 'PAUSED') return conflict('subscription', 'It is paused; resume it first.');
  if (status === 'PAST_DUE')
    return conflict('subscription', 'It is past due; its period is not paid.');
  return null;
}

/** Whether it is on it already, so that nothing is to be charged or given once more. */
export function isOn({ planVersionId, seats, addOns }: SubscriptionState, target: Target): boolean {
  return (
    target.offer.planVersionId === planVersionId &&
    target.seats === seats &&
    target.addOns.length === addOns.length &&
    target.addOns.every((code) => addOns.includes(code))
  );
}

/**
 * Changes plan, seats and add-ons at once. What a paid period costs more or less from now on is charged or
 * comes back; a plan with periods of another length, or in another asset, begins a period of its own now.
 */
export async function changeNow(
  work: Work,
  target: Target,
  policy: CreditsPolicy,
): Promise<Conflict | InsufficientFunds | null> {
  const { state } = work;
  const refusal = unchangeable(state);
  if (refusal) return refusal;
  if (state.status === 'ACTIVE') {
    const short = isOfOneKind(offerNow(work), target.offer)
      ? await changeWithin(work, target, policy)
      : await beginAnew(work, target, policy);
    if (short) return short;
  } else if (state.status === 'PENDING') {
    const conflicts = await adoptBefore(work, target);
    if (conflicts) return conflicts;
  } else {
    const hadTrial = await conflictOfTrial(work, target);
    if (hadTrial) return hadTrial;
    await adopt(work, target);
  }
  tell(work, 'subscription.updated');
  return null;
}

/** Whether one can take the place of the other in the middle of a period. */
function isOfOneKind({ definition: a }: Offer, { definition: b }: Offer): boolean {
  return a.interval === b.interval && a.intervalCount === b.intervalCount && a.asset === b.asset;
}

async function changeWithin(
  work: Work,
  target: Target,
  policy: CreditsPolicy,
): Promise<InsufficientFunds | null> {
  const { state, now } = work;
  const before = includedOf(work);
  const { definition } = target.offer;
  const left = shareLeft(periodOf(state), now);
  const had = feeBasis(offerNow(work).definition, state);
  const has = feeBasis(definition, target);
  const scale = definition.asset === null ? 0 : chargedScale(work, definition.asset);
  const difference = proratedDifference(had, has, left, scale);
  const fees = [...addedOnce(work, target), ...changeFee(target, difference)];
  const period = { start: now, end: periodOf(state).end };
  const refusal = await payBills(work, [{ asset: definition.asset, fees, period }]);
  if (refusal) return refusal;
  if (difference < ZERO) await giveBack(work, definition.asset, -difference, unusedText(work));
  // Seats and add-ons bring what they bring; the whole allowance comes with another version only.
  const isOther = target.offer.planVersionId !== state.planVersionId;
  await adopt(work, target);
  await changeCredits(work, before, includedOf(work), isOther ? policy : 'PRORATE');
  await dropFormerCredits(work);
  return null;
}

/** The old period ends now, and what is left of it is worth its share; a new one begins, whole. */
async function beginAnew(
  work: Work,
  target: Target,
  policy: CreditsPolicy,
): Promise<InsufficientFunds | null> {
  const { state, tx, now } = work;
  const old = offerNow(work).definition;
  const { definition } = target.offer;
  const unused = unusedWorth(work, shareLeft(periodOf(state), now));
  const fees = recurringFees(feeBasis(definition, target));
  const interval = intervalOf(definition);
  const period = periodAt({ at: now, timeZone: state.timeZone }, interval, now);
  // Before its bill: what was charged ahead for the time that is cut off is no usage.
  await endPeriod(tx, state, now, now);
  const closing = await closingBill(work, now);
  const net = old.asset === definition.asset ? sumOf(fees) - unused : null;
  const bill = net === null ? fees : changeFee(target, net);
  const { asset } = definition;
  const opening = { asset, fees: [...addedOnce(work, target), ...bill], period };
  const refusal = await payBills(work, [...closing, opening]);
  if (refusal) return refusal;
  const back = net === null ? unused : net < ZERO ? -net : ZERO;
  await giveBack(work, old.asset, back, unusedText(work));

  const before = includedOf(work);
  if (policy === 'REPLACE_INCLUDED') await takeAllBack(work);
  if (policy === 'PRORATE') {
    await changeCredits(work, before, { ...before, credits: [] }, 'PRORATE');
  }
  // Periods of the new plan do not begin where those of the old one would have ended.
  await letExpire(
    work,
    work.given.filter(({ rollsOver }) => rollsOver),
  );
  await adopt(work, target);
  Object.assign(state, {
    anchorAt: now,
    periodStart: now,
    periodEnd: period.end,
    creditedUntil: now,
    // One that ends with its period ends with the one that is paid now.
    cancelAt: state.cancelAt && period.end,
  });
  await startPeriod(tx, state, period, now);
  await giveCredits(work, now, false);
  return null;
}

function unusedWorth(work: Work, left: Share) {
  const { definition } = offerNow(work);
  if (definition.asset === null) return ZERO;
  const scale = chargedScale(work, definition.asset);
  return shareOf(sumOf(recurringFees(feeBasis(definition, work.state))), left, scale);
}

/** What comes once with add-ons that it has not had. */
function addedOnce({ state }: Work, { offer, seats, addOns }: Target): Fee[] {
  const added = addOns.filter((code) => !state.addOns.includes(code));
  return onceFees(addOnsOf(offer.definition, added), seats);
}

function changeFee({ offer }: Target, amount: bigint): Fee[] {
  if (amount <= ZERO) return [];
  const description = `Change to ${offer.planName}, for the rest of the period`;
  return [{ kind: 'PRORATION', code: 'change', description, quantity: ONE, amount }];
}

function unusedText(work: Work): string {
  return `${offerNow(work).planName}: not used, after a change`;
}

/** What has to be paid in is in the asset of the plan that it was asked for. */
export function conflictOfPrefund(work: Work, { offer }: Target): Conflict | null {
  const { status, prefundAmount } = work.state;
  const { asset } = offerNow(work).definition;
  if (status !== 'PENDING' || prefundAmount === null || asset === offer.definition.asset)
    return null;
  return conflict('plan', `It waits for what has to be paid in, in ${asset}.`);
}

/**
 * One that has not begun waits for nothing that the other plan needed. A trial is the
 * new one's: who wanted none of a plan that has one gets none either.
 */
async function adoptBefore(work: Work, target: Target): Promise<Conflict | null> {
  const { state, tx, now } = work;
  const before = offerNow(work).definition;
  const { planId, definition } = target.offer;
  const stays = conflictOfPrefund(work, target);
  if (stays) return stays;
  const wantsTrial = state.hasTrial || before.trial === null;
  const isOther = planId !== state.planId;
  const hasHad = isOther && (await hasHadTrial(tx, state.customerId, planId));
  state.hasTrial = wantsTrial && definition.trial !== null && !hasHad;
  await adopt(work, target);
  state.awaitsWalletId = null;
  // What nobody could use yet does not begin in the past.
  if (state.anchorAt < now) state.anchorAt = now;
  return null;
}

/** A trial goes on in the other plan, unless the customer has had one of that. */
async function conflictOfTrial(work: Work, { offer }: Target): Promise<Conflict | null> {
  const { state, tx } = work;
  const { planId } = offer;
  if (planId === state.planId || !(await hasHadTrial(tx, state.customerId, planId, state.id))) {
    return null;
  }
  const message = 'The customer has had a trial of this plan; change when the trial of now ends.';
  return conflict('plan', message);
}

async function adopt(work: Work, { offer, seats, addOns }: Target): Promise<void> {
  const { state, tx, now } = work;
  const isOther = offer.planVersionId !== state.planVersionId;
  const { planId, planVersionId } = offer;
  Object.assign(state, { planId, planVersionId, seats, addOns });
  if (isOther && state.startedAt !== null) await writeTerms(tx, state, planVersionId, now, now);
}

function includedOf(work: Work): Included {
  const { state } = work;
  const { definition } = offerNow(work);
  return {
    credits: creditsOf(definition, state, false),
    seats: state.seats,
    schedule: scheduleOf(state, definition, false),
  };
}

function periodOf({ periodStart, periodEnd }: SubscriptionState): Period {
  if (!periodStart || !periodEnd) throw new Error('A subscription is ACTIVE without a period.');
  return { start: periodStart, end: periodEnd };
}
