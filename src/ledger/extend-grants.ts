import type { Queryable } from '../infra/db.ts';
import { plain, ZERO } from '../kit/decimal.ts';
import { type BurnOrder, compareGrants } from './burn-down.ts';
import { nextTransition } from './grant.ts';
import { EXTEND_GRANTS } from './sql/extend-grants.ts';
import type { WalletState } from './wallet-state.ts';

/** A grant that has not ended, and the later end that it is given. */
export interface LaterEnd {
  readonly grantId: string;
  readonly endsAt: Date;
  /** Whether something else than the worker looks after its time. */
  readonly goesOn: boolean;
}

/**
 * Gives grants of a wallet that is locked a later end, also those that are spent: what goes back to them goes by it. Holds
 * keep what they have set aside. What was drawn before was drawn in the order of the ends of then, which are kept for
 * the laws. The wallet's other fields are written by `post`.
 */
export async function extendGrants(
  tx: Queryable,
  wallet: WalletState,
  burnOrder: BurnOrder,
  ends: readonly LaterEnd[],
  now: Date,
): Promise<void> {
  if (ends.length === 0) return;
  const { id: walletId, organizationId, customerId, lastSequence } = wallet;
  const next = ends.map(({ grantId, endsAt, goesOn }) => {
    const grant = wallet.grants.find(({ id }) => id === grantId);
    if (!grant) return null;
    grant.expiresAt = endsAt;
    if (grant.remaining === ZERO) return null;
    const amount = plain(grant.remaining);
    wallet.facts.push({ type: 'grant.extended', grantId, walletId, amount });
    return goesOn ? null : nextTransition(grant, now, wallet.settlementWindowMs);
  });
  wallet.grants.sort(compareGrants(burnOrder));
  await tx.query(EXTEND_GRANTS, [
    organizationId,
    customerId,
    lastSequence,
    now,
    ends.map(({ grantId }) => grantId),
    ends.map(({ endsAt }) => endsAt),
    next,
  ]);
}
