import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { createPositions, type Positions } from '../infra/positions.ts';
import { type Exact, stored, ZERO } from '../kit/decimal.ts';
import type { BalanceCause, BalanceUpdate } from '../live/balance-update.ts';
import { bookLapsed } from './holds/close.ts';
import { writeHolds } from './holds/write-holds.ts';
import { WRITE_POSTINGS } from './sql/write-postings.ts';
import {
  balanceOf,
  balanceUpdate,
  freeOf,
  type GrantState,
  type Posting,
  type WalletState,
} from './wallet-state.ts';
import { timeOf } from './wallet-time.ts';

export interface Posted {
  /** Settles when the database has taken it. A hot transaction need not wait: its commit does. */
  readonly written: Promise<unknown>;
  /** What subscribers shall be told once the transaction has committed. */
  readonly updates: BalanceUpdate[];
  /** What each wallet can spend now. */
  readonly settled: readonly Exact[];
  /** What of it is not set aside: see `freeOf`. */
  readonly free: readonly Exact[];
}

/**
 * The only writer of money. Writes what was decided about wallets, and moves each one's version on by one;
 * fails when one of them has moved on since it was read. `now` counts for wallets that go by the server's time; one
 * of a customer with a test clock is posted to by its own, whatever `now` says.
 */
export function post(tx: Queryable, wallets: readonly WalletState[], now: Date): Posted {
  if (wallets.length === 0) return NOTHING_POSTED;
  for (const wallet of wallets) {
    if (wallet.holds !== null) bookLapsed(wallet, timeOf(wallet, now));
  }
  const posted = tx.query(WRITE_POSTINGS, [
    ...columnsOf(wallets),
    now,
    timesOf(wallets, now),
    arrayLiteral(wallets, ({ holds }) => holds?.open.size ?? 0),
  ]);
  const written = withHolds(tx, posted, wallets);
  const nowText = now.toISOString();
  const settled: Exact[] = [];
  const free: Exact[] = [];
  const updates = wallets.map((wallet) => {
    const balance = balanceOf(wallet, timeOf(wallet, now));
    settled.push(balance.settled);
    free.push(freeOf(balance));
    const at = wallet.testNow?.toISOString() ?? nowText;
    return balanceUpdate(wallet, wallet.version + 1, balance, causeOf(wallet), at);
  });
  return { written, updates, settled, free };
}

/** With what was decided about holds, which mostly is nothing. */
function withHolds(
  tx: Queryable,
  posted: Promise<unknown>,
  wallets: readonly WalletState[],
): Promise<unknown> {
  const changed = wallets.filter(({ holds }) => holds !== null && holds.changed.size > 0);
  if (changed.length === 0) return posted;
  const written = Promise.all([posted, ...writeHolds(tx, changed)]);
  // Whoever waits is told by each of the parts; a hot transaction does not wait here.
  written.catch(() => undefined);
  return written;
}

const NOTHING_POSTED: Posted = { written: Promise.resolve(), updates: [], settled: [], free: [] };

/** The time of each wallet; null when all go by the server's. */
function timesOf(wallets: readonly WalletState[], now: Date): string | null {
  if (wallets.every(({ testNow }) => testNow === null)) return null;
  return arrayLiteral(wallets, (wallet) => timeOf(wallet, now).toISOString());
}

/** A grant's repayment of a debt follows what made it possible. */
function causeOf({ postings: [first], holds }: WalletState): BalanceCause {
  if (first) return first.cause.kind;
  if (holds === null || holds.changed.size === 0) return 'TIME';
  const isOpen = [...holds.changed].some(({ status }) => status === 'OPEN');
  return isOpen ? 'HOLD' : 'RELEASE';
}

/** An entry to be written, and where its wallet stands among those that changed. */
interface Row {
  readonly wallet: number;
  readonly posting: Posting;
}

function columnsOf(wallets: readonly WalletState[]): unknown[] {
  const rows: Row[] = [];
  const grants = createPositions<GrantState>();
  const walletOfGrant: number[] = [];
  for (const [index, { postings }] of wallets.entries()) {
    for (const posting of postings) {
      rows.push({ wallet: index + 1, posting });
      if (posting.grant) walletOfGrant[grants.of(posting.grant) - 1] = index + 1;
    }
  }
  return [
    ...walletColumns(wallets),
    ...grantColumns(grants, walletOfGrant),
    ...entryColumns(rows, grants),
  ];
}

function walletColumns(wallets: readonly WalletState[]): unknown[] {
  return [
    columns.uuid(wallets, (wallet) => wallet.id),
    columns.uuid(wallets, (wallet) => wallet.organizationId),
    columns.uuid(wallets, (wallet) => wallet.customerId),
    arrayLiteral(wallets, (wallet) => wallet.version),
    arrayLiteral(wallets, (wallet) => stored(balanceBefore(wallet))),
    arrayLiteral(wallets, (wallet) => wallet.lastSequence),
    arrayLiteral(wallets, (wallet) => stored(wallet.balance)),
    arrayLiteral(wallets, (wallet) => stored(wallet.debt)),
  ];
}

/** What the wallet held before its first posting. */
function balanceBefore({ balance, postings: [first] }: WalletState): Exact {
  if (!first) return balance;
  const { debitAccount, balanceAfter, amount } = first;
  return debitAccount === 'WALLET' ? balanceAfter + amount : balanceAfter - amount;
}

function grantColumns({ values }: Positions<GrantState>, wallets: readonly number[]): unknown[] {
  return [
    columns.uuid(values, (grant) => grant.id),
    arrayLiteral(wallets, (wallet) => wallet),
    arrayLiteral(values, (grant) => stored(grant.remaining)),
    // Spent is closed: what is closed is never read by a charge again.
    arrayLiteral(values, (grant) => grant.remaining !== ZERO),
  ];
}

/** The kinds of posting, then the entries that name them. */
function entryColumns(rows: readonly Row[], grants: Positions<GrantState>): unknown[] {
  const kinds = createPositions<string>();
  const kindOf = ({ debitAccount, creditAccount, cause }: Posting) =>
    kinds.of(`${debitAccount},${creditAccount},${cause.kind}`);
  const entries: unknown[] = [
    arrayLiteral(rows, ({ wallet }) => wallet),
    arrayLiteral(rows, ({ posting }) => posting.sequence),
    arrayLiteral(rows, ({ posting }) => kindOf(posting)),
    arrayLiteral(rows, ({ posting }) => stored(posting.amount)),
    arrayLiteral(rows, ({ posting }) => posting.grant && grants.of(posting.grant)),
    columns.uuid(rows, ({ posting }) => posting.cause.id),
    arrayLiteral(rows, ({ posting }) => posting.cause.chargeOrdinal),
    arrayLiteral(rows, ({ posting }) => stored(posting.balanceAfter)),
  ];
  const parts = kinds.values.map((kind) => kind.split(','));
  const ofKinds = [0, 1, 2].map((part) => arrayLiteral(parts, (kind) => kind[part] ?? null));
  return [...ofKinds, ...entries];
}
