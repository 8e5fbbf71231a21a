import { type Exact, ZERO } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import { type Id, newId } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { payFrom } from '../ledger/charge.ts';
import { bookGrant, DEFAULT_PRIORITY, type GrantDraft } from '../ledger/grant.ts';
import { type Mark, returnTo } from '../ledger/move.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { insertGrant } from '../ledger/store.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { Fee } from './fees.ts';
import type { Period } from './periods.ts';
import { insertCharges } from './store.ts';
import { pocketOf, type Work } from './work.ts';

/** Fees, the time that they are for, and the asset that they are in; null for a plan that costs nothing. */
export interface Bill {
  readonly asset: string | null;
  readonly fees: readonly Fee[];
  readonly period: Period;
}

/** One fee of a bill, about to be paid. */
interface Due {
  readonly id: Id<'subscriptionCharge'>;
  readonly asset: string | null;
  readonly fee: Fee;
  readonly period: Period;
}

/**
 * Books all of them, from one wallet for each asset, or nothing at all. Fees draw what is for any usage, as an
 * adjustment does.
 */
export async function payBills(
  work: Work,
  bills: readonly Bill[],
): Promise<InsufficientFunds | null> {
  const { tx, now, state, lines } = work;
  const due = bills.flatMap(({ asset, fees, period }) =>
    fees
      .filter(({ amount }) => amount > ZERO)
      .map((fee): Due => ({ id: newId('subscriptionCharge'), asset, fee, period })),
  );
  if (due.length === 0) return null;
  const refusal = payAll(work, [...groupBy(due, ({ asset }) => asset)]);
  if (refusal) return refusal;
  const drafts = due.map(({ id, asset, fee, period }) => {
    const { wallet } = pocketOf(work, priced(asset));
    return { ...fee, id, walletId: wallet.id, period };
  });
  await insertCharges(tx, state, drafts, now);
  lines.push(
    ...due.map(({ fee, asset }) => {
      const { id: assetId } = pocketOf(work, priced(asset)).asset;
      return { kind: 'CHARGED' as const, fee, assetId };
    }),
  );
  return null;
}

/** What one wallet has paid is put back when another cannot pay its part. */
function payAll(
  work: Work,
  parts: readonly (readonly [string | null, readonly Due[]])[],
): InsufficientFunds | null {
  const { now } = work;
  const paid: [WalletState, Mark][] = [];
  for (const [assetCode, due] of parts) {
    const { wallet } = pocketOf(work, priced(assetCode));
    const owed = due.map(({ fee: { amount }, id }) => {
      const cause = { kind: 'SUBSCRIPTION' as const, id, chargeOrdinal: null };
      return { amount, metricCode: null, cause, to: 'REVENUE' as const };
    });
    const { settlementWindowMs } = wallet;
    const outcome = payFrom(wallet, owed, { occurredAt: now, now, settlementWindowMs });
    if (isRefusal(outcome)) {
      for (const [other, mark] of paid) returnTo(other, mark);
      return outcome;
    }
    paid.push([wallet, outcome.mark]);
  }
  return null;
}

/** Gives back what was paid for and is not had, as credit that does not expire. */
export async function giveBack(
  work: Work,
  assetCode: string | null,
  amount: Exact,
  description: string,
): Promise<void> {
  if (amount === ZERO) return;
  const { tx, now, state, lines } = work;
  const { wallet, asset } = pocketOf(work, priced(assetCode));
  const grant: GrantDraft = {
    id: newId('grant'),
    organizationId: state.organizationId,
    customerId: state.customerId,
    walletId: wallet.id,
    testClockId: wallet.testClockId,
    amount,
    sourceAccount: 'REVENUE',
    purpose: 'PAID',
    priority: DEFAULT_PRIORITY,
    costBasis: null,
    effectiveAt: null,
    expiresAt: null,
    scopeMetrics: [],
    description,
    metadata: {},
    nextTransitionAt: null,
    createdAt: now,
  };
  await insertGrant(tx, grant);
  bookGrant(wallet, grant, asset.burnOrder, { kind: 'GRANT', id: grant.id });
  lines.push({ kind: 'GRANTED', amount, assetId: asset.id });
}

function priced(assetCode: string | null): string {
  if (assetCode === null) throw new Error('A plan without an asset cannot cost anything.');
  return assetCode;
}
