import type { Queryable } from '../infra/db.ts';
import { exact, plain, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import {
  type BurnOrder,
  compareGrants,
  type Drawable,
  drawDown,
  type GrantPurpose,
} from '../ledger/burn-down.ts';
import { violationOf } from './law.ts';
import { type EntryRow, type GrantRow, READ_ENTRIES, READ_GRANTS } from './sql/read-entries.ts';

const BATCH = 5_000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** A wallet while its history is replayed. */
interface Replay {
  readonly walletId: string;
  readonly grants: ReadonlyMap<string, Drawable>;
  /** What is left, in burn-down order. */
  open: Drawable[];
  /** The draws of one cause, until an entry of another one comes. */
  draws: EntryRow[];
}

/**
 * Law 6, the order: replays each wallet's entries through the burn-down rule and compares what every
 * charge, adjustment and fee drew, and that it made a debt only of what no grant could pay. Whether an expired
 * grant could still be drawn depends on a settlement window that may have been changed since; so one that
 * was drawn is taken as drawable, and one that was not as closed. Stops at the first difference.
 */
export async function replayDraws(tx: Queryable): Promise<string | null> {
  let wallet: Replay | null = null;
  let after = { wallet_id: BEFORE_ALL, sequence: '0' };
  for (;;) {
    const rows = await tx.query<EntryRow>(READ_ENTRIES, [after.wallet_id, after.sequence, BATCH]);
    const last = rows.at(-1);
    if (!last) return wallet && settle(wallet);
    after = last;
    const grants = await readGrants(tx, rows);
    for (const row of rows) {
      const isNext: boolean = wallet?.walletId !== row.wallet_id;
      const problem: string | null =
        wallet && (isNext || isOther(wallet, row)) ? settle(wallet) : null;
      if (problem) return problem;
      if (isNext || !wallet) wallet = startReplay(row.wallet_id, grants);
      apply(wallet, row);
    }
  }
}

type GrantsOfWallet = ReadonlyMap<string, ReadonlyMap<string, Drawable>>;

async function readGrants(tx: Queryable, rows: readonly EntryRow[]): Promise<GrantsOfWallet> {
  const walletIds = [...new Set(rows.map((row) => row.wallet_id))];
  const grantsOf = new Map(walletIds.map((id) => [id, new Map<string, Drawable>()]));
  for (const row of await tx.query<GrantRow>(READ_GRANTS, [walletIds])) {
    grantsOf.get(row.wallet_id)?.set(row.id, toDrawable(row));
  }
  return grantsOf;
}

function startReplay(walletId: string, grants: GrantsOfWallet): Replay {
  return { walletId, grants: grants.get(walletId) ?? new Map(), open: [], draws: [] };
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
  };
}

/** What is paid from grants in their order; everything else names its grant. */
const DRAWS: ReadonlySet<string> = new Set(['USAGE', 'ADJUSTMENT', 'SUBSCRIPTION']);

function isDraw(row: EntryRow): boolean {
  return !row.incoming && DRAWS.has(row.cause);
}

function isOther({ draws: [first] }: Replay, row: EntryRow): boolean {
  if (!first) return false;
  return first.cause_id !== row.cause_id || first.charge_ordinal !== row.charge_ordinal;
}

/** Draws wait for the rest of their cause; everything else changes its grant at once. */
function apply(wallet: Replay, row: EntryRow): void {
  if (isDraw(row)) {
    wallet.draws.push(row);
    return;
  }
  const grant = row.grant_id === null ? undefined : wallet.grants.get(row.grant_id);
  if (!grant) return;
  const before = grant.remaining;
  grant.remaining = row.incoming ? before + exact(row.amount) : before - exact(row.amount);
  if (before === ZERO) {
    wallet.open.push(grant);
    wallet.open.sort(compareGrants(row.burn_order as BurnOrder));
  }
}

/** Draws what the waiting entries drew, and says where they differ. */
function settle(wallet: Replay): string | null {
  const { draws } = wallet;
  const [first] = draws;
  if (!first) return null;
  wallet.draws = [];
  const drawn = new Set(draws.map((row) => row.grant_id));
  wallet.open = wallet.open.filter((grant) => grant.remaining > ZERO);
  const drawable = wallet.open.filter(
    ({ id, expiresAt }) => drawn.has(id) || expiresAt === null || expiresAt > first.posted_at,
  );
  const total = draws.reduce((sum, row) => sum + exact(row.amount), ZERO);
  const expected = drawDown(drawable, total, first.metric_code, {
    occurredAt: first.occurred_at ?? first.posted_at,
    now: first.posted_at,
    settlementWindowMs: Number.POSITIVE_INFINITY,
  });
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
