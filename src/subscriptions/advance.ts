import { settle, tryToBegin, tryToRenew } from './beginning.ts';
import { endSubscription } from './end.ts';
import { giveCredits } from './give-credits.ts';
import { nextStep, type Step } from './next-step.ts';
import { rollOverEnded } from './roll-over.ts';
import { nextEnd, offerNow, tell, type Work } from './work.ts';

/** The most steps that are done at once: more wait for the next time. */
const MAX_STEPS = 500;

/**
 * Does everything that time has brought about by now, in order, each as of its own instant; tries again
 * what lacked funds. What cannot be paid leaves the subscription waiting. Whether anything changed.
 */
export async function advance(work: Work): Promise<boolean> {
  const isWaiting = work.state.awaitsWalletId !== null;
  const hasChanged = await takeSteps(work);
  if (!isWaiting || !(await tryAgain(work))) return hasChanged;
  await takeSteps(work);
  return true;
}

async function takeSteps(work: Work): Promise<boolean> {
  let hasChanged = false;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const step = nextStep(work.state, offerNow(work).definition, nextEnd(work));
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
      return settle(work, await tryToBegin(work, at));
    case 'RENEW':
      return settle(work, await tryToRenew(work, at));
    case 'GIVE_CREDITS':
      return giveCredits(work, at, false);
    case 'ROLL_OVER':
      return rollOverEnded(work, at);
    case 'TELL_TRIAL_END':
      work.state.trialEndToldAt = work.now;
      return tell(work, 'subscription.trial_ending');
  }
}

/** Money has come, or something else happened to the wallet that it waits for. */
async function tryAgain(work: Work): Promise<boolean> {
  const { state, now } = work;
  const { awaitsWalletId, awaitsVersion, cancelAt } = state;
  if (awaitsWalletId === null || (cancelAt && cancelAt <= now)) return false;
  const pocket = work.purse.pockets.find(({ wallet }) => wallet.id === awaitsWalletId);
  if (pocket && BigInt(pocket.wallet.version) === awaitsVersion) return false;
  await tryNow(work);
  return true;
}

/** Tries once more what lacked funds, whether or not its wallet has changed. */
export async function tryNow(work: Work): Promise<void> {
  const { state, now } = work;
  const begins = state.status === 'PENDING' ? tryToBegin : tryToRenew;
  settle(work, await begins(work, now));
}
