import type { Queryable } from '../../infra/db.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { LedgerDeps } from '../change-wallet.ts';
import { type WalletKey, walletKeys } from '../lock.ts';
import { lockToLook } from '../lock-to-look.ts';
import { post } from '../post.ts';
import { toldOf } from '../tell.ts';
import { lapse } from './lapse.ts';
import { type DueHoldRow, FIND_DUE_HOLDS } from './sql/due-holds.ts';

/** Holds handled in one transaction, as for grants. */
const BATCH = 200;

/**
 * Books the holds whose time is over, so that those who watch hear of it when it happens. Balances and charges are
 * right without it; any number of workers may run it, and whoever charges the wallet does the same in passing.
 * Returns how many were due.
 */
export async function expireHolds(deps: LedgerDeps): Promise<number> {
  const now = deps.clock.now();
  const due = await deps.db.direct.query<DueHoldRow>(FIND_DUE_HOLDS, [now, BATCH]);
  if (due.length === 0) return 0;
  const keys = walletKeys(due);
  const updates = await deps.db.backgroundTransaction((tx) => expire(tx, keys, deps));
  deps.announce(updates);
  return due.length;
}

async function expire(
  tx: Queryable,
  keys: readonly WalletKey[],
  { clock }: Pick<LedgerDeps, 'clock'>,
) {
  const wallets = await lockToLook(tx, keys);
  // Behind the locks: whoever held them may have extended a hold, or captured it.
  const now = clock.now();
  const changed = wallets.filter((wallet) => {
    if (wallet.holds === null) return false;
    lapse(wallet, wallet.holds, now);
    return [...wallet.holds.open.values()].some(({ isLapsed }) => isLapsed);
  });
  const { written, updates } = post(tx, changed, now);
  await written;
  await writeOutbox(tx, toldOf(changed, updates), now);
  return updates;
}
