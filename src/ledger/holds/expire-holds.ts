import { doTogether } from '../../clocks/failed-work.ts';
import { readNow } from '../../clocks/now-of.ts';
import type { TimedWork } from '../../clocks/timed-work.ts';
import type { Queryable } from '../../infra/db.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { LedgerDeps } from '../change-wallet.ts';
import { type WalletKey, walletKeys, walletOf } from '../lock.ts';
import { lockToLook } from '../lock-to-look.ts';
import { post } from '../post.ts';
import { toldOf } from '../tell.ts';
import { timeOf } from '../wallet-time.ts';
import { lapse } from './lapse.ts';
import {
  type DueHoldRow,
  FIND_DUE_HOLDS,
  FIND_DUE_HOLDS_OF_CLOCK,
  NEXT_DUE_HOLD,
} from './sql/due-holds.ts';

/** Holds handled in one transaction, as for grants. */
const BATCH = 200;

/**
 * Books the holds whose time is over, so that those who watch hear of it when it happens. Balances and charges are
 * right without it; any number of workers may run it, and whoever charges the wallet does the same in passing.
 * Returns how many were due. A clock is asked for its own customers, null for those who go by the server's time.
 */
export async function expireHolds(deps: LedgerDeps, testClockId: string | null): Promise<number> {
  const { db, clock, announce } = deps;
  const now = await readNow(db.direct, clock, testClockId);
  const rows = await findDue(db.direct, now, testClockId);
  await doTogether(db.direct, {
    work: 'hold',
    rows,
    keyOf: ({ id }) => id,
    partOf: walletOf,
    now,
    testClockId,
    run: async (due) => {
      const keys = walletKeys(due);
      announce(await db.backgroundTransaction((tx) => expire(tx, keys, deps)));
    },
  });
  return rows.length;
}

/** The same as timed work. */
export function createHoldExpiry(deps: LedgerDeps): TimedWork {
  return {
    name: 'holds expire',
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_DUE_HOLD, [testClockId]);
      return row?.at ?? null;
    },
    run: async (testClockId) => (await expireHolds(deps, testClockId)) === BATCH,
  };
}

function findDue(direct: Queryable, now: Date, testClockId: string | null) {
  return testClockId === null
    ? direct.query<DueHoldRow>(FIND_DUE_HOLDS, [now, BATCH])
    : direct.query<DueHoldRow>(FIND_DUE_HOLDS_OF_CLOCK, [now, BATCH, testClockId]);
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
    lapse(wallet, wallet.holds, timeOf(wallet, now));
    return [...wallet.holds.open.values()].some(({ isLapsed }) => isLapsed);
  });
  const { written, updates } = post(tx, changed, now);
  await written;
  await writeOutbox(tx, toldOf(changed, updates), now);
  return updates;
}
