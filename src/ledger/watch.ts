import type { Queryable } from '../infra/db.ts';
import type { Exact } from '../kit/decimal.ts';
import type { GrantState, WalletState } from './wallet-state.ts';

/** A wallet whose rules have to be evaluated, as the transaction leaves it. */
export interface Watched {
  readonly wallet: WalletState;
  readonly settled: Exact;
  /** Whether it has more to spend than before: percents are of what it has now. */
  readonly isCredit: boolean;
  /** Whether this transaction opens it: a rule that is being made cannot know of it. */
  readonly isOpened: boolean;
  /**
   * Grants whose end has to be judged: those that the transaction makes or gives a later end, or all when the rules are others. A
   * charge makes none, and that time alone brings an end near is found by the worker.
   */
  readonly grantsToJudge: readonly GrantState[];
}

/**
 * Evaluates the rules of wallets that the transaction has written and therefore holds. What there is to
 * tell is put to the facts of each wallet, and what it is compared with from now on into its state.
 */
export type Watch = (tx: Queryable, watched: readonly Watched[], now: Date) => Promise<void>;

/** What a charge has left in a wallet. */
export interface Left {
  readonly settled: Exact;
  /** See `freeOf`. */
  readonly free: Exact;
}

/**
 * Whether a charge has to look at the rules of its wallet: it is below the next threshold, or low enough to be recharged, what it
 * spends is measured, or the rules for all customers are others than those that the threshold was made of.
 */
export function isDue(wallet: WalletState, { settled, free }: Left, alertVersion: number): boolean {
  return (
    (wallet.alertBelow !== null && settled < wallet.alertBelow) ||
    (wallet.rechargeBelow !== null && free < wallet.rechargeBelow) ||
    wallet.tracksSpend ||
    wallet.alertVersion !== alertVersion
  );
}
