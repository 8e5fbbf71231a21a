import { exact, ZERO } from '../kit/decimal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { begin } from './begin.ts';
import { endSubscription } from './end.ts';
import { giveCredits } from './give-credits.ts';
import { nextStep, type Step } from './next-step.ts';
import { beginPeriod } from './renew.ts';
import { READ_PAID_IN } from './sql/read-usage.ts';
import { isBeforeFirst } from './subscription.ts';
import { offerNow, pocketOf, tell, type Work } from './work.ts';

/** The most steps that are done at once: more wait for the next time. */
const MAX_STEPS = 500;

/**
 * Does everything that time has brought about by now, in order, each as of its own instant; tries again
 * what lacked funds. What cannot be paid leaves the subscription waiting. Whether anything changed.
 */
export async function advance(work: Work): Promise<boolean> {
  let hasChanged = await tryAgain(work);
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const step = nextStep(work.state, offerNow(work).definition);
    if (step === null || step.at > work.now) return hasChanged;
    await take(work, step);
    hasChanged = true;
  }
  return hasChanged;
}

async function take(work: Work, { kind, at }: Step): Promise<void> {
  switch (kind) {
    case 'CANCEL':
      return endSubscription(work, at);
    case 'BEGIN':
      return void (await beginIfPaid(work, at));
    case 'RENEW':
      return void (await renew(work, at));
    case 'GIVE_CREDITS':
      return giveCredits(work, at, false);
    case 'TELL_TRIAL_END':
      work.state.trialEndToldAt = work.now;
      return tell(work, 'subscription.trial_ending');
  }
}

/** The refusal of what it could not pay for, if it could not. */
async function renew(work: Work, at: Date): Promise<InsufficientFunds | null> {
  const refusal = await beginPeriod(work, at);
  if (refusal) fallBehind(work);
  return refusal;
}

/** Begins what is not waiting for money; what then lacks it waits for the wallet to change. */
export async function beginIfPaid(work: Work, at: Date): Promise<InsufficientFunds | null> {
  if (!(await isPrefunded(work))) {
    awaitFunds(work);
    return null;
  }
  const refusal = await begin(work, at);
  if (refusal) awaitFunds(work);
  return refusal;
}

/** Money has come, or something else happened to the wallet that it waits for. */
async function tryAgain(work: Work): Promise<boolean> {
  const { state, now } = work;
  const { awaitsWalletId, awaitsVersion, cancelAt } = state;
  if (awaitsWalletId === null || (cancelAt && cancelAt <= now)) return false;
  const pocket = work.purse.pockets.find(({ wallet }) => wallet.id === awaitsWalletId);
  if (!pocket || BigInt(pocket.wallet.version) === awaitsVersion) return false;
  state.awaitsWalletId = null;
  state.awaitsVersion = null;
  if (state.status === 'PENDING') await beginIfPaid(work, now);
  else await recover(work);
  return true;
}

async function recover(work: Work): Promise<void> {
  const { state, now } = work;
  // What nobody could use was not owed: the first period begins when it is paid.
  if (isBeforeFirst(state)) state.anchorAt = now;
  if (await beginPeriod(work, now)) awaitFunds(work);
}

function fallBehind(work: Work): void {
  const { state } = work;
  const wasBehind = state.status === 'PAST_DUE';
  state.status = 'PAST_DUE';
  awaitFunds(work);
  if (!wasBehind) tell(work, 'subscription.past_due');
}

/** What the version is, says whoever writes it: it is looked at again behind this transaction. */
function awaitFunds(work: Work): void {
  const { asset } = offerNow(work).definition;
  if (asset === null) throw new Error('What costs nothing does not wait for funds.');
  const { wallet } = pocketOf(work, asset);
  work.state.awaitsWalletId = wallet.id;
  work.state.awaitsVersion = BigInt(wallet.version);
}

/** Whether what was to be paid in before it begins has been, since it was made. */
async function isPrefunded(work: Work): Promise<boolean> {
  const { tx, state } = work;
  const { asset } = offerNow(work).definition;
  if (state.prefundAmount === null || asset === null) return true;
  const { wallet } = pocketOf(work, asset);
  const [row] = await tx.query<{ amount: string }>(READ_PAID_IN, [wallet.id, state.id]);
  return exact(row?.amount ?? '0') >= (state.prefundAmount ?? ZERO);
}
