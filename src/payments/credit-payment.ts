import type { Tx } from '../infra/db.ts';
import { DAY_MS, fromEpochMs } from '../kit/clock.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import { bookGrant, DEFAULT_PRIORITY, type GrantDraft, nextTransition } from '../ledger/grant.ts';
import type { Purse } from '../ledger/purse.ts';
import { insertGrant } from '../ledger/store.ts';
import type { Verdict } from './judge.ts';
import type { PaymentState } from './payment.ts';
import { insertCredit } from './store.ts';

/** What one grant of a payment is made of. */
interface Part {
  readonly creditId: Id<'paymentCredit'>;
  readonly amount: Exact;
  readonly isBonus: boolean;
  /** What was paid for all of it; null for what was given on top. */
  readonly costBasis: Exact | null;
}

/**
 * Credits what has arrived: a grant for what it pays for, and one for what is given on top, both of one cause. Books into the purse;
 * the payment is locked, so that nobody credits the same.
 */
export async function creditPayment(
  tx: Tx,
  purse: Purse,
  payment: PaymentState,
  { paid, credit, bonus }: Pick<Verdict, 'paid' | 'credit' | 'bonus'>,
): Promise<void> {
  const [pocket] = purse.pockets;
  if (!pocket) throw new Error('A purse was opened without the wallet that was asked for.');
  const id = newId('paymentCredit');
  const paidFor = { creditId: id, amount: credit, isBonus: false, costBasis: paid };
  const onTop = { creditId: id, amount: bonus, isBonus: true, costBasis: null };
  const grantId = await giveGrant(tx, purse, payment, paidFor);
  const bonusGrantId = await giveGrant(tx, purse, payment, onTop);
  const draft = { id, walletId: pocket.wallet.id, paid, credit, bonus, grantId, bonusGrantId };
  await insertCredit(tx, payment, draft, purse.committedAt);
}

async function giveGrant(
  tx: Tx,
  { pockets: [pocket], now }: Purse,
  { description, metadata, expiresAfterDays }: PaymentState,
  { creditId, amount, isBonus, costBasis }: Part,
): Promise<Id<'grant'> | null> {
  if (amount === ZERO) return null;
  if (!pocket) throw new Error('A purse was opened without the wallet that was asked for.');
  const { wallet, asset } = pocket;
  const expiresAt =
    expiresAfterDays === null ? null : fromEpochMs(now.getTime() + expiresAfterDays * DAY_MS);
  const terms = { effectiveAt: null, expiresAt };
  const grant: GrantDraft = {
    ...terms,
    id: newId('grant'),
    organizationId: wallet.organizationId,
    customerId: wallet.customerId,
    walletId: wallet.id,
    testClockId: wallet.testClockId,
    amount,
    sourceAccount: isBonus ? 'PROMOTIONAL' : 'CASH',
    purpose: isBonus ? 'PROMOTIONAL' : 'PAID',
    priority: DEFAULT_PRIORITY,
    costBasis,
    scopeMetrics: [],
    description,
    metadata: metadata as object,
    nextTransitionAt: nextTransition(terms, now, wallet.settlementWindowMs),
    createdAt: now,
  };
  await insertGrant(tx, grant);
  bookGrant(wallet, grant, asset.burnOrder, { kind: 'TOP_UP', id: creditId });
  return grant.id;
}
