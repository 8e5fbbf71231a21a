import type { WalletState } from '../wallet-state.ts';
import type { HoldState, WalletHolds } from './hold-state.ts';

/**
 * From the instant at which it expires a hold sets nothing aside, whether or not anybody has booked that.
 * What it had set aside stays in its allocations until it is booked, and counts for nothing.
 */
export function lapse({ lastSequence }: WalletState, holds: WalletHolds, now: Date): void {
  const ms = now.getTime();
  if (ms < holds.nextLapseMs) return;
  for (const hold of holds.open.values()) {
    if (hold.isLapsed || hold.expiresAt.getTime() > ms) continue;
    for (const { grant, amount } of hold.allocations) grant.held -= amount;
    holds.overdraft -= hold.overdraft;
    hold.isLapsed = true;
    hold.closedSequence = lastSequence;
  }
  holds.nextLapseMs = nextLapseOf(holds.open.values());
}

export function nextLapseOf(holds: Iterable<HoldState>): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { isLapsed, expiresAt } of holds) {
    if (!isLapsed && expiresAt.getTime() < next) next = expiresAt.getTime();
  }
  return next;
}
