import { type Exact, ZERO } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { payFrom } from '../ledger/charge.ts';
import { bookGrant, DEFAULT_PRIORITY, type GrantDraft } from '../ledger/grant.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { insertGrant } from '../ledger/store.ts';
import type { Fee } from './fees.ts';
import type { Period } from './periods.ts';
import { insertCharges } from './store.ts';
import { pocketOf, type Work } from './work.ts';

/** Fees and the time that they are for. */
export interface Bill {
  readonly fees: readonly Fee[];
  readonly period: Period;
}

/** Books all of it, from one wallet, or nothing. Fees draw what is for any usage, as an adjustment does. */
export async function payBills(
  work: Work,
  assetCode: string | null,
  bills: readonly Bill[],
): Promise<InsufficientFunds | null> {
  const { tx, now, state, lines } = work;
  const due = bills.flatMap(({ fees, period }) =>
    fees
      .filter(({ amount }) => amount > ZERO)
      .map((fee) => ({ fee, period, id: newId('subscriptionCharge') })),
  );
  if (due.length === 0) return null;
  const { wallet, asset } = pocketOf(work, priced(assetCode));
  const owed = due.map(({ fee: { amount }, id }) => {
    const cause = { kind: 'SUBSCRIPTION' as const, id, chargeOrdinal: null };
    return { amount, metricCode: null, cause, to: 'REVENUE' as const };
  });
  const { settlementWindowMs } = wallet;
  const paid = payFrom(wallet, owed, { occurredAt: now, now, settlementWindowMs });
  if (isRefusal(paid)) return paid;
  const drafts = due.map(({ fee, period, id }) => ({ ...fee, id, walletId: wallet.id, period }));
  await insertCharges(tx, state, drafts, now);
  lines.push(...due.map(({ fee }) => ({ kind: 'CHARGED' as const, fee, assetId: asset.id })));
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
