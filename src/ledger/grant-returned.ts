import type { Tx } from '../infra/db.ts';
import type { Exact } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import type { BurnOrder } from './burn-down.ts';
import { bookGrant, DEFAULT_PRIORITY, type GrantDraft } from './grant.ts';
import { insertGrant } from './store.ts';
import type { EntryCause, WalletState } from './wallet-state.ts';

/** Value that goes back and has no grant to go back to. */
export interface Unplaced {
  /** In the wallet's asset. */
  readonly amount: Exact;
  /** Of the wallet's asset. */
  readonly burnOrder: BurnOrder;
  readonly description: string;
  readonly cause: { readonly kind: EntryCause; readonly id: string };
}

/**
 * Gives value that was charged back as a grant of its own, which has been paid for and does not end. Writes its
 * row, and books it into the wallet in memory.
 */
export async function grantReturned(
  tx: Tx,
  wallet: WalletState,
  { amount, burnOrder, description, cause }: Unplaced,
  now: Date,
): Promise<GrantDraft> {
  const grant: GrantDraft = {
    id: newId('grant'),
    organizationId: wallet.organizationId,
    customerId: wallet.customerId,
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
  bookGrant(wallet, grant, burnOrder, cause);
  return grant;
}
