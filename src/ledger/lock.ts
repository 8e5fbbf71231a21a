import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type BurnOrder, compareGrants } from './burn-down.ts';
import { readHolds } from './holds/read-holds.ts';
import { LOCK_WALLETS, type WalletRow } from './sql/lock-wallets.ts';
import { type GrantRow, READ_OPEN_GRANTS } from './sql/read-open-grants.ts';
import type { GrantState, LedgerAccount, OnEmpty, WalletState } from './wallet-state.ts';
import { tellTime } from './wallet-time.ts';

/** The wallet that usage draws on, and the first grant opens. */
export const DEFAULT_WALLET = 'default';

/** How a wallet is named before its id is known. */
export interface WalletKey {
  readonly customerId: Id<'customer'>;
  readonly assetId: Id<'asset'>;
  readonly name: string;
}

/** The part of a row that names a wallet. */
export interface WalletKeyRow {
  readonly customer_id: string;
  readonly asset_id: string;
  readonly name: string;
}

/** What the organization and the asset say about how a wallet is drawn. */
export interface DrawRules {
  readonly burnOrder: BurnOrder;
  readonly settlementWindowMs: number;
}

export type RulesOf = (wallet: { organizationId: string; assetId: string }) => DrawRules;

/** The wallets that rows are about, each once: what is locked twice would be changed twice. */
export function walletKeys(rows: readonly WalletKeyRow[]): WalletKey[] {
  const keys = rows.map((row) => ({
    customerId: row.customer_id as Id<'customer'>,
    assetId: row.asset_id as Id<'asset'>,
    name: row.name,
  }));
  const named = keys.map((key) => [`${key.customerId}/${key.assetId}/${key.name}`, key] as const);
  return [...new Map(named).values()];
}

/** A name of the wallet that a row is of. */
export function walletOf(row: WalletKeyRow): string {
  return `${row.customer_id}/${row.asset_id}/${row.name}`;
}

/** Locks the wallets that exist under these keys, in the order of their keys. */
export function lockRows(tx: Queryable, keys: readonly WalletKey[]): Promise<WalletRow[]> {
  return tx.query<WalletRow>(LOCK_WALLETS, [
    arrayLiteral(keys, (key) => key.customerId),
    arrayLiteral(keys, (key) => key.assetId),
    keys.map((key) => key.name),
  ]);
}

/**
 * The in-memory wallets that decisions work on, each with its open grants in burn-down order. Grants are
 * read by a statement of their own, once the rows are locked. They are not told their time yet.
 */
export async function openWallets(
  tx: Queryable,
  rows: readonly WalletRow[],
  rulesOf: RulesOf,
): Promise<WalletState[]> {
  if (rows.length === 0) return [];
  const withHolds = rows.filter((row) => row.open_holds > 0);
  const [grantsOf, holdsOf] = await Promise.all([
    readGrants(tx, rows),
    withHolds.length === 0 ? null : readHolds(tx, withHolds),
  ]);
  return rows.map((row) => {
    const rules = rulesOf({ organizationId: row.organization_id, assetId: row.asset_id });
    const grants = (grantsOf.get(row.id) ?? []).sort(compareGrants(rules.burnOrder));
    const wallet = walletState(row, grants, rules.settlementWindowMs);
    if (row.open_holds > 0) wallet.holds = holdsOf?.(wallet) ?? null;
    return wallet;
  });
}

/** Locks wallets, opens them and tells them their time, for everything but the hot path. */
export async function lockWallets(
  tx: Queryable,
  keys: readonly WalletKey[],
  rulesOf: RulesOf,
): Promise<WalletState[]> {
  const wallets = await openWallets(tx, await lockRows(tx, keys), rulesOf);
  await tellTime(tx, wallets);
  return wallets;
}

async function readGrants(
  tx: Queryable,
  wallets: readonly WalletRow[],
): Promise<Map<string, GrantState[]>> {
  const grantsOf = new Map<string, GrantState[]>();
  const walletIds = arrayLiteral(wallets, ({ id }) => id);
  for (const row of await tx.query<GrantRow>(READ_OPEN_GRANTS, [walletIds])) {
    const grants = grantsOf.get(row.wallet_id);
    if (grants) grants.push(grantState(row));
    else grantsOf.set(row.wallet_id, [grantState(row)]);
  }
  return grantsOf;
}

function walletState(
  row: WalletRow,
  grants: GrantState[],
  settlementWindowMs: number,
): WalletState {
  return {
    id: row.id as Id<'wallet'>,
    organizationId: row.organization_id as Id<'organization'>,
    customerId: row.customer_id as Id<'customer'>,
    assetId: row.asset_id as Id<'asset'>,
    onEmpty: row.on_empty as OnEmpty,
    overdraftLimit: exact(row.overdraft_limit),
    settlementWindowMs,
    grants,
    version: Number(row.version),
    lastSequence: Number(row.last_sequence),
    balance: exact(row.balance),
    debt: exact(row.debt),
    alertBelow: row.alert_below === null ? null : exact(row.alert_below),
    rechargeBelow: row.recharge_below === null ? null : exact(row.recharge_below),
    alertVersion: row.alert_version,
    tracksSpend: row.alert_spend,
    holds: null,
    testClockId: row.test_clock_id,
    testNow: null,
    postings: [],
    facts: [],
  };
}

/** A grant as rows say it. */
export function grantState(row: GrantRow): GrantState {
  return {
    id: row.id as Id<'grant'>,
    purpose: row.purpose as GrantState['purpose'],
    priority: row.priority,
    effectiveAt: row.effective_at,
    expiresAt: row.expires_at,
    scopeMetrics: row.scope_metrics,
    createdAt: row.created_at,
    sourceAccount: row.source_account as LedgerAccount,
    remaining: exact(row.remaining),
    held: ZERO,
  };
}
