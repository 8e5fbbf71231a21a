import type { CreditsDefinition } from '../catalog/plans/definition.ts';
import { extendGrants } from '../ledger/extend-grants.ts';
import { expiryOf, isForPeriod, type Schedule } from './credits.ts';
import { type GivenForPeriod, moveGivenEnds, readGivenFor } from './given-store.ts';
import { creditsOf } from './subscription.ts';
import { offerNow, type Work } from './work.ts';

/**
 * Has credits that were given for the trial, whatever is left of them, end where the plan says for one that ends later:
 * with it, or a period behind it. Those that have a time of their own keep it, and so do those of a plan of before in an
 * asset that the plan of now does not name.
 */
export async function extendCredits(work: Work, before: Schedule, after: Schedule): Promise<void> {
  const { tx, now, state, purse } = work;
  const definitions = new Map(
    creditsOf(offerNow(work).definition, state, true).map((credits) => [credits.code, credits]),
  );
  const inHand = new Set<string>(purse.pockets.map(({ wallet }) => wallet.id));
  const ofTrial = (await readGivenFor(tx, state, before.period)).filter(({ code, walletId }) => {
    const credits = definitions.get(code);
    return inHand.has(walletId) && (!credits || isForPeriod(credits));
  });
  for (const { wallet, asset } of purse.pockets) {
    const ends = ofTrial
      .filter(({ walletId }) => walletId === wallet.id)
      .flatMap((given) => {
        const endsAt = laterEnd(given, definitions.get(given.code), before, after);
        return endsAt ? [{ grantId: given.grantId, endsAt, goesOn: given.rollsOver }] : [];
      });
    await extendGrants(tx, wallet, asset.burnOrder, ends, now);
  }
  const ids = new Set(ofTrial.map(({ grantId }) => grantId));
  await moveGivenEnds(tx, state, [...ids], after.period.end);
  work.given = work.given.map((given) =>
    ids.has(given.grantId) ? { ...given, endsAt: after.period.end } : given,
  );
}

/** Null when its end does not go by that of the trial. What a plan of before gave is judged by when it ends. */
function laterEnd(
  { expiresAt }: GivenForPeriod,
  credits: CreditsDefinition | undefined,
  before: Schedule,
  after: Schedule,
): Date | null {
  const endIn = (schedule: Schedule) =>
    credits ? expiryOf({ credits, period: schedule.period }, schedule) : schedule.period.end;
  if (expiresAt === null || endIn(before)?.getTime() !== expiresAt.getTime()) return null;
  const endsAt = endIn(after);
  return endsAt !== null && endsAt > expiresAt ? endsAt : null;
}
