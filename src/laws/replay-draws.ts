import type { Queryable } from '../infra/db.ts';
import { exact, plain, ZERO } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import { BEFORE_ALL, type Id } from '../kit/ids.ts';
import {
  type BurnOrder,
  compareGrants,
  type Drawable,
  drawDown,
  type GrantPurpose,
} from '../ledger/burn-down.ts';
import { drawHeld } from '../ledger/holds/draw-held.ts';
import { violationOf } from './law.ts';
import { type ReplayedEnds, replayEnds } from './replay-ends.ts';
import { type ReplayedHolds, replayHolds } from './replay-holds.ts';
import {
  type EntryRow,
  type GrantExtensionRow,
  type GrantRow,
  type HoldExtensionRow,
  type HoldRow,
  READ_ENTRIES,
  READ_GRANT_EXTENSIONS,
  READ_GRANTS,
  READ_HOLD_EXTENSIONS,
  READ_HOLDS,
} from './sql/read-entries.ts';

const BATCH = 5_000;

type EntryKey = Pick<EntryRow, 'wallet_id' | 'sequence'>;

/** A wallet while its history is replayed. */
interface Replay {
  readonly walletId: string;
  readonly grants: ReadonlyMap<string, Drawable>;
  /** What is left, in burn-down order. */
  open: Drawable[];
  /** The draws of one cause, until an entry of another one comes. */
  draws: EntryRow[];
  readonly holds: ReplayedHolds;
  readonly ends: ReplayedEnds;
}

/**
 * Law 6, the order: replays each wallet's entries through the burn-down rule, by the ends that grants had then, and
 * compares what every charge, adjustment and fee drew, and that it made a debt only of what no grant could pay. Whether an expired
 * grant could still be drawn depends on a settlement window that may have been changed since; so one that
 * was drawn is taken as drawable, and one that was not as closed. What holds had set aside is left out but for the
 * captures of each, which draw that first. Stops at the first difference.
 */
export async function replayDraws(tx: Queryable): Promise<string | null> {
  let wallet: Replay | null = null;
  let after: EntryKey = { wallet_id: BEFORE_ALL, sequence: '0' };
  for (;;) {
    const rows = await tx.query<EntryRow>(READ_ENTRIES, [after.wallet_id, after.sequence, BATCH]);
    const last = rows.at(-1);
    if (!last) return wallet && finish(wallet);
    const extended = await readHoldExtensions(tx, after, last);
    after = last;
    wallet?.holds.extend(extended.get(wallet.walletId) ?? []);
    const histories = await readHistories(tx, rows, wallet?.walletId);
    for (const row of rows) {
      const isNext: boolean = wallet?.walletId !== row.wallet_id;
      const problem: string | null = wallet && endOf(wallet, row, isNext);
      if (problem) return problem;
      if (isNext || !wallet) {
        wallet = startReplay(row.wallet_id, histories);
        wallet.holds.extend(extended.get(row.wallet_id) ?? []);
      }
      apply(wallet, row);
    }
  }
}

/** What is over with this entry: the draws of a cause, or the wallet. */
function endOf(wallet: Replay, row: EntryRow, isNext: boolean): string | null {
  if (isNext) return finish(wallet);
  return isOther(wallet, row) ? settle(wallet) : null;
}

function finish(wallet: Replay): string | null {
  const violation = settle(wallet);
  if (violation) return violation;
  const problem = wallet.holds.findProblem();
  return problem && violationOf({ noun: 'wallet', id: wallet.walletId, problem });
}

/** What the entries of a wallet are replayed on. */
interface History {
  readonly grants: Map<string, Drawable>;
  readonly holds: HoldRow[];
  readonly extensions: GrantExtensionRow[];
}

function noHistory(): History {
  return { grants: new Map(), holds: [], extensions: [] };
}

/** Of the wallets whose entries begin here. */
async function readHistories(
  tx: Queryable,
  rows: readonly EntryRow[],
  begun: string | undefined,
): Promise<ReadonlyMap<string, History>> {
  const ids = new Set(rows.map((row) => row.wallet_id));
  const walletIds = [...ids].filter((id) => id !== begun);
  const histories = new Map(walletIds.map((id): [string, History] => [id, noHistory()]));
  if (walletIds.length === 0) return histories;
  for (const row of await tx.query<GrantRow>(READ_GRANTS, [walletIds])) {
    histories.get(row.wallet_id)?.grants.set(row.id, toDrawable(row));
  }
  for (const row of await tx.query<GrantExtensionRow>(READ_GRANT_EXTENSIONS, [walletIds])) {
    histories.get(row.wallet_id)?.extensions.push(row);
  }
  for (const row of await tx.query<HoldRow>(READ_HOLDS, [walletIds])) {
    histories.get(row.wallet_id)?.holds.push(row);
  }
  return histories;
}

/** What was set aside by extensions behind the entries of a batch, by wallet: there may be as many as entries. */
async function readHoldExtensions(tx: Queryable, after: EntryKey, last: EntryKey) {
  const range = [after.wallet_id, after.sequence, last.wallet_id, last.sequence];
  const rows = await tx.query<HoldExtensionRow>(READ_HOLD_EXTENSIONS, range);
  return groupBy(rows, (row) => row.wallet_id);
}

function startReplay(walletId: string, histories: ReadonlyMap<string, History>): Replay {
  const { grants, holds, extensions } = histories.get(walletId) ?? noHistory();
  return {
    walletId,
    grants,
    open: [],
    draws: [],
    holds: replayHolds(holds, grants),
    ends: replayEnds(extensions, grants),
  };
}

function toDrawable(row: GrantRow): Drawable {
  return {
    id: row.id as Id<'grant'>,
    purpose: row.purpose as GrantPurpose,
    priority: row.priority,
    effectiveAt: row.effective_at,
    expiresAt: row.expires_at,
    scopeMetrics: row.scope_metrics,
    createdAt: row.created_at,
    remaining: ZERO,
    held: ZERO,
  };
}

/** What is paid from grants in their order; everything else names its grant. */
const DRAWS: ReadonlySet<string> = new Set(['USAGE', 'ADJUSTMENT', 'SUBSCRIPTION']);

function isDraw(row: EntryRow): boolean {
  return !row.incoming && DRAWS.has(row.cause);
}

function isOther({ draws: [first] }: Replay, row: EntryRow): boolean {
  if (!first) return false;
  if (first.cause !== row.cause || first.cause_id !== row.cause_id) return true;
  return first.charge_ordinal !== row.charge_ordinal;
}

/** Draws wait for the rest of their cause; everything else changes its grant at once. */
function apply(wallet: Replay, row: EntryRow): void {
  if (wallet.ends.advanceTo(Number(row.sequence))) wallet.open.sort(orderOf(row));
  if (isDraw(row)) {
    wallet.draws.push(row);
    return;
  }
  const grant = row.grant_id === null ? undefined : wallet.grants.get(row.grant_id);
  if (!grant) return;
  if (row.cause === 'EXPIRY') {
    wallet.holds.advanceTo(Number(row.sequence));
    wallet.holds.drop(grant);
  }
  const before = grant.remaining;
  grant.remaining = row.incoming ? before + exact(row.amount) : before - exact(row.amount);
  if (before === ZERO) {
    wallet.open.push(grant);
    wallet.open.sort(orderOf(row));
  }
}

function orderOf(row: EntryRow) {
  return compareGrants(row.burn_order as BurnOrder);
}

/** Draws what the waiting entries drew, and says where they differ. */
function settle(wallet: Replay): string | null {
  const { draws } = wallet;
  const [first] = draws;
  if (!first) return null;
  wallet.draws = [];
  wallet.holds.advanceTo(Number(first.sequence));
  const drawn = new Set(draws.map((row) => row.grant_id));
  wallet.open = wallet.open.filter((grant) => grant.remaining > ZERO);
  const drawable = wallet.open.filter(
    ({ id, expiresAt }) => drawn.has(id) || expiresAt === null || expiresAt > first.posted_at,
  );
  const total = draws.reduce((sum, row) => sum + exact(row.amount), ZERO);
  const moment = {
    occurredAt: first.occurred_at ?? first.posted_at,
    now: first.posted_at,
    settlementWindowMs: Number.POSITIVE_INFINITY,
  };
  const hold = first.hold_id === null ? undefined : wallet.holds.find(first.hold_id);
  const expected = hold
    ? drawHeld(drawable, hold, total, first.metric_code, moment)
    : drawDown(drawable, total, first.metric_code, moment);
  const wanted = expected.draws.map(
    ({ grant, amount }) => `${plain(amount)} of {grant:${grant.id}}`,
  );
  if (expected.uncovered !== ZERO) wanted.push(`${plain(expected.uncovered)} of the debt`);
  const actual = draws.map(({ grant_id, amount }) => {
    const from = grant_id === null ? 'the debt' : `{grant:${grant_id}}`;
    return `${plain(exact(amount))} of ${from}`;
  });
  if (wanted.join() === actual.join()) return null;
  const problem = `from entry ${first.sequence} on it drew ${actual.join(', ')} where the order is ${wanted.join(', ')}`;
  return violationOf({ noun: 'wallet', id: wallet.walletId, problem });
}
