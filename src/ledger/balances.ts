import { readNow } from '../clocks/now-of.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { type Clock, fromEpochMs, parseInstant } from '../kit/clock.ts';
import { exact, ZERO } from '../kit/decimal.ts';
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
      balanceOf(fundsOf(row), row.test_now ?? now),
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
    return row
      ? balanceOf(fundsOf(row), row.test_now ?? now)
      : new Error(`There is no wallet ${id}.`);
  });
}

/**
 * What a wallet's balance was at a past instant; one ahead of now answers as of now, for nobody knows what
 * will happen until then. Holds of the past are not kept, so `held` is 0.
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
  const now = await readNow(db, clock, wallet.testClockId);
  const [row] = await db.query<{ settled: string; pending: string }>(READ_BALANCE_AT, [
    wallet.id,
    at < now ? at : now,
  ]);
  const settled = exact(row?.settled ?? 0);
  const available =
    settled +
    overdraftOf({ onEmpty: wallet.onEmpty, overdraftLimit: exact(wallet.overdraftLimit) });
  return { settled, held: ZERO, available, pending: exact(row?.pending ?? 0) };
}

function fundsOf(row: BalanceRow) {
  return {
    debt: exact(row.debt),
    onEmpty: row.on_empty as OnEmpty,
    overdraftLimit: exact(row.overdraft_limit),
    grants: (row.grants ?? []).map(([remaining, effectiveAt, expiresAt]) => ({
      remaining: exact(remaining),
      effectiveAt: instantOf(effectiveAt),
      expiresAt: instantOf(expiresAt),
    })),
  };
}

function instantOf(text: string | null): Date | null {
  return text === null ? null : (parseInstant(text) ?? fromEpochMs(Number.NaN));
}
