import { groupBy } from '../kit/group-by.ts';
import { type BalanceUpdate, balanceChannel } from './balance-update.ts';
import type { Bus } from './bus.ts';

/**
 * What a room calls when a transaction has committed: tells whoever watches the balances that it changed, and
 * wakes the sequencer for whatever else it told. Never throws and never waits.
 */
export type Announce = (updates: readonly BalanceUpdate[]) => void;

/** The first half of it. Never throws and never waits: see `Bus.publish`. */
export type PublishBalances = (updates: readonly BalanceUpdate[]) => void;

export function createPublishBalances({ bus }: { bus: Bus }): PublishBalances {
  return (updates) => {
    const byOrganization = groupBy(updates, ({ organizationId }) => organizationId);
    for (const [organizationId, own] of byOrganization) {
      bus.publish(balanceChannel(organizationId), own);
    }
  };
}

/** One channel an organization, for whoever reads its log or a customer's part of it. */
export function logChannel(organizationId: string): string {
  return `drawdown:log:${organizationId}`;
}

/** Tells that an organization's log goes up to this position now. */
export function publishLogGrowth(bus: Bus, organizationId: string, lastPosition: number): void {
  bus.publish(logChannel(organizationId), lastPosition);
}
