import { type Exact, max, min, plain, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { BalanceCause, BalanceUpdate } from '../live/balance-update.ts';
import type { Fact } from '../live/event.ts';
import type { Drawable } from './burn-down.ts';
import type { WalletHolds } from './holds/hold-state.ts';

export type OnEmpty = 'BLOCK' | 'OVERDRAFT' | 'THROTTLE' | 'ARREARS';
export type LedgerAccount =
  | 'WALLET'
  | 'CASH'
  | 'PROMOTIONAL'
  | 'REVENUE'
  | 'BREAKAGE'
  | 'ADJUSTMENT'
  | 'RECEIVABLE'
  | 'REFUND';
export type EntryCause =
  | 'USAGE'
  | 'GRANT'
  | 'ADJUSTMENT'
  | 'VOID'
  | 'EXPIRY'
  | 'REPAYMENT'
  | 'SUBSCRIPTION'
  | 'ROLLOVER'
  | 'RELEASE'
  | 'CORRECTION'
  | 'TOP_UP'
  | 'REFUND'
  | 'DISPUTE';

/** An open grant of a wallet that is decided on. */
export interface GrantState extends Drawable {
  readonly sourceAccount: LedgerAccount;
}

/** What a posting is for: one event's charge, a grant, an adjustment ... applied at most once. */
export interface Cause {
  readonly kind: EntryCause;
  readonly id: string;
  /** Which charge of the event, for USAGE. */
  readonly chargeOrdinal: number | null;
}

/** A transfer between the wallet and another account of its organization, not written yet. */
export interface Posting {
  readonly sequence: number;
  readonly debitAccount: LedgerAccount;
  readonly creditAccount: LedgerAccount;
  readonly amount: Exact;
  /** Null is the wallet's debt. */
  readonly grant: GrantState | null;
  readonly cause: Cause;
  readonly balanceAfter: Exact;
}

/**
 * A wallet to decide on, with its open grants in burn-down order; decisions change it in memory. Its row is
 * locked, or what is written says which version it builds on.
 */
export interface WalletState {
  readonly id: Id<'wallet'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly assetId: Id<'asset'>;
  readonly onEmpty: OnEmpty;
  readonly overdraftLimit: Exact;
  settlementWindowMs: number;
  grants: GrantState[];
  /** As stored; what `post` writes is one more. */
  version: number;
  lastSequence: number;
  balance: Exact;
  debt: Exact;
  /** The highest threshold of its alert rules that is not crossed; null when there is none. */
  alertBelow: Exact | null;
  /** The threshold of its recharge rule; null while a crossing would start nothing: there is none, or one is in flight. */
  rechargeBelow: Exact | null;
  /** Of the organization's rules for all customers that the threshold was made of. */
  alertVersion: number;
  /** Whether a rule is about how fast it spends, so that every charge is measured. */
  tracksSpend: boolean;
  /** Its holds; null while it has none, as most wallets. */
  holds: WalletHolds | null;
  /** The test clock that its customer goes by; null is the server's time. */
  readonly testClockId: string | null;
  /** What time it is by that clock in the transaction that holds the wallet: see `timeOf`. */
  testNow: Date | null;
  postings: Posting[];
  /** What there is to tell of it besides that its balance changed. */
  readonly facts: Fact[];
}

/** What may be said of a wallet at an instant. Amounts in the wallet's asset. */
export interface Balance {
  /** Spendable now: remainders of the grants in force, less the debt. */
  readonly settled: Exact;
  /** Set aside by open holds, of grants in force and of the overdraft that is allowed now. */
  readonly held: Exact;
  /** `settled` - `held` + the overdraft that the wallet allows. */
  readonly available: Exact;
  /** Granted, but not effective yet. */
  readonly pending: Exact;
}

/** What is the customer's own and not set aside: below zero it is owed. */
export function freeOf({ settled, held }: Pick<Balance, 'settled' | 'held'>): Exact {
  return settled - held;
}

type Funds = Pick<WalletState, 'debt' | 'onEmpty' | 'overdraftLimit'> & {
  readonly grants: readonly Pick<Drawable, 'remaining' | 'held' | 'effectiveAt' | 'expiresAt'>[];
  readonly holds: Pick<WalletHolds, 'overdraft'> | null;
};

/**
 * Expired and not yet effective grants never count, whether or not the worker has booked them. Holds that are
 * past their time are to have lapsed already.
 */
export function balanceOf(wallet: Funds, now: Date): Balance {
  let inForce = ZERO;
  let pending = ZERO;
  let held = heldOfOverdraft(wallet);
  for (const grant of wallet.grants) {
    if (grant.effectiveAt !== null && grant.effectiveAt > now) {
      pending = pending + grant.remaining;
    } else if (grant.expiresAt === null || grant.expiresAt > now) {
      inForce = inForce + grant.remaining;
      if (grant.held !== ZERO) held = held + grant.held;
    }
  }
  const settled = inForce - wallet.debt;
  return { settled, held, available: settled - held + overdraftOf(wallet), pending };
}

/** What holds have of the overdraft, as far as the policy goes today: one that was tightened has taken the rest back. */
function heldOfOverdraft({ holds, onEmpty, overdraftLimit, debt }: Funds): Exact {
  if (holds === null || holds.overdraft === ZERO || onEmpty === 'ARREARS') {
    return holds?.overdraft ?? ZERO;
  }
  return min(holds.overdraft, max(overdraftOf({ onEmpty, overdraftLimit }) - debt, ZERO));
}

/** Whether there is anything to write of a wallet. */
export function isChanged({ postings, holds }: Pick<WalletState, 'postings' | 'holds'>): boolean {
  return postings.length > 0 || (holds !== null && holds.changed.size > 0);
}

/** How far below zero the policy lets `settled` go, where that is a number. */
export function overdraftOf(wallet: Pick<WalletState, 'onEmpty' | 'overdraftLimit'>): Exact {
  return wallet.onEmpty === 'OVERDRAFT' || wallet.onEmpty === 'THROTTLE'
    ? wallet.overdraftLimit
    : ZERO;
}

/** The update that subscribers get for a wallet as of `version`. */
export function balanceUpdate(
  wallet: Pick<WalletState, 'id' | 'customerId' | 'organizationId'>,
  version: number,
  balance: Balance,
  cause: BalanceCause | null,
  at: string,
): BalanceUpdate {
  return {
    walletId: wallet.id,
    customerId: wallet.customerId,
    organizationId: wallet.organizationId,
    version,
    balance: {
      settled: plain(balance.settled),
      held: plain(balance.held),
      available: plain(balance.available),
      pending: plain(balance.pending),
    },
    cause,
    at,
  };
}
