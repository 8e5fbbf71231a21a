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

/** A customer of whom something else has changed than a balance. */
export interface ChangedCustomer {
  readonly organizationId: string;
  readonly customerId: string;
}

/**
 * Tells that checks are to look at customers anew: a counter or a subscription has changed. It goes where
 * balances go, and says no version, so that whoever watches balances takes no notice.
 */
export type PublishChanges = (changed: readonly ChangedCustomer[]) => void;

export function createPublishChanges({ bus }: { bus: Bus }): PublishChanges {
  return (changed) => {
    const byOrganization = groupBy(changed, ({ organizationId }) => organizationId);
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
