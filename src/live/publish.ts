import { type BalanceUpdate, balanceChannel } from './balance-update.ts';
import type { Bus } from './bus.ts';

/** Tells the world, after the commit. Never throws and never waits: see `Bus.publish`. */
export type PublishBalances = (updates: readonly BalanceUpdate[]) => void;

export function createPublishBalances({ bus }: { bus: Bus }): PublishBalances {
  return (updates) => {
    for (const update of updates) bus.publish(balanceChannel(update.walletId), update);
  };
}
