import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Told } from '../live/event.ts';
import type { WalletState } from './wallet-state.ts';

/** What there is to tell of wallets that were posted: what happened to each, then what it has now. */
export function toldOf(wallets: readonly WalletState[], updates: readonly BalanceUpdate[]): Told[] {
  return wallets.flatMap((wallet, index) => {
    const { organizationId, customerId, facts } = wallet;
    const told: Told[] = facts.map((fact) => ({ organizationId, customerId, fact }));
    const update = updates[index];
    if (update) told.push(balanceChanged(update));
    return told;
  });
}

export function balanceChanged(update: BalanceUpdate): Told {
  const { organizationId, customerId, walletId, version, balance, cause } = update;
  if (cause === null) throw new Error('Only a change can be told, not a state that was read.');
  const fact = { type: 'balance.changed' as const, walletId, version, balance, cause };
  return { organizationId, customerId, fact };
}
