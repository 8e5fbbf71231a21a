import { type Exact, MAX_AMOUNT, ZERO } from '../kit/decimal.ts';
import { isRefusal } from '../kit/refusal.ts';
import type { Moment } from '../ledger/burn-down.ts';
import { isThrottled, payFrom, payNothing } from '../ledger/charge.ts';
import { type Mark, returnTo } from '../ledger/move.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import { type Bill, usageOwed } from './bill.ts';

/** What would become of bills. */
export interface Weighed {
  readonly refusal: InsufficientFunds | null;
  /** The bill that decided: the one that cannot be paid, the one that throttles, or the first. */
  readonly bill: Bill | null;
  readonly wallet: WalletState | undefined;
  readonly isThrottled: boolean;
  /** What the deciding bill could draw on; null where there is no end to it. */
  readonly available: Exact | null;
}

/**
 * Pays the bills as a charge would, in the wallets in memory, and takes everything back. What it would
 * still leave is looked for only where that is wanted.
 */
export function weigh(
  wallets: readonly WalletState[],
  bills: readonly Bill[],
  moment: Moment,
  wantsAvailable: boolean,
): Weighed {
  const touched: [WalletState, Mark][] = [];
  let decided: Weighed = NOTHING_OWED;
  for (const bill of bills) {
    const wallet = wallets.find(({ assetId }) => assetId === bill.assetId);
    const paid = wallet ? payFrom(wallet, bill.owed, moment) : payNothing(bill.owed, bill.assetId);
    if (paid !== null && isRefusal(paid)) {
      const { available } = paid;
      decided = { refusal: paid, bill, wallet, isThrottled: false, available };
      break;
    }
    if (wallet && paid) touched.push([wallet, paid.mark]);
    const throttles = bill.owed.some(({ amount }) => isThrottled(wallet, amount));
    if (decided.bill !== null && (!throttles || decided.isThrottled)) continue;
    const available = wantsAvailable ? availableFor(bill, wallet, moment) : null;
    decided = { refusal: null, bill, wallet, isThrottled: throttles, available };
  }
  for (const [wallet, mark] of touched) returnTo(wallet, mark);
  return decided;
}

const NOTHING_OWED: Weighed = {
  refusal: null,
  bill: null,
  wallet: undefined,
  isThrottled: false,
  available: null,
};

/** What was just paid, and how much more could be; null where nothing ends it. */
function availableFor(bill: Bill, wallet: WalletState | undefined, moment: Moment): Exact | null {
  if (!wallet) return ZERO;
  if (wallet.onEmpty === 'ARREARS') return null;
  const more = payFrom(wallet, [usageOwed(MAX_AMOUNT, bill.owed[0]?.metricCode ?? null)], moment);
  if (isRefusal(more)) return bill.required + more.available;
  returnTo(wallet, more.mark);
  return MAX_AMOUNT;
}
