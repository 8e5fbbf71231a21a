import type { CreditsDefinition } from '../catalog/plans/definition.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { type Exact, min, plain, ZERO } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import type { GrantPurpose } from '../ledger/burn-down.ts';
import { freeOf } from '../ledger/burn-down.ts';
import { bookGrant, type GrantDraft, isInForce, nextTransition } from '../ledger/grant.ts';
import { takeFrom } from '../ledger/move.ts';
import { SCHEDULE_GRANTS } from '../ledger/sql/due-grants.ts';
import { insertGrant } from '../ledger/store.ts';
import type { GrantState } from '../ledger/wallet-state.ts';
import {
  amountGiven,
  amountRolledOver,
  expiryOf,
  rolloverExpiry,
  type Schedule,
  type Slot,
  slotAt,
  slotsBetween,
} from './credits.ts';
import { type GivenGrant, insertGiven, stopRollingOver } from './given-store.ts';
import { periodAt } from './periods.ts';
import { creditsOf, intervalOf, scheduleOf } from './subscription.ts';
import { offerNow, pocketOf, type Work } from './work.ts';

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

/** Gives an amount for a slot from an instant on, unless it would be over already. */
export async function giveSlot(
  work: Work,
  slot: Slot,
  schedule: Schedule,
  amount: Exact,
  effectiveAt: Date = slot.period.start,
): Promise<void> {
  const { credits } = slot;
  const expiresAt = expiryOf(slot, schedule);
  if (amount === ZERO || (expiresAt !== null && expiresAt <= work.now)) return;
  const purpose = { kind: 'BUNDLED' as const, effectiveAt, expiresAt };
  await give(work, slot, amount, purpose, credits.rollover !== null);
}

/** What is left, in force, of what was given earlier under the same name in the same asset. */
export function leftOf(work: Work, { credits }: Pick<Slot, 'credits'>): Exact {
  return grantsOf(work, credits)
    .filter(({ grant }) => isInForce(grant, work.now))
    .reduce((sum, { grant }) => sum + grant.remaining, ZERO);
}

/** An open grant that was given. */
export interface OpenGiven {
  readonly given: GivenGrant;
  readonly grant: GrantState;
}

/** The open grants that were given under a name in an asset: a version may give them in another one. */
export function grantsOf(work: Work, { code, asset }: CreditsDefinition): OpenGiven[] {
  const { grants } = pocketOf(work, asset).wallet;
  return work.given.flatMap((given) => {
    const grant = given.code === code && grants.find(({ id }) => id === given.grantId);
    return grant ? [{ given, grant }] : [];
  });
}

export function stateOf({ purse }: Work, { grantId }: GivenGrant): GrantState | undefined {
  for (const { wallet } of purse.pockets) {
    const grant = wallet.grants.find(({ id }) => id === grantId);
    if (grant) return grant;
  }
  return undefined;
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

/** Moves what is left of earlier slots, taken together, into a grant that lives on; the rest expires. */
async function rollOver(work: Work, slot: Slot, schedule: Schedule): Promise<void> {
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

/** The time of these grants is looked after like that of any grant from now on. */
export async function letExpire(work: Work, ended: readonly GivenGrant[]): Promise<void> {
  const { tx, now, state, purse } = work;
  if (ended.length === 0) return;
  const ids = new Set(ended.map(({ grantId }) => grantId));
  const next: (Date | null)[] = [];
  for (const { wallet } of purse.pockets) {
    for (const grant of wallet.grants.filter(({ id }) => ids.has(id))) {
      const { id: grantId, remaining, expiresAt } = grant;
      const isOver = expiresAt !== null && expiresAt <= now;
      // What is told here is not told again by the worker, which has the rest to book once it is due.
      if (isOver) {
        const amount = plain(remaining);
        wallet.facts.push({ type: 'grant.expired', grantId, walletId: wallet.id, amount });
      }
      next.push(remaining === ZERO ? null : dueAt(grant, now, wallet.settlementWindowMs));
    }
  }
  await stopRollingOver(tx, state, [...ids]);
  await tx.query(SCHEDULE_GRANTS, [inOrderOf(work, ids), next]);
  work.given = work.given.map((each) =>
    ids.has(each.grantId) ? { ...each, rollsOver: false } : each,
  );
}

/** A grant whose settlement window is over too is due at once. */
function dueAt(
  grant: Pick<GrantState, 'effectiveAt' | 'expiresAt'>,
  now: Date,
  settlementWindowMs: number,
): Date | null {
  const next = nextTransition(grant, now, settlementWindowMs);
  return next === null && grant.expiresAt !== null ? now : next;
}

function inOrderOf({ purse }: Work, ids: ReadonlySet<string>): string[] {
  return purse.pockets.flatMap(({ wallet }) =>
    wallet.grants.filter(({ id }) => ids.has(id)).map(({ id }) => id),
  );
}

interface GrantTerms {
  readonly kind: Extract<GrantPurpose, 'BUNDLED' | 'ROLLOVER'>;
  readonly effectiveAt: Date | null;
  readonly expiresAt: Date | null;
}

/** Books a grant of a subscription; `before` books what has to come before it. */
async function give(
  work: Work,
  { credits, period }: Slot,
  amount: Exact,
  { kind, effectiveAt, expiresAt }: GrantTerms,
  rollsOver: boolean,
  before: (id: string) => void = () => undefined,
): Promise<void> {
  const { tx, now, state } = work;
  const { wallet, asset } = pocketOf(work, credits.asset);
  const grant: GrantDraft = {
    id: newId('grant'),
    organizationId: state.organizationId,
    customerId: state.customerId,
    walletId: wallet.id,
    testClockId: wallet.testClockId,
    amount,
    sourceAccount: 'PROMOTIONAL',
    purpose: kind,
    priority: credits.priority,
    costBasis: null,
    effectiveAt,
    expiresAt,
    scopeMetrics: credits.scope,
    description: descriptionOf(work, credits),
    metadata: {},
    // What goes on at its end waits for that, so that nothing of it is booked out before.
    nextTransitionAt: rollsOver
      ? null
      : dueAt({ effectiveAt, expiresAt }, now, wallet.settlementWindowMs),
    createdAt: now,
  };
  before(grant.id);
  await insertGrant(tx, grant);
  bookGrant(wallet, grant, asset.burnOrder, { kind: 'GRANT', id: grant.id });
  const given = {
    grantId: grant.id,
    walletId: wallet.id,
    code: credits.code,
    startsAt: period.start,
    endsAt: period.end,
    rollsOver,
  };
  await insertGiven(tx, state, given);
  work.given.push(given);
  work.lines.push({ kind: 'GRANTED', amount, assetId: asset.id });
}

function descriptionOf(work: Work, { code }: CreditsDefinition): string {
  return `${offerNow(work).planName}: ${code}`.slice(0, 500);
}

function justAfter(at: Date): Date {
  return fromEpochMs(at.getTime() + 1);
}
