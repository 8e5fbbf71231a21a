import type { InsufficientFunds } from '../ledger/refusals.ts';
import { closingBill } from './closing-bill.ts';
import { type FeeBasis, onceFees, recurringFees } from './fees.ts';
import { giveCredits } from './give-credits.ts';
import type { Offer } from './offer.ts';
import { payBills } from './pay.ts';
import { type Period, periodAt } from './periods.ts';
import { dropFormerCredits } from './roll-over.ts';
import { endPeriod, insertPeriod, writeTerms } from './store.ts';
import { feeBasis, intervalOf, isBeforeFirst, type SubscriptionState } from './subscription.ts';
import { offerIn, offerNow, tell, type Work } from './work.ts';

/** What a subscription is about to be for the next period. */
interface Next {
  readonly offer: Offer;
  readonly basis: FeeBasis;
  readonly addOns: readonly string[];
  readonly anchorAt: Date;
  readonly period: Period;
}

/**
 * Begins the period that holds `at`: what the last one was short of its minimum and what the new one costs
 * are paid, or nothing is done and the refusal returned; then the included credits are given. A change that
 * waited for the end of the period is made with it.
 */
export async function beginPeriod(work: Work, at: Date): Promise<InsufficientFunds | null> {
  const { state, tx, now } = work;
  const isFirst = isBeforeFirst(state);
  const next = nextOf(work, at, isFirst);
  const refusal = await pay(work, next, isFirst);
  if (refusal) return refusal;

  // One that is paused has none, whatever it was on.
  const hadTerms = state.startedAt !== null && state.status !== 'PAUSED';
  const isOther = next.offer.planVersionId !== state.planVersionId;
  if (state.periodEnd) await endPeriod(tx, state, state.periodEnd, now);
  adopt(state, next);
  await insertPeriod(tx, state, next.period, false, now);
  if (!hadTerms || isOther) await writeTerms(tx, state, state.planVersionId, at, now);
  tell(work, isFirst ? 'subscription.activated' : 'subscription.renewed');
  await giveCredits(work, next.period.start, isFirst);
  await dropFormerCredits(work);
  return null;
}

function nextOf(work: Work, at: Date, isFirst: boolean): Next {
  const { state, offers } = work;
  const { scheduled } = state;
  const before = offerNow(work);
  const offer = scheduled ? offerIn(offers, scheduled.planVersionId) : before;
  const seats = scheduled?.seats ?? state.seats;
  const addOns = scheduled?.addOns ?? state.addOns;
  const interval = intervalOf(offer.definition);
  const kept = intervalOf(before.definition);
  // The first counts from where it begins, which is when it is paid, and so do periods of another length.
  const isKept = !isFirst && interval.unit === kept.unit && interval.count === kept.count;
  const anchorAt = isKept ? state.anchorAt : at;
  const period = periodAt({ at: anchorAt, timeZone: state.timeZone }, interval, at);
  return { offer, basis: feeBasis(offer.definition, { seats, addOns }), addOns, anchorAt, period };
}

async function pay(work: Work, next: Next, isFirst: boolean): Promise<InsufficientFunds | null> {
  const closing = await closingBill(work);
  const { definition } = next.offer;
  const { seats, addOns } = next.basis;
  const once = isFirst ? onceFees([definition, ...addOns], seats) : [];
  const fees = [...once, ...recurringFees(next.basis)];
  return payBills(work, [...closing, { asset: definition.asset, fees, period: next.period }]);
}

function adopt(state: SubscriptionState, { offer, basis, addOns, anchorAt, period }: Next): void {
  Object.assign(state, {
    status: 'ACTIVE' as const,
    planId: offer.planId,
    planVersionId: offer.planVersionId,
    seats: basis.seats,
    addOns,
    anchorAt,
    periodStart: period.start,
    periodEnd: period.end,
    isInTrial: false,
    startedAt: state.startedAt ?? period.start,
    creditedUntil: period.start,
    scheduled: null,
  });
}
