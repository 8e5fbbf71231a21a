import type { Queryable } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import type { WalletKey } from '../ledger/lock.ts';
import { lockToLook } from '../ledger/lock-to-look.ts';
import { post } from '../ledger/post.ts';
import { toldOf } from '../ledger/tell.ts';
import { balanceOf, type WalletState } from '../ledger/wallet-state.ts';
import { timeOf } from '../ledger/wallet-time.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import { evaluate } from './evaluate.ts';

/** Why wallets are looked at. */
interface Occasion {
  /** Of those that are held, which ones. @default all */
  readonly isWanted: (wallet: WalletState) => boolean;
  /** @default true */
  readonly haveRulesChanged: boolean;
}

/**
 * Evaluates the rules of wallets that nothing happened to: the rules are others, or time has passed. What
 * they are compared with may be remembered by processes that charge them, so where it changes the wallet
 * moves on by a version, which they notice. Returns what to publish after the commit.
 */
export async function reconsider(
  tx: Queryable,
  clock: Clock,
  keys: readonly WalletKey[],
  { isWanted = () => true, haveRulesChanged = true }: Partial<Occasion> = {},
): Promise<BalanceUpdate[]> {
  if (keys.length === 0) return [];
  const wallets = (await lockToLook(tx, keys)).filter(isWanted);
  const now = clock.now();
  const before = new Map(wallets.map((wallet) => [wallet, { ...wallet }]));
  const watched = wallets.map((wallet) => {
    const { settled } = balanceOf(wallet, timeOf(wallet, now));
    const grantsToJudge = haveRulesChanged ? wallet.grants : [];
    return { wallet, settled, isCredit: false, isOpened: false, grantsToJudge };
  });
  await evaluate(tx, watched, now);
  const moved = wallets.filter((wallet) => {
    const known = before.get(wallet);
    return known?.alertBelow !== wallet.alertBelow || known?.tracksSpend !== wallet.tracksSpend;
  });
  const { written, updates: posted } = post(tx, moved, now);
  await written;
  const updates = posted.map((update) => ({ ...update, cause: 'POLICY' as const }));
  const others = wallets.filter((wallet) => !moved.includes(wallet));
  await writeOutbox(tx, [...toldOf(moved, updates), ...toldOf(others, [])], now);
  return updates;
}
