import type { Queryable } from '../infra/db.ts';
import { plain } from '../kit/decimal.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { WRITE_POSTINGS } from './sql/write-postings.ts';
import { balanceOf, balanceUpdate, type GrantState, type WalletState } from './wallet-state.ts';

/**
 * The only writer of money. Writes what was decided about locked wallets, moves each one's version on by
 * one, and returns what subscribers shall be told once the transaction has committed.
 */
export async function post(
  tx: Queryable,
  wallets: readonly WalletState[],
  now: Date,
): Promise<BalanceUpdate[]> {
  if (wallets.length === 0) return [];
  await tx.query(WRITE_POSTINGS, [
    ...entryColumns(wallets),
    ...grantColumns(wallets),
    ...walletColumns(wallets),
    now,
  ]);
  return wallets.map((wallet) =>
    balanceUpdate(wallet, wallet.version + 1, balanceOf(wallet, now), now),
  );
}

function entryColumns(wallets: readonly WalletState[]): unknown[][] {
  const columns: unknown[][] = Array.from({ length: 10 }, () => []);
  for (const wallet of wallets) {
    for (const posting of wallet.postings) {
      const row = [
        wallet.id,
        posting.sequence,
        posting.debitAccount,
        posting.creditAccount,
        plain(posting.amount),
        posting.grant?.id ?? null,
        posting.cause.kind,
        posting.cause.id,
        posting.cause.chargeOrdinal,
        plain(posting.balanceAfter),
      ];
      for (const [column, value] of row.entries()) columns[column]?.push(value);
    }
  }
  return columns;
}

function grantColumns(wallets: readonly WalletState[]): unknown[][] {
  const columns: [string[], string[], string[], boolean[]] = [[], [], [], []];
  for (const wallet of wallets) {
    const touched = new Set<GrantState>();
    for (const { grant } of wallet.postings) if (grant) touched.add(grant);
    for (const grant of touched) {
      columns[0].push(grant.id);
      columns[1].push(wallet.customerId);
      columns[2].push(plain(grant.remaining));
      // Spent is closed: what is closed is never read by a charge again.
      columns[3].push(!grant.remaining.isZero());
    }
  }
  return columns;
}

function walletColumns(wallets: readonly WalletState[]): unknown[][] {
  return [
    wallets.map((wallet) => wallet.id),
    wallets.map((wallet) => wallet.organizationId),
    wallets.map((wallet) => wallet.customerId),
    wallets.map((wallet) => wallet.lastSequence),
    wallets.map((wallet) => plain(wallet.balance)),
    wallets.map((wallet) => plain(wallet.debt)),
  ];
}
