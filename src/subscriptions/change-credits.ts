import type { CreditsDefinition } from '../catalog/plans/definition.ts';
import { type Exact, min, ZERO } from '../kit/decimal.ts';
import { freeOf } from '../ledger/burn-down.ts';
import { takeBack } from '../ledger/take-back.ts';
import { amountGiven, fullAmount, type Schedule, type Slot, slotAt } from './credits.ts';
import { giveSlot } from './give-slot.ts';
import { grantsOf, leftOf, stateOf } from './given-grants.ts';
import { shareLeft, shareOf } from './periods.ts';
import { pocketOf, type Work } from './work.ts';

/**
 * What becomes of included credits when the plan changes within a period. KEEP: what is left stays, and those
 * of the new plan come on top. REPLACE_INCLUDED: what is left is taken back, and those of the new plan come
 * instead. PRORATE: both go by the share of the time that is left.
 */
export type CreditsPolicy = 'KEEP' | 'REPLACE_INCLUDED' | 'PRORATE';

/** Credits of a plan as a subscription has them, before or after a change. */
export interface Included {
  readonly credits: readonly CreditsDefinition[];
  readonly seats: number;
  readonly schedule: Schedule;
}

const DESCRIPTION = 'The plan was changed.';

/** Makes what a subscription was given fit what it has now, within the period that it is in. */
export async function changeCredits(
  work: Work,
  before: Included,
  after: Included,
  policy: CreditsPolicy,
): Promise<void> {
  if (policy === 'PRORATE') return prorate(work, before, after);
  if (policy === 'REPLACE_INCLUDED') await takeAllBack(work);
  await giveAll(work, after);
}

/** What is left of everything that was included, and that no hold has set aside; what went on from earlier periods is the customer's. */
export async function takeAllBack(work: Work): Promise<void> {
  for (const given of work.given) {
    const grant = stateOf(work, given);
    if (grant?.purpose === 'BUNDLED') await take(work, given.grantId, freeOf(grant));
  }
}

async function giveAll(work: Work, { credits, seats, schedule }: Included): Promise<void> {
  for (const slot of slotsAt(credits, schedule, work.now)) {
    const amount = amountGiven(slot.credits, seats, leftOf(work, slot));
    await giveSlot(work, slot, schedule, amount, work.now);
  }
}

/** By how much each of them is more or less, for the time that is left of its own period. */
async function prorate(work: Work, before: Included, after: Included): Promise<void> {
  const had = new Map(slotsAt(before.credits, before.schedule, work.now).map(named));
  const has = new Map(slotsAt(after.credits, after.schedule, work.now).map(named));
  for (const [code, slot] of has) {
    const former = had.get(code);
    const kept = former?.credits.asset === slot.credits.asset ? former : undefined;
    const more = worth(work, slot, after.seats) - (kept ? worth(work, kept, before.seats) : ZERO);
    if (more > ZERO) await giveSlot(work, slot, after.schedule, more, work.now);
    if (more < ZERO) await takeOf(work, slot, -more);
    if (kept) had.delete(code);
  }
  for (const slot of had.values()) await takeOf(work, slot, worth(work, slot, before.seats));
}

/** What a giving is worth for the rest of its time. */
function worth(work: Work, { credits, period }: Slot, seats: number): Exact {
  const { asset } = pocketOf(work, credits.asset);
  return shareOf(fullAmount(credits, seats), shareLeft(period, work.now), asset.scale);
}

/** Up to an amount of what is left of what was given under a name, the latest first. */
async function takeOf(work: Work, { credits }: Slot, amount: Exact): Promise<void> {
  let rest = amount;
  for (const { given, grant } of grantsOf(work, credits).reverse()) {
    if (grant.purpose !== 'BUNDLED' || rest === ZERO) continue;
    const taken = min(freeOf(grant), rest);
    await take(work, given.grantId, taken);
    rest -= taken;
  }
}

async function take(work: Work, grantId: string, amount: Exact): Promise<void> {
  const { tx, now, purse, lines } = work;
  for (const { wallet, asset } of purse.pockets) {
    const grant = wallet.grants.find(({ id }) => id === grantId);
    if (!grant || amount === ZERO) continue;
    await takeBack(tx, wallet, grant, amount, { description: DESCRIPTION, now });
    lines.push({ kind: 'TAKEN_BACK', amount, assetId: asset.id });
  }
}

function slotsAt(credits: readonly CreditsDefinition[], schedule: Schedule, at: Date): Slot[] {
  return credits.map((each) => slotAt(each, schedule, at)).filter((slot) => slot !== null);
}

function named(slot: Slot): [string, Slot] {
  return [slot.credits.code, slot];
}
