import type { Clock } from '../../kit/clock.ts';
import { balanceOf, freeOf, type WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { Watch } from '../../ledger/watch.ts';
import { evaluateRecharges } from './evaluate.ts';

/**
 * Recharges wallets that a transaction leaves with less than the threshold of their rule, within it. Asks nothing for those that
 * have more, or no rule. The clock is the server's, by which providers go: what is handed to a watch may be the customer's.
 */
export function createRechargeWatch(clock: Clock): Watch {
  return async (tx, watched, now) => {
    const low = watched.map(({ wallet }) => wallet).filter((wallet) => isLow(wallet, now));
    if (low.length === 0) return;
    const told = await evaluateRecharges(tx, low, clock.now());
    for (const [wallet, facts] of told) wallet.facts.push(...facts);
  };
}

function isLow(wallet: WalletState, now: Date): boolean {
  const { rechargeBelow } = wallet;
  if (rechargeBelow === null) return false;
  return freeOf(balanceOf(wallet, timeOf(wallet, now))) < rechargeBelow;
}
