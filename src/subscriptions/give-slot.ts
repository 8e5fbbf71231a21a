import type { CreditsDefinition } from '../catalog/plans/definition.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import type { GrantPurpose } from '../ledger/burn-down.ts';
import { bookGrant, type GrantDraft } from '../ledger/grant.ts';
import { insertGrant } from '../ledger/store.ts';
import { expiryOf, type Schedule, type Slot } from './credits.ts';
import { insertGiven } from './given-store.ts';
import { dueAt } from './let-expire.ts';
import { offerNow, pocketOf, type Work } from './work.ts';

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

interface GrantTerms {
  readonly kind: Extract<GrantPurpose, 'BUNDLED' | 'ROLLOVER'>;
  readonly effectiveAt: Date | null;
  readonly expiresAt: Date | null;
}

/** Books a grant of a subscription; `before` books what has to come before it. */
export async function give(
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
