import type { Queryable, Tx } from '../infra/db.ts';
import { type Exact, exact, max, min, plain, roundTo, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { DEFAULT_WALLET } from '../ledger/lock.ts';
import { closePurse, openPurse } from '../ledger/purse.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import { returnCharges } from './return-charges.ts';
import {
  type LateUsageRow,
  NOTE_LOOKED,
  READ_TRUE_UP,
  type TrueUpRow,
} from './sql/find-late-usage.ts';
import { readAsset } from './store.ts';
import { AT_ONCE, type CountedUsage, readCountedCards, readUsage } from './usage-of-period.ts';
import { type SubscriptionsDeps, scaleCharged } from './work.ts';

/** What is known of a true-up once what was booked since was looked at. */
interface Look {
  readonly trueUp: TrueUpRow;
  /** What usage is short of the minimum, by entries. */
  readonly missing: Exact;
  /** The last entry that was looked at; null when no more usage can come, or nothing is left to give. */
  readonly until: number | null;
}

/**
 * Counts the usage of a period that has come since its true-up was looked at, and gives back what of the true-up is not
 * missing any more. What was given back is never taken again, also where that usage is taken back; so nothing is before
 * all is counted, which takes several looks where it is much. Usage is read before the wallet is locked: entries never
 * change, and what is booked meanwhile is for the next look.
 */
export async function giveWay(
  tx: Tx,
  deps: Pick<SubscriptionsDeps, 'clock' | 'watch'>,
  row: LateUsageRow,
  atOnce = AT_ONCE,
): Promise<BalanceUpdate[]> {
  const [trueUp] = await tx.query<TrueUpRow>(READ_TRUE_UP, [row.id, row.customer_id]);
  if (!trueUp || trueUp.looked_until === null) return [];
  const usage = await readSince(tx, row, trueUp, { behind: trueUp.looked_until, atOnce });
  const missing = exact(trueUp.missing) - usage.amount;
  const asset = await readAsset(tx, trueUp.asset_id);
  const left = exact(trueUp.amount) - exact(trueUp.returned);
  const due = max(ZERO, roundTo(missing + usage.surplus, scaleCharged(asset)));
  const back = usage.isAll ? left - min(left, due) : ZERO;
  const isDone = (row.is_over && usage.isAll) || back === left;
  const look = { trueUp, missing, until: isDone ? null : usage.through };
  if (back === ZERO) {
    await noteLooked(tx, row, look);
    return [];
  }
  const purse = await openPurse(tx, { ...ownerOf(row), assets: [asset] }, deps.clock);
  const [pocket] = purse.pockets;
  if (!pocket) throw new Error('A true-up was paid from a wallet that is not there.');
  if (!(await noteLooked(tx, row, look))) return [];
  const description = `Minimum commitment: usage of the period from ${trueUp.period_start.toISOString()} came late`;
  await returnCharges(
    { tx, now: purse.now, pocket },
    [{ charge: trueUp, part: back }],
    back,
    description,
  );
  const { told, updates } = await closePurse(tx, purse, deps.watch);
  await writeOutbox(tx, told, purse.committedAt);
  return updates;
}

async function readSince(
  tx: Queryable,
  { customer_id: customerId }: LateUsageRow,
  trueUp: TrueUpRow,
  { behind, atOnce }: { readonly behind: number; readonly atOnce: number },
): Promise<CountedUsage> {
  const of = {
    subscriptionId: trueUp.subscription_id,
    customerId,
    walletId: trueUp.wallet_id,
    assetId: trueUp.asset_id,
  };
  const period = { start: trueUp.period_start, end: trueUp.period_end };
  return readUsage(tx, of, period, await readCountedCards(tx, of, period), behind, atOnce);
}

/** False when somebody else has looked meanwhile. */
async function noteLooked(
  tx: Queryable,
  { id, customer_id: customerId }: LateUsageRow,
  { trueUp, missing, until }: Look,
): Promise<boolean> {
  const values = [id, customerId, trueUp.looked_until, plain(missing), until];
  return (await tx.query(NOTE_LOOKED, values)).length > 0;
}

function ownerOf({ organization_id: organizationId, customer_id }: LateUsageRow) {
  return { organizationId, customerId: customer_id as Id<'customer'>, walletName: DEFAULT_WALLET };
}
