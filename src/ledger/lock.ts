import type { Queryable } from '../infra/db.ts';
import { exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type BurnOrder, compareGrants } from './burn-down.ts';
import { LOCK_WALLETS, type WalletRow } from './sql/lock-wallets.ts';
import { type GrantRow, READ_OPEN_GRANTS } from './sql/read-open-grants.ts';
import type { GrantState, LedgerAccount, OnEmpty, WalletState } from './wallet-state.ts';

/** The wallet that usage draws on, and the first grant opens. */
export const DEFAULT_WALLET = 'default';

/** How a wallet is named before its id is known. */
export interface WalletKey {
  readonly customerId: Id<'customer'>;
  readonly assetId: Id<'asset'>;
  readonly name: string;
}

/** What the organization and the asset say about how a wallet is drawn. */
export interface DrawRules {
  readonly burnOrder: BurnOrder;
  readonly settlementWindowMs: number;
}

/**
 * Locks the wallets that exist under these keys and brings them with their open grants in burn-down
 * order. Both statements are sent at once; the second sees what the first waited for.
 */
export async function lockWallets(
  tx: Queryable,
  keys: readonly WalletKey[],
): Promise<{ wallets: WalletRow[]; grants: GrantRow[] }> {
  const values = [
    keys.map((key) => key.customerId),
    keys.map((key) => key.assetId),
    keys.map((key) => key.name),
  ];
  const [wallets, grants] = await Promise.all([
    tx.query<WalletRow>(LOCK_WALLETS, values),
    tx.query<GrantRow>(READ_OPEN_GRANTS, values),
  ]);
  return { wallets, grants };
}

/** The in-memory wallets that decisions work on. */
export function walletStates(
  rows: { wallets: readonly WalletRow[]; grants: readonly GrantRow[] },
  rulesOf: (wallet: { organizationId: string; assetId: string }) => DrawRules,
): WalletState[] {
  const grantsOf = new Map<string, GrantState[]>();
  for (const row of rows.grants) {
    const grants = grantsOf.get(row.wallet_id);
    if (grants) grants.push(grantState(row));
    else grantsOf.set(row.wallet_id, [grantState(row)]);
  }
  return rows.wallets.map((row) => {
    const rules = rulesOf({ organizationId: row.organization_id, assetId: row.asset_id });
    const grants = grantsOf.get(row.id) ?? [];
    if (grants.length > 1) grants.sort(compareGrants(rules.burnOrder));
    return walletState(row, grants, rules.settlementWindowMs);
  });
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
    postings: [],
  };
}

function grantState(row: GrantRow): GrantState {
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
  };
}
