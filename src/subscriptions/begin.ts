import type { InsufficientFunds } from '../ledger/refusals.ts';
import { giveCredits } from './give-credits.ts';
import { daysAfter } from './periods.ts';
import { beginPeriod } from './renew.ts';
import { insertPeriod, writeTerms } from './store.ts';
import { offerNow, type Work } from './work.ts';

/** Begins a subscription: with its trial, or with the first period, which has to be paid. */
export async function begin(work: Work, at: Date): Promise<InsufficientFunds | null> {
  const { state, tx, now } = work;
  const { trial } = offerNow(work).definition;
  if (trial === null || !state.hasTrial) return beginPeriod(work, at);
  const end = daysAfter(at, trial.days, state.timeZone);
  Object.assign(state, {
    status: 'TRIALING' as const,
    startedAt: at,
    trialEndsAt: end,
    anchorAt: end,
    periodStart: at,
    periodEnd: end,
    isInTrial: true,
    creditedUntil: at,
  });
  await insertPeriod(tx, state, { start: at, end }, true, now);
  await writeTerms(tx, state, state.planVersionId, at, now);
  await giveCredits(work, at, true);
  return null;
}
