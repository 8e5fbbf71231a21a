import { fromEpochMs } from '../kit/clock.ts';
import { type Exact, plain, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type BurnOrder, compareGrants, type GrantPurpose } from './burn-down.ts';
import { moveIn, repayDebt } from './move.ts';
import type { EntryCause, GrantState, LedgerAccount, WalletState } from './wallet-state.ts';

/** A grant that is about to be made. Amounts in the wallet's asset. */
export interface GrantDraft {
  readonly id: Id<'grant'>;
  readonly organizationId: string;
  readonly customerId: string;
  readonly walletId: string;
  readonly amount: Exact;
  readonly sourceAccount: LedgerAccount;
  readonly purpose: GrantPurpose;
  readonly priority: number;
  readonly costBasis: Exact | null;
  readonly effectiveAt: Date | null;
  readonly expiresAt: Date | null;
  readonly scopeMetrics: readonly string[];
  readonly description: string | null;
  readonly metadata: object;
  readonly nextTransitionAt: Date | null;
  /** Of the wallet. */
  readonly testClockId: string | null;
  readonly createdAt: Date;
}

/** Drawn in the middle of the range unless the merchant says otherwise. */
export const DEFAULT_PRIORITY = 50;

/** Books a new grant into its wallet, and lets it repay a debt if it is in force. */
export function bookGrant(
  wallet: WalletState,
  grant: GrantDraft,
  burnOrder: BurnOrder,
  cause: { kind: EntryCause; id: string },
): void {
  const state: GrantState = { ...grant, remaining: grant.amount, held: ZERO };
  wallet.grants.push(state);
  wallet.grants.sort(compareGrants(burnOrder));
  moveIn(wallet, grant.sourceAccount, grant.amount, state, { ...cause, chargeOrdinal: null });
  if (isInForce(state, grant.createdAt)) repayDebt(wallet, state);
  const { id: grantId, walletId, amount } = grant;
  wallet.facts.push({ type: 'grant.created', grantId, walletId, amount: plain(amount) });
}

export function isInForce(
  grant: Pick<GrantState, 'effectiveAt' | 'expiresAt'>,
  now: Date,
): boolean {
  return (
    (grant.effectiveAt === null || grant.effectiveAt <= now) &&
    (grant.expiresAt === null || grant.expiresAt > now)
  );
}

/**
 * When the worker must next look at a grant: when it comes into force, when it expires, and when its
 * settlement window ends and the rest goes to breakage. Null when nothing is to come.
 */
export function nextTransition(
  grant: { readonly effectiveAt: Date | null; readonly expiresAt: Date | null },
  after: Date,
  settlementWindowMs: number,
): Date | null {
  const instants = [grant.effectiveAt, grant.expiresAt]
    .filter((instant) => instant !== null)
    .map((instant) => instant.getTime());
  if (grant.expiresAt) instants.push(grant.expiresAt.getTime() + settlementWindowMs);
  const next = instants.filter((ms) => ms > after.getTime()).sort((a, b) => a - b)[0];
  return next === undefined ? null : fromEpochMs(next);
}
