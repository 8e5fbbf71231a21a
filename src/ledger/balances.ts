import { readNow } from '../clocks/now-of.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { type Clock, fromEpochMs, parseInstant } from '../kit/clock.ts';
import { type Exact, exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { WalletVersion } from '../live/balance-hub.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { READ_BALANCE_AT } from './sql/read-balance-at.ts';
import { type BalanceRow, READ_BALANCES } from './sql/read-balances.ts';
import { READ_VERSIONS, type VersionRow } from './sql/read-versions.ts';
import {
  type Balance,
  balanceOf,
  balanceUpdate,
  type OnEmpty,
  overdraftOf,
} from './wallet-state.ts';

/** The current state of wallets as subscribers are told it; wallets that do not exist are left out. */
export async function readUpdates(
  db: Queryable,
  clock: Clock,
  walletIds: readonly string[],
): Promise<BalanceUpdate[]> {
  const rows = await db.query<BalanceRow>(READ_BALANCES, [arrayLiteral(walletIds, (id) => id)]);
  const now = clock.now();
  return rows.map((row) => {
    const wallet = {
      id: row.id as Id<'wallet'>,
      organizationId: row.organization_id as Id<'organization'>,
      customerId: row.customer_id as Id<'customer'>,
    };
    return balanceUpdate(
      wallet,
      Number(row.version),
      balanceOf(fundsOf(row, row.test_now ?? now), row.test_now ?? now),
      null,
      row.updated_at.toISOString(),
    );
  });
}

/** The wallets of customers, and how often each has changed. */
export async function readVersions(
  db: Queryable,
  customerIds: readonly string[],
): Promise<WalletVersion[]> {
  const rows = await db.query<VersionRow>(READ_VERSIONS, [arrayLiteral(customerIds, (id) => id)]);
  return rows.map((row) => ({
    walletId: row.id,
    customerId: row.customer_id,
    version: Number(row.version),
  }));
}

/** The balances of wallets now, in the order asked for. */
export async function readBalances(
  db: Queryable,
  clock: Clock,
  walletIds: readonly string[],
): Promise<(Balance | Error)[]> {
  const rows = await db.query<BalanceRow>(READ_BALANCES, [walletIds]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const now = clock.now();
  return walletIds.map((id) => {
    const row = byId.get(id);
    if (!row) return new Error(`There is no wallet ${id}.`);
    const at = row.test_now ?? now;
    return balanceOf(fundsOf(row, at), at);
  });
}

/**
 * What a wallet's balance was at a past instant. One ahead of now answers as of now, for nobody knows what
 * will happen until then. What was held at an instant of the past is not kept, so `held` is 0 there.
 */
export async function readBalanceAt(
  db: Queryable,
  clock: Clock,
  wallet: {
    readonly id: string;
    readonly testClockId: string | null;
    readonly onEmpty: OnEmpty;
    readonly overdraftLimit: { toFixed(): string };
  },
  at: Date,
): Promise<Balance> {
  if (at >= (await readNow(db, clock, wallet.testClockId))) return readOne(db, clock, wallet.id);
  const [row] = await db.query<{ settled: string; pending: string }>(READ_BALANCE_AT, [
    wallet.id,
    at,
  ]);
  const settled = exact(row?.settled ?? 0);
  const available =
    settled +
    overdraftOf({ onEmpty: wallet.onEmpty, overdraftLimit: exact(wallet.overdraftLimit) });
  return { settled, held: ZERO, available, pending: exact(row?.pending ?? 0) };
}

async function readOne(db: Queryable, clock: Clock, walletId: string): Promise<Balance> {
  const [balance] = await readBalances(db, clock, [walletId]);
  if (!balance || balance instanceof Error) throw balance ?? new Error('A balance is missing.');
  return balance;
}

function fundsOf(row: BalanceRow, now: Date) {
  const { heldOf, overdraft } = heldAt(row.holds ?? [], now);
  return {
    debt: exact(row.debt),
    onEmpty: row.on_empty as OnEmpty,
    overdraftLimit: exact(row.overdraft_limit),
    holds: { overdraft },
    grants: (row.grants ?? []).map(([remaining, effectiveAt, expiresAt, id]) => ({
      remaining: exact(remaining),
      held: heldOf.get(id) ?? ZERO,
      effectiveAt: instantOf(effectiveAt),
      expiresAt: instantOf(expiresAt),
    })),
  };
}

/** What holds set aside of which grants, and of the overdraft; those past their time set nothing aside. */
function heldAt(holds: NonNullable<BalanceRow['holds']>, now: Date) {
  const heldOf = new Map<string, Exact>();
  let overdraft = ZERO;
  for (const [expiresAt, ofOverdraft, allocations] of holds) {
    if ((instantOf(expiresAt) ?? now) <= now) continue;
    overdraft += exact(ofOverdraft);
    for (const [grantId, amount] of allocations) {
      heldOf.set(grantId, (heldOf.get(grantId) ?? ZERO) + exact(amount));
    }
  }
  return { heldOf, overdraft };
}

function instantOf(text: string | null): Date | null {
  return text === null ? null : (parseInstant(text) ?? fromEpochMs(Number.NaN));
}
