import { doApart } from '../../clocks/failed-work.ts';
import { readNow } from '../../clocks/now-of.ts';
import type { TimedWork } from '../../clocks/timed-work.ts';
import type { Queryable, Tx } from '../../infra/db.ts';
import { MINUTE_MS, SECOND_MS } from '../../kit/clock.ts';
import { plain, ZERO } from '../../kit/decimal.ts';
import { type Id, newId } from '../../kit/ids.ts';
import type { BurnOrder } from '../../ledger/burn-down.ts';
import type { GrantDraft } from '../../ledger/grant.ts';
import { grantReturned } from '../../ledger/grant-returned.ts';
import { DEFAULT_WALLET, lockWallets, walletKeys } from '../../ledger/lock.ts';
import { post } from '../../ledger/post.ts';
import { toldOf } from '../../ledger/tell.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import { type Counter, counterKey } from '../../metering/counter.ts';
import { readCounters, writeCounters } from '../../metering/counters.ts';
import {
  FIND_SURPLUS,
  FIND_SURPLUS_OF_CLOCK,
  NEXT_SURPLUS,
  type SurplusRow,
} from '../sql/find-surplus.ts';
import type { CorrectDeps } from './correct-usage.ts';
import { insertSurplus, pricedIn } from './surplus-store.ts';

/** Counters handled in one run, each in a transaction of its own. */
const BATCH = 50;

/**
 * A price that may fall has charged no less than the total cost at its dearest. When the period ends, what is more
 * than the total costs is given back, as a grant.
 */
export function createPeriodClosing(deps: CorrectDeps): TimedWork {
  return {
    name: 'what was charged beyond the price of a period is given back',
    everyMs: MINUTE_MS,
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_SURPLUS, [testClockId]);
      return row?.at ?? null;
    },
    async run(testClockId) {
      const { db, clock, announce } = deps;
      const now = await readNow(db.direct, clock, testClockId);
      const found = await findSurplus(db.direct, now, testClockId);
      await doApart(db.direct, {
        work: 'counter',
        rows: found,
        keyOf: ({ key }) => key,
        partOf: ({ key }) => key,
        now,
        testClockId,
        run: async (rows) => {
          for (const row of rows) announce(await db.transaction((tx) => close(tx, row, deps)));
        },
      });
      return found.length === BATCH;
    },
  };
}

function findSurplus(db: Queryable, now: Date, testClockId: string | null): Promise<SurplusRow[]> {
  return testClockId === null
    ? db.query<SurplusRow>(FIND_SURPLUS, [now, BATCH])
    : db.query<SurplusRow>(FIND_SURPLUS_OF_CLOCK, [now, BATCH, testClockId]);
}

async function close(
  tx: Tx,
  row: SurplusRow,
  { clock, watch }: CorrectDeps,
): Promise<BalanceUpdate[]> {
  const { asset, settlementWindowSeconds } = await pricedIn(tx, row);
  const rules = {
    burnOrder: asset.burnOrder,
    settlementWindowMs: settlementWindowSeconds * SECOND_MS,
  };
  const named = { customer_id: row.customer_id, asset_id: asset.id, name: DEFAULT_WALLET };
  const [wallet] = await lockWallets(tx, walletKeys([named]), () => rules);
  const [counter] = await readCounters(tx, [keyOf(row)], true);
  if (!wallet || !counter) throw new Error('What was charged to no wallet cannot be given back.');
  const committedAt = clock.now();
  const now = timeOf(wallet, committedAt);
  // Somebody else may have closed it, or late usage has cost what was left.
  if (counter.surplus === ZERO || counter.periodEnd > now) return [];
  const grant = await giveSurplus(tx, wallet, counter, { burnOrder: asset.burnOrder, now });
  counter.charged -= counter.surplus;
  counter.surplus = ZERO;
  counter.isChanged = true;
  const { written, updates, settled } = post(tx, [wallet], now);
  await written;
  await writeCounters(tx, [counter], now);
  const grantsToJudge = wallet.grants.filter(({ id }) => id === grant.id);
  const [left = ZERO] = settled;
  const watched = { wallet, settled: left, isCredit: true, isOpened: false, grantsToJudge };
  await watch(tx, [watched], now);
  await writeOutbox(tx, toldOf([wallet], updates), committedAt);
  return updates;
}

/** Answers the grant that it becomes. */
async function giveSurplus(
  tx: Tx,
  wallet: WalletState,
  { key, surplus: amount }: Counter,
  { burnOrder, now }: { readonly burnOrder: BurnOrder; readonly now: Date },
): Promise<GrantDraft> {
  const adjustmentId = newId('adjustment');
  const description = `Charged beyond the price of the period from ${key.period.start.toISOString()}`;
  const cause = { kind: 'ADJUSTMENT' as const, id: adjustmentId };
  const grant = await grantReturned(tx, wallet, { amount, burnOrder, description, cause }, now);
  await insertSurplus(tx, { adjustmentId, grant, key, amount: plain(amount) });
  return grant;
}

function keyOf(row: SurplusRow) {
  return counterKey({
    kind: 'PRICE',
    organizationId: row.organization_id as Id<'organization'>,
    customerId: row.customer_id as Id<'customer'>,
    countedId: row.counted_id,
    slice: row.slice,
    period: { start: row.period_start, end: row.period_end },
  });
}
