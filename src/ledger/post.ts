import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { stored, ZERO } from '../kit/decimal.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { WRITE_POSTINGS } from './sql/write-postings.ts';
import { balanceOf, balanceUpdate, type WalletState } from './wallet-state.ts';

export interface Posted {
  /** Settles when the database has taken it. A hot transaction need not wait: its commit does. */
  readonly written: Promise<unknown>;
  /** What subscribers shall be told once the transaction has committed. */
  readonly updates: BalanceUpdate[];
}

/**
 * The only writer of money. Writes what was decided about locked wallets, and moves each one's version on
 * by one.
 */
export function post(tx: Queryable, wallets: readonly WalletState[], now: Date): Posted {
  if (wallets.length === 0) return { written: Promise.resolve(), updates: [] };
  const written = tx.query(WRITE_POSTINGS, [
    ...entryColumns(wallets),
    ...grantColumns(wallets),
    ...walletColumns(wallets),
    now,
  ]);
  const updates = wallets.map((wallet) =>
    balanceUpdate(wallet, wallet.version + 1, balanceOf(wallet, now), now),
  );
  return { written, updates };
}

function entryColumns(wallets: readonly WalletState[]): unknown[] {
  const rows = wallets.flatMap(({ id, postings }) => postings.map((posting) => ({ id, posting })));
  return [
    arrayLiteral(rows, ({ id }) => id),
    arrayLiteral(rows, ({ posting }) => posting.sequence),
    arrayLiteral(rows, ({ posting }) => posting.debitAccount),
    arrayLiteral(rows, ({ posting }) => posting.creditAccount),
    arrayLiteral(rows, ({ posting }) => stored(posting.amount)),
    arrayLiteral(rows, ({ posting }) => posting.grant?.id ?? null),
    arrayLiteral(rows, ({ posting }) => posting.cause.kind),
    arrayLiteral(rows, ({ posting }) => posting.cause.id),
    arrayLiteral(rows, ({ posting }) => posting.cause.chargeOrdinal),
    arrayLiteral(rows, ({ posting }) => stored(posting.balanceAfter)),
  ];
}

function grantColumns(wallets: readonly WalletState[]): unknown[] {
  const touched = wallets.flatMap(({ customerId, postings }) => {
    const grants = new Set(postings.map((posting) => posting.grant));
    return [...grants].flatMap((grant) => (grant ? { customerId, grant } : []));
  });
  return [
    arrayLiteral(touched, ({ grant }) => grant.id),
    arrayLiteral(touched, ({ customerId }) => customerId),
    arrayLiteral(touched, ({ grant }) => stored(grant.remaining)),
    // Spent is closed: what is closed is never read by a charge again.
    arrayLiteral(touched, ({ grant }) => grant.remaining !== ZERO),
  ];
}

function walletColumns(wallets: readonly WalletState[]): unknown[] {
  return [
    arrayLiteral(wallets, (wallet) => wallet.id),
    arrayLiteral(wallets, (wallet) => wallet.organizationId),
    arrayLiteral(wallets, (wallet) => wallet.customerId),
    arrayLiteral(wallets, (wallet) => wallet.lastSequence),
    arrayLiteral(wallets, (wallet) => stored(wallet.balance)),
    arrayLiteral(wallets, (wallet) => stored(wallet.debt)),
  ];
}
