import { exact, ONE, ZERO } from '../kit/decimal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { type Fee, type FeeBasis, onceFees, recurringFees, trueUp } from './fees.ts';
import { dropFormerCredits, giveCredits } from './give-credits.ts';
import type { Offer } from './offer.ts';
import { type Bill, payBills } from './pay.ts';
import { type Period, partOf, periodAt, shareOf } from './periods.ts';
import { readMinimums } from './read-minimums.ts';
import { READ_USAGE } from './sql/read-usage.ts';
import { endPeriod, insertPeriod, writeTerms } from './store.ts';
import { feeBasis, intervalOf, isBeforeFirst, type SubscriptionState } from './subscription.ts';
import { offerIn, offerNow, pocketOf, tell, type Work } from './work.ts';

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

  const hadTerms = state.startedAt !== null;
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

/**
 * What usage of the period that ends was short of the minimum. Each version of a plan owes its minimum for the share of
 * the period that the subscription was on it: not before a change, nor while it was paused or after it was cut short.
 */
export async function closingBill(work: Work, at: Date | null = null): Promise<Bill[]> {
  const { state, tx } = work;
  const { asset } = offerNow(work).definition;
  const { periodStart: start, periodEnd } = state;
  if (asset === null || !start || !periodEnd || state.isInTrial) return [];
  const end = at !== null && at < periodEnd ? at : periodEnd;
  const whole = { start, end: periodEnd };
  const { wallet, asset: counted } = pocketOf(work, asset);
  const owed = (await readMinimums(tx, state, { start, end }))
    .filter((minimum) => minimum.asset === asset)
    .reduce((sum, { amount, on }) => sum + shareOf(amount, partOf(whole, on), counted.scale), ZERO);
  if (owed === ZERO) return [];
  const usage = [wallet.id, start, end, state.customerId, wallet.assetId];
  const [row] = await tx.query<{ amount: string }>(READ_USAGE, usage);
  const amount = trueUp(owed, exact(row?.amount ?? '0'));
  if (amount === ZERO) return [];
  const fee: Fee = {
    kind: 'MINIMUM',
    code: 'minimum',
    description: 'Minimum commitment',
    quantity: ONE,
    amount,
  };
  return [{ asset, fees: [fee], period: { start, end } }];
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
