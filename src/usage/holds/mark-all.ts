import { isRefusal } from '../../kit/refusal.ts';
import { markOfHold, returnHoldTo } from '../../ledger/holds/set-aside.ts';
import { type Mark, markOf, returnTo } from '../../ledger/move.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { type Counter, markCounter } from '../../metering/counter.ts';
import type { Situation } from '../decide.ts';
import type { Candidate } from '../event.ts';
import type { OnWallet } from './find-hold.ts';

/** Marks everything that events may change, and their hold; what is returned puts it back as it was. */
export function markAll(
  candidates: readonly Candidate[],
  situation: Situation,
  { wallet, hold }: OnWallet,
): () => void {
  const wallets = new Map<WalletState, Mark>();
  const counters = new Map<Counter, () => void>();
  for (const { event, rated, counted } of candidates) {
    for (const { price } of isRefusal(rated) ? [] : rated) {
      const drawn = situation.walletOf(event.customerId, price.assetId);
      if (drawn && !wallets.has(drawn)) wallets.set(drawn, markOf(drawn));
    }
    for (const { key } of counted) {
      const counter = situation.counterOf(key);
      if (!counters.has(counter)) counters.set(counter, markCounter(counter));
    }
  }
  const mark = markOfHold(hold);
  return () => {
    for (const [drawn, before] of wallets) returnTo(drawn, before);
    for (const putBack of counters.values()) putBack();
    returnHoldTo(wallet, hold, mark);
  };
}
