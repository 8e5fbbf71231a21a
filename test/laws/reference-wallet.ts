import { drawableInOrder, inOrder } from './naive-order.ts';
import {
  activeHolds,
  bookLapsed,
  dropHeld,
  giveUp,
  heldOf,
  heldOverdraft,
  mayPayHeld,
  type RefHold,
} from './reference-held.ts';
import { smaller, sum } from './units.ts';

export type Policy = 'BLOCK' | 'OVERDRAFT' | 'THROTTLE' | 'ARREARS';

export interface RefGrant {
  /** A label that sorts like the order of creation; the product's ids do the same. */
  readonly id: string;
  readonly amount: bigint;
  remaining: bigint;
  readonly source: string;
  readonly purpose: string;
  readonly priority: number;
  readonly effectiveAt: Date | null;
  readonly expiresAt: Date | null;
  readonly scopeMetrics: readonly string[];
  readonly createdAt: Date;
  /** When the worker looks at it next. */
  nextLook: Date | null;
}

/** An entry as a tuple: debit account, credit account, amount, grant (null: debt), cause. */
export type RefEntry = readonly [string, string, bigint, string | null, string];

export interface RefWallet {
  readonly customer: string;
  readonly asset: string;
  readonly name: string;
  readonly burnOrder: string;
  policy: Policy;
  limit: bigint;
  version: number;
  debt: bigint;
  readonly grants: RefGrant[];
  readonly entries: RefEntry[];
  readonly holds: RefHold[];
}

/** When something is paid. */
export interface When {
  readonly occurredAt: Date;
  readonly now: Date;
  readonly settlementWindowMs: number;
}

const isPending = ({ effectiveAt }: RefGrant, now: Date) =>
  effectiveAt !== null && effectiveAt > now;

function inForceAt({ grants }: RefWallet, now: Date): RefGrant[] {
  const isOver = ({ expiresAt }: RefGrant) => expiresAt !== null && expiresAt <= now;
  return grants.filter((grant) => !isPending(grant, now) && !isOver(grant));
}

export function balanceAt(wallet: RefWallet, now: Date) {
  const pending = wallet.grants.filter((grant) => isPending(grant, now));
  const inForce = inForceAt(wallet, now);
  const settled = sum(inForce.map((grant) => grant.remaining)) - wallet.debt;
  const isLimited = wallet.policy === 'OVERDRAFT' || wallet.policy === 'THROTTLE';
  const held = sum(inForce.map((grant) => heldOf(wallet, grant.id, now)));
  // A policy that was tightened has taken back what holds had of the overdraft beyond it.
  const aside = held + smaller(heldOverdraft(wallet, now), headroom(wallet));
  const available = settled - aside + (isLimited ? wallet.limit : 0n);
  return { settled, held: aside, available, pending: sum(pending.map((grant) => grant.remaining)) };
}

export function storedBalance(wallet: RefWallet): bigint {
  return sum(wallet.grants.map((grant) => grant.remaining)) - wallet.debt;
}

/** Draws of one charge, and what no grant could pay. Changes the wallet. */
export function draw(
  wallet: RefWallet,
  amount: bigint,
  metric: string | null,
  when: When,
  cause: string,
  hold: RefHold | null = null,
): { draws: [string, bigint][]; owed: bigint } {
  const to = metric === null ? 'ADJUSTMENT' : 'REVENUE';
  const draws: [string, bigint][] = [];
  let left = amount;
  const take = (grant: RefGrant, taken: bigint) => {
    if (taken <= 0n) return;
    grant.remaining -= taken;
    left -= taken;
    const known = draws.find(([id]) => id === grant.id);
    if (known) known[1] += taken;
    else draws.push([grant.id, taken]);
  };
  for (const [id, part] of hold ? [...hold.allocations] : []) {
    const grant = wallet.grants.find((one) => one.id === id);
    if (!grant || !hold || !mayPayHeld(grant, metric, when)) continue;
    const taken = smaller(part, left);
    take(grant, taken);
    giveUp(hold, id, taken);
  }
  const ofOthers = left;
  for (const grant of drawableInOrder(wallet.grants, wallet.burnOrder, metric, when)) {
    take(grant, smaller(grant.remaining - heldOf(wallet, grant.id, when.now), left));
  }
  if (hold) giveUp(hold, null, ofOthers);
  for (const [id, taken] of draws) wallet.entries.push(['WALLET', to, taken, id, cause]);
  if (left > 0n) {
    wallet.debt += left;
    draws.push(['debt', left]);
    wallet.entries.push(['WALLET', to, left, null, cause]);
  }
  return { draws, owed: left };
}

/** What the general grants in force would leave of themselves if they paid the debt now. */
export function afterDebt(wallet: RefWallet, now: Date): bigint {
  const general = inForceAt(wallet, now).filter((it) => it.scopeMetrics.length === 0);
  const free = sum(general.map((grant) => grant.remaining - heldOf(wallet, grant.id, now)));
  return free - wallet.debt - heldOverdraft(wallet, now);
}

/** How much more debt the policy allows. */
export function headroom(wallet: RefWallet): bigint {
  const left = limitOf(wallet) - wallet.debt;
  return left > 0n ? left : 0n;
}

/** How deep a debt may get. */
export function limitOf({ policy, limit }: RefWallet): bigint {
  if (policy === 'ARREARS') return 10n ** 60n;
  return policy === 'BLOCK' ? 0n : limit;
}

/** Whatever is written to a wallet books the holds whose time is over, and is one version more. */
export function moveOn(wallet: RefWallet, now: Date): void {
  bookLapsed(wallet, now);
  wallet.version += 1;
}

export function addGrant(wallet: RefWallet, grant: RefGrant, cause: string, now: Date): void {
  wallet.grants.push(grant);
  wallet.entries.push([grant.source, 'WALLET', grant.amount, grant.id, cause]);
  repay(wallet, grant, now);
}

export function takeBack(wallet: RefWallet, grant: RefGrant, amount: bigint, cause: string): void {
  grant.remaining -= amount;
  wallet.entries.push(['WALLET', grant.source, amount, grant.id, cause]);
}

function repay(wallet: RefWallet, grant: RefGrant, now: Date): void {
  if (grant.effectiveAt !== null && grant.effectiveAt > now) return;
  if (grant.expiresAt !== null && grant.expiresAt <= now) return;
  if (grant.scopeMetrics.length > 0) return;
  const paid = smaller(grant.remaining - heldOf(wallet, grant.id, now), wallet.debt);
  if (paid === 0n) return;
  grant.remaining -= paid;
  wallet.debt -= paid;
  const cause = `REPAYMENT ${grant.id}`;
  wallet.entries.push(['WALLET', 'RECEIVABLE', paid, grant.id, cause]);
  wallet.entries.push(['RECEIVABLE', 'WALLET', paid, null, cause]);
}

/** The next instant at which time changes something about the grant. */
export function nextLook(
  grant: Pick<RefGrant, 'effectiveAt' | 'expiresAt'>,
  after: Date,
  windowMs: number,
): Date | null {
  const instants = [grant.effectiveAt, grant.expiresAt].filter((instant) => instant !== null);
  if (grant.expiresAt) instants.push(new Date(grant.expiresAt.getTime() + windowMs));
  const coming = instants.filter((instant) => instant > after);
  return coming.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}

/** What the worker does to a wallet; a wallet with a grant that is due gets a new version. */
export function passTime(wallet: RefWallet, now: Date, windowMs: number): void {
  const due = wallet.grants.filter((grant) => grant.nextLook !== null && grant.nextLook <= now);
  for (const grant of due) if (grant.remaining === 0n) grant.nextLook = null;
  const open = due.filter((grant) => grant.remaining > 0n);
  for (const grant of inOrder(open, wallet.burnOrder, null)) {
    repay(wallet, grant, now);
    const next = nextLook(grant, now, windowMs);
    if (next === null && grant.expiresAt !== null && grant.remaining > 0n) {
      dropHeld(wallet, grant.id);
      wallet.entries.push(['WALLET', 'BREAKAGE', grant.remaining, grant.id, `EXPIRY ${grant.id}`]);
      grant.remaining = 0n;
    }
    grant.nextLook = grant.remaining === 0n ? null : next;
  }
  if (open.length > 0) moveOn(wallet, now);
}

/** What the worker does about holds. */
export function passHolds(wallet: RefWallet, now: Date): void {
  const active = activeHolds(wallet, now);
  const isOver = wallet.holds.some((hold) => hold.status === 'OPEN' && !active.includes(hold));
  if (isOver) moveOn(wallet, now);
}
