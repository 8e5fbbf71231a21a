import { fromEpochMs, MINUTE_MS, SECOND_MS } from '../kit/clock.ts';
import { type Exact, MAX_AMOUNT, plain } from '../kit/decimal.ts';
import { isTouched, type Purse } from '../ledger/purse.ts';
import { balanceOf, type WalletState } from '../ledger/wallet-state.ts';
import type { SubscriptionState } from './subscription.ts';

/** What a subscription that lacks funds has seen of its wallet; nothing for one that lacks none. */
export interface Awaited {
  readonly awaitsVersion: bigint | null;
  /** Canonical text of what it could pay; of what has come into it, where that is what is waited for. */
  readonly awaitsBalance: string | null;
  readonly awaitsAgainAt: Date | null;
}

const NOTHING: Awaited = { awaitsVersion: null, awaitsBalance: null, awaitsAgainAt: null };

/** The pause is this part of how long it has waited, so that who waits for long asks seldom. */
const PART_OF_WAIT = 30;
const LONGEST_PAUSE_MS = 5 * MINUTE_MS;

/**
 * It waits for what comes after the version that this transaction makes of the wallet: at once for more
 * that can be paid from it, for any other change with a pause, for a wallet that is drawn on changes all the time.
 */
export function awaitedOf(state: SubscriptionState, purse: Purse, now: Date): Awaited {
  if (state.awaitsWalletId === null) return NOTHING;
  const pocket = purse.pockets.find(({ wallet }) => wallet.id === state.awaitsWalletId);
  if (!pocket) throw new Error('A subscription waits for a wallet that was not opened.');
  const { version } = pocket.wallet;
  return {
    awaitsVersion: BigInt(version + Number(isTouched(pocket))),
    awaitsBalance: plain(awaitedFunds(state, pocket.wallet, now)),
    awaitsAgainAt: fromEpochMs(now.getTime() + pauseMs(state, now)),
  };
}

/** Those of a policy without a bound are as much as a number can say. */
function awaitedFunds(
  { status, prefundAmount }: SubscriptionState,
  wallet: WalletState,
  now: Date,
): Exact {
  if (status === 'PENDING' && prefundAmount !== null) return wallet.balance;
  return wallet.onEmpty === 'ARREARS' ? MAX_AMOUNT : balanceOf(wallet, now).available;
}

function pauseMs({ periodEnd, anchorAt }: SubscriptionState, now: Date): number {
  const waitedMs = now.getTime() - (periodEnd ?? anchorAt).getTime();
  return Math.min(Math.max(waitedMs / PART_OF_WAIT, SECOND_MS), LONGEST_PAUSE_MS);
}
