import type { RefGrant, RefWallet, When } from './reference-wallet.ts';
import { smaller, sum } from './units.ts';

// What holds set aside of a wallet, in the reference model.

export interface RefHold {
  readonly id: string;
  readonly customer: string;
  readonly asset: string;
  readonly metric: string | null;
  readonly maxCaptures: number | null;
  status: 'OPEN' | 'CAPTURED' | 'RELEASED' | 'EXPIRED';
  amount: bigint;
  captured: bigint;
  captures: number;
  /** Grant and amount, in the order in which they were set aside. */
  allocations: [string, bigint][];
  overdraft: bigint;
  expiresAt: Date;
}

/** Those that set something aside: open, and not past their time. */
export function activeHolds({ holds }: RefWallet, now: Date): RefHold[] {
  return holds.filter((hold) => hold.status === 'OPEN' && hold.expiresAt > now);
}

export function heldOf(wallet: RefWallet, grantId: string, now: Date): bigint {
  const parts = activeHolds(wallet, now).flatMap(({ allocations }) => allocations);
  return sum(parts.filter(([id]) => id === grantId).map(([, part]) => part));
}

export function heldOverdraft(wallet: RefWallet, now: Date): bigint {
  return sum(activeHolds(wallet, now).map(({ overdraft }) => overdraft));
}

export function heldBy({ allocations, overdraft }: RefHold): bigint {
  return sum(allocations.map(([, part]) => part)) + overdraft;
}

/** What was set aside of a grant pays also for what occurred after that expired. */
export function mayPayHeld(grant: RefGrant, metric: string | null, when: When): boolean {
  const { scopeMetrics: scope, effectiveAt, expiresAt } = grant;
  const occurred = when.occurredAt < when.now ? when.occurredAt : when.now;
  if (scope.length > 0 && !scope.includes(metric ?? '')) return false;
  if (effectiveAt !== null && effectiveAt > occurred) return false;
  return expiresAt === null || when.now.getTime() < expiresAt.getTime() + when.settlementWindowMs;
}

/** Of one grant, or where that is null of the overdraft and then of what was set aside last. */
export function giveUp(hold: RefHold, grantId: string | null, amount: bigint): void {
  let left = amount;
  if (grantId === null) {
    const part = smaller(hold.overdraft, left);
    hold.overdraft -= part;
    left -= part;
  }
  for (const allocation of [...hold.allocations].reverse()) {
    if (grantId !== null && allocation[0] !== grantId) continue;
    const part = smaller(allocation[1], left);
    allocation[1] -= part;
    left -= part;
  }
  hold.allocations = hold.allocations.filter(([, part]) => part > 0n);
}

export function dropHeld(wallet: RefWallet, grantId: string): void {
  for (const hold of wallet.holds) {
    hold.allocations = hold.allocations.filter(([id]) => id !== grantId);
  }
}

/** Ends a hold; a debt that arose beside it is repaid from what it lets go. */
export function closeHold(
  wallet: RefWallet,
  hold: RefHold,
  status: RefHold['status'],
  now: Date,
): void {
  const freed = hold.allocations.map(([id]) => id);
  Object.assign(hold, { status, allocations: [], overdraft: 0n });
  const cause = `RELEASE ${hold.id}`;
  let repaid = 0n;
  for (const id of freed) {
    const grant = wallet.grants.find((one) => one.id === id);
    if (!grant || !repays(grant, now)) continue;
    const free = grant.remaining - heldOf(wallet, id, now);
    const part = smaller(free, wallet.debt - repaid);
    if (part === 0n) continue;
    grant.remaining -= part;
    repaid += part;
    wallet.entries.push(['WALLET', 'RECEIVABLE', part, id, cause]);
  }
  if (repaid === 0n) return;
  wallet.debt -= repaid;
  wallet.entries.push(['RECEIVABLE', 'WALLET', repaid, null, cause]);
}

function repays({ scopeMetrics, effectiveAt, expiresAt }: RefGrant, now: Date): boolean {
  if (scopeMetrics.length > 0) return false;
  return (effectiveAt === null || effectiveAt <= now) && (expiresAt === null || expiresAt > now);
}

export function bookLapsed(wallet: RefWallet, now: Date): void {
  for (const hold of wallet.holds) {
    if (hold.status === 'OPEN' && hold.expiresAt <= now) closeHold(wallet, hold, 'EXPIRED', now);
  }
}
