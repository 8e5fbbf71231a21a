import type { CreditsDefinition } from '../catalog/plans/definition.ts';
import { min, ZERO } from '../kit/decimal.ts';
import { freeOf } from '../ledger/burn-down.ts';
import { takeFrom } from '../ledger/move.ts';
import { amountRolledOver, rolloverExpiry, type Schedule, type Slot, slotAt } from './credits.ts';
import { give } from './give-slot.ts';
import { grantsOf } from './given-grants.ts';
import type { GivenGrant } from './given-store.ts';
import { letExpire } from './let-expire.ts';
import { periodAt } from './periods.ts';
import { creditsOf, intervalOf } from './subscription.ts';
import { offerNow, pocketOf, type Work } from './work.ts';

/** Moves what is left of earlier slots, taken together, into a grant that lives on; the rest expires. */
export async function rollOver(work: Work, slot: Slot, schedule: Schedule): Promise<void> {
  const { rollover, asset: assetCode } = slot.credits;
  const { wallet, asset } = pocketOf(work, assetCode);
  const isEnded = ({ code, walletId, rollsOver, endsAt }: GivenGrant) =>
    rollsOver &&
    code === slot.credits.code &&
    walletId === wallet.id &&
    endsAt <= slot.period.start;
  const ended = grantsOf(work, slot.credits).filter(({ given }) => isEnded(given));
  // What holds have set aside stays behind: it pays their captures while the settlement window is open.
  const left = ended.reduce((sum, { grant }) => sum + freeOf(grant), ZERO);
  const goesOn = rollover === null ? ZERO : amountRolledOver(rollover, left, asset.scale);
  if (rollover && goesOn > ZERO) {
    const expiresAt = rolloverExpiry(rollover, slot, schedule);
    // For usage of the time before that arrives late, too: it is what was left of that time.
    const terms = { kind: 'ROLLOVER' as const, effectiveAt: null, expiresAt };
    await give(work, slot, goesOn, terms, false, (id) => {
      const cause = { kind: 'ROLLOVER' as const, id, chargeOrdinal: null };
      let rest = goesOn;
      for (const { grant } of ended) {
        const part = min(rest, freeOf(grant));
        rest -= takeFrom(wallet, grant, part, grant.sourceAccount, cause);
      }
    });
  }
  await letExpire(work, work.given.filter(isEnded));
}

/**
 * What is left of credits that ended while no period followed, for it was not paid or is paused, goes on as of that
 * instant, as if one had; the rest ends with its time.
 */
export async function rollOverEnded(work: Work, at: Date): Promise<void> {
  const { state } = work;
  const { definition } = offerNow(work);
  const anchor = { at: state.anchorAt, timeZone: state.timeZone };
  const interval = intervalOf(definition);
  const period = periodAt(anchor, interval, at);
  const schedule = { anchor, interval, period, isFirst: false };
  for (const credits of creditsOf(definition, state, false)) {
    const slot = slotAt(credits, schedule, at);
    if (slot) await rollOver(work, slot, schedule);
  }
  await letExpire(
    work,
    work.given.filter(({ rollsOver, endsAt }) => rollsOver && endsAt <= at),
  );
}

/** What found nothing to go on into, or would have in credits that the plan no longer has, ends with its time. */
export async function dropFormerCredits(work: Work): Promise<void> {
  const { state, now, given } = work;
  const credits = creditsOf(offerNow(work).definition, state, false);
  const stays = ({ code, walletId, endsAt }: GivenGrant) =>
    endsAt > now && credits.some((each) => each.code === code && isIn(work, each, walletId));
  await letExpire(
    work,
    given.filter((each) => each.rollsOver && !stays(each)),
  );
}

function isIn(work: Work, { asset }: CreditsDefinition, walletId: string): boolean {
  return pocketOf(work, asset).wallet.id === walletId;
}
