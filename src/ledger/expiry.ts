import { doTogether } from '../clocks/failed-work.ts';
import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Queryable } from '../infra/db.ts';
import { SECOND_MS } from '../kit/clock.ts';
import { type Exact, plain, ZERO } from '../kit/decimal.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { BurnOrder } from './burn-down.ts';
import type { LedgerDeps } from './change-wallet.ts';
import { isInForce, nextTransition } from './grant.ts';
import { dropHeld } from './holds/drop-held.ts';
import { type DrawRules, lockWallets, walletKeys, walletOf } from './lock.ts';
import { repayDebt, takeFrom } from './move.ts';
import { post } from './post.ts';
import {
  type DueGrantRow,
  FIND_DUE_GRANTS,
  FIND_DUE_GRANTS_OF_CLOCK,
  NEXT_DUE_GRANT,
  READ_DRAW_RULES,
  RECHECK_DUE_GRANTS,
  SCHEDULE_GRANTS,
  type StillDueRow,
} from './sql/due-grants.ts';
import { toldOf } from './tell.ts';
import type { GrantState, WalletState } from './wallet-state.ts';
import { timeOf } from './wallet-time.ts';
import type { Watched } from './watch.ts';

/** Grants handled in one transaction: enough to be quick, few enough not to hold wallets for long. */
const BATCH = 200;

/**
 * Books what time has done to grants: one that came into force repays a debt, one whose settlement window
 * has ended gives the rest to breakage, and in between the wallet's version moves on so that subscribers
 * learn of an expiry when it happens. Balances and charges are right without it; any number of workers
 * may run it. Returns how many grants were handled. A clock is asked for its own customers, null for those
 * who go by the server's time.
 */
export async function applyTransitions(
  deps: LedgerDeps,
  testClockId: string | null,
): Promise<number> {
  const { db, clock, announce } = deps;
  const now = await readNow(db.direct, clock, testClockId);
  const rows = await findDue(db.direct, now, testClockId);
  await doTogether(db.direct, {
    work: 'grant',
    rows,
    keyOf: ({ id }) => id,
    partOf: walletOf,
    now,
    testClockId,
    run: async (due) => announce(await db.backgroundTransaction((tx) => transition(tx, due, deps))),
  });
  return rows.length;
}

/** The same as timed work. */
export function createGrantTransitions(deps: LedgerDeps): TimedWork {
  return {
    name: 'grants come into force and expire',
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_DUE_GRANT, [testClockId]);
      return row?.at ?? null;
    },
    run: async (testClockId) => (await applyTransitions(deps, testClockId)) === BATCH,
  };
}

function findDue(direct: Queryable, now: Date, testClockId: string | null) {
  return testClockId === null
    ? direct.query<DueGrantRow>(FIND_DUE_GRANTS, [now, BATCH])
    : direct.query<DueGrantRow>(FIND_DUE_GRANTS_OF_CLOCK, [now, BATCH, testClockId]);
}

async function transition(
  tx: Queryable,
  due: readonly DueGrantRow[],
  { clock, watch }: Pick<LedgerDeps, 'clock' | 'watch'>,
): Promise<BalanceUpdate[]> {
  const rules = await readRules(tx, due);
  const wallets = await lockWallets(tx, walletKeys(due), ({ assetId }) => rulesOf(rules, assetId));
  // Behind the locks, so that what is posted to a wallet is posted in the order of its time, which is the
  // same for all of them: they are of one clock.
  const committedAt = clock.now();
  const now = wallets[0] ? timeOf(wallets[0], committedAt) : committedAt;
  const ids = due.map((grant) => grant.id);
  const stillDue = await tx.query<StillDueRow>(RECHECK_DUE_GRANTS, [ids, now]);
  const dueAt = new Map(stillDue.map((grant) => [grant.id, grant.next_transition_at]));
  const next = new Map<string, Date | null>([...dueAt.keys()].map((id) => [id, null]));

  const credited = new Set<WalletState>();
  const changed = wallets.filter((wallet) => {
    const grants = wallet.grants.filter((grant) => dueAt.has(grant.id));
    for (const grant of grants) {
      if (comesIntoForce(grant, dueAt.get(grant.id), now)) credited.add(wallet);
      tellExpiry(wallet, grant, dueAt.get(grant.id), now);
      next.set(grant.id, applyOne(wallet, grant, now));
    }
    return grants.length > 0;
  });
  const { written, updates, settled } = post(tx, changed, now);
  await Promise.all([
    written,
    tx.query(SCHEDULE_GRANTS, [[...next.keys()], [...next.values()]]),
    watch(tx, watchedOf(changed, settled, credited), now),
  ]);
  await writeOutbox(tx, toldOf(changed, updates), committedAt);
  return updates;
}

function watchedOf(
  wallets: readonly WalletState[],
  settled: readonly Exact[],
  credited: ReadonlySet<WalletState>,
): Watched[] {
  return wallets.map((wallet, index) => ({
    wallet,
    settled: settled[index] ?? ZERO,
    isCredit: credited.has(wallet),
    isOpened: false,
    grantsToJudge: [],
  }));
}

/** Once: a grant that was due at the time from which it counts has not been looked at since. */
function comesIntoForce(grant: GrantState, dueAt: Date | undefined, now: Date): boolean {
  const { effectiveAt } = grant;
  if (effectiveAt === null || dueAt === undefined || dueAt > effectiveAt) return false;
  return isInForce(grant, now);
}

/** Once: a grant that was due at its expiry or before has not been told to be expired yet. */
function tellExpiry(
  { facts, id: walletId }: WalletState,
  { id: grantId, expiresAt, remaining }: GrantState,
  dueAt: Date | undefined,
  now: Date,
): void {
  if (expiresAt === null || expiresAt > now || dueAt === undefined || dueAt > expiresAt) return;
  facts.push({ type: 'grant.expired', grantId, walletId, amount: plain(remaining) });
}

/** Returns when to look at the grant again. */
function applyOne(wallet: WalletState, grant: GrantState, now: Date): Date | null {
  if (isInForce(grant, now)) repayDebt(wallet, grant);
  const next = nextTransition(grant, now, wallet.settlementWindowMs);
  if (next === null && grant.expiresAt !== null) {
    const cause = { kind: 'EXPIRY' as const, id: grant.id, chargeOrdinal: null };
    dropHeld(wallet, grant);
    takeFrom(wallet, grant, grant.remaining, 'BREAKAGE', cause);
  }
  return grant.remaining === ZERO ? null : next;
}

async function readRules(
  tx: Queryable,
  due: readonly DueGrantRow[],
): Promise<Map<string, DrawRules>> {
  const assetIds = [...new Set(due.map((row) => row.asset_id))];
  const rows = await tx.query<{
    asset_id: string;
    burn_order: BurnOrder;
    settlement_window_seconds: number;
  }>(READ_DRAW_RULES, [assetIds]);
  return new Map(
    rows.map((row) => [
      row.asset_id,
      {
        burnOrder: row.burn_order,
        settlementWindowMs: row.settlement_window_seconds * SECOND_MS,
      },
    ]),
  );
}

function rulesOf(rules: Map<string, DrawRules>, assetId: string): DrawRules {
  const found = rules.get(assetId);
  if (!found) throw new Error(`A wallet counts an asset that does not exist: ${assetId}.`);
  return found;
}
