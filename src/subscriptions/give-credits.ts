import { fromEpochMs } from '../kit/clock.ts';
import { amountGiven, slotsBetween } from './credits.ts';
import { giveSlot } from './give-slot.ts';
import { leftOf } from './given-grants.ts';
import { rollOver } from './roll-over.ts';
import { creditsOf, scheduleOf } from './subscription.ts';
import { offerNow, type Work } from './work.ts';

/**
 * Gives the credits whose time begins from where it has got to up to `at`, and has what is left of those
 * before go on where the plan says so.
 */
export async function giveCredits(work: Work, at: Date, isFirst: boolean): Promise<void> {
  const { state } = work;
  const { definition } = offerNow(work);
  const schedule = scheduleOf(state, definition, isFirst);
  const from = state.creditedUntil ?? schedule.period.start;
  const until = justAfter(at);
  const credits = creditsOf(definition, state, state.isInTrial);
  for (const slot of slotsBetween(credits, schedule, from, until)) {
    await rollOver(work, slot, schedule);
    await giveSlot(
      work,
      slot,
      schedule,
      amountGiven(slot.credits, state.seats, leftOf(work, slot)),
    );
  }
  state.creditedUntil = until;
}

function justAfter(at: Date): Date {
  return fromEpochMs(at.getTime() + 1);
}
