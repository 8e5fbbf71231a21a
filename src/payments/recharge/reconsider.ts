import type { Queryable } from '../../infra/db.ts';
import type { WalletKey } from '../../ledger/lock.ts';
import { lockToLook } from '../../ledger/lock-to-look.ts';
import { post } from '../../ledger/post.ts';
import { balanceChanged } from '../../ledger/tell.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import type { Told } from '../../live/event.ts';
import { evaluateRecharges } from './evaluate.ts';

/** What came of looking at wallets: to be told with the transaction, and to be published after it. */
export interface Reconsidered {
  readonly told: readonly Told[];
  readonly updates: readonly BalanceUpdate[];
}

/** Locks wallets and evaluates their rules: those are others, time has passed, or a payment has come to nothing. */
export async function reconsiderRecharges(
  tx: Queryable,
  keys: readonly WalletKey[],
  now: Date,
): Promise<Reconsidered> {
  return reconsiderHeld(tx, await lockToLook(tx, keys), now);
}

/**
 * The same for wallets that are held and that nothing is booked in. What a wallet is compared with may be remembered by processes
 * that charge it, so where it changes the wallet moves on by a version, which they notice.
 */
export async function reconsiderHeld(
  tx: Queryable,
  wallets: readonly WalletState[],
  now: Date,
): Promise<Reconsidered> {
  const before = new Map(wallets.map((wallet) => [wallet, wallet.rechargeBelow]));
  const told = await evaluateRecharges(tx, wallets, now);
  const moved = wallets.filter((wallet) => before.get(wallet) !== wallet.rechargeBelow);
  return moveOn(tx, moved, tellAll(told), now);
}

/** Tells processes that remember these wallets that they are compared with something else. */
export async function moveOn(
  tx: Queryable,
  moved: readonly WalletState[],
  told: readonly Told[],
  now: Date,
): Promise<Reconsidered> {
  const { written, updates: posted } = post(tx, moved, now);
  await written;
  const updates = posted.map((update) => ({ ...update, cause: 'POLICY' as const }));
  return { told: [...told, ...updates.map(balanceChanged)], updates };
}

/** What was found of wallets, as the event log takes it. */
export function tellAll(told: Awaited<ReturnType<typeof evaluateRecharges>>): Told[] {
  return [...told].flatMap(([{ organizationId, customerId }, facts]) =>
    facts.map((fact) => ({ organizationId, customerId, fact })),
  );
}
