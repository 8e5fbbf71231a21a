import { fromEpochMs } from '../kit/clock.ts';
import { walletKeys } from '../ledger/lock.ts';
import { reconsider } from './reconsider.ts';
import { HORIZON_MS } from './spend.ts';
import { FORGET_SPEND } from './sql/spend.ts';
import { FIND_TIMED, type TimedRow } from './sql/timed-alerts.ts';
import type { AlertDeps } from './sweep.ts';

/** Alerts looked at in one transaction. */
const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Looks again at wallets that were spending too fast: that they spend no more is no charge. What a charge
 * does is evaluated with the charge. Any number of workers may run it.
 */
export async function coolDown({ db, clock, announce }: AlertDeps): Promise<void> {
  for (let after = BEFORE_ALL, isMore = true; isMore; ) {
    const rows = await db.direct.query<TimedRow>(FIND_TIMED, [after, BATCH]);
    if (rows.length === 0) return;
    const updates = await db.backgroundTransaction((tx) =>
      reconsider(tx, clock, walletKeys(rows), { haveRulesChanged: false }),
    );
    announce(updates);
    isMore = rows.length === BATCH;
    after = rows.at(-1)?.id ?? after;
  }
}

/** Removes spend that no rule looks back to any more. */
export async function forgetSpend({ db, clock }: AlertDeps): Promise<void> {
  await db.direct.query(FORGET_SPEND, [fromEpochMs(clock.now().getTime() - 2 * HORIZON_MS)]);
}
