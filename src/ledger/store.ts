import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db, Queryable, Statement, Tx } from '../infra/db.ts';
import { plain } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import type { GrantDraft } from './grant.ts';
import type { WalletKey } from './lock.ts';

const INSERT_WALLET: Statement = {
  name: 'ledger.insert_wallet',
  // It goes by its customer's time from its first moment.
  text: `INSERT INTO wallets (id, organization_id, customer_id, asset_id, name, test_clock_id, created_at, updated_at)
    SELECT $1::uuid, $2::uuid, c.id, $4::uuid, $5, c.test_clock_id,
      coalesce(t.now, $6::timestamptz), coalesce(t.now, $6::timestamptz)
    FROM customers c LEFT JOIN test_clocks t ON t.id = c.test_clock_id WHERE c.id = $3::uuid
    ON CONFLICT (customer_id, asset_id, name) DO NOTHING
    RETURNING id`,
};

/** Opens the wallet unless it is there; true when it was opened now. */
export async function insertWallet(
  tx: Queryable,
  organizationId: string,
  key: WalletKey,
  now: Date,
): Promise<boolean> {
  const values = [newId('wallet'), organizationId, key.customerId, key.assetId, key.name, now];
  return (await tx.query(INSERT_WALLET, values)).length > 0;
}

/** The stored row of a grant, as yet undrawn; `post` writes what is drawn in the same transaction. */
export async function insertGrant(tx: Tx, grant: GrantDraft): Promise<void> {
  await tx.prisma.creditGrant.create({
    data: {
      ...grant,
      scopeMetrics: [...grant.scopeMetrics],
      metadata: grant.metadata as object,
      amount: plain(grant.amount),
      remaining: plain(grant.amount),
      costBasis: grant.costBasis === null ? null : plain(grant.costBasis),
    },
  });
}

type Query = object;

/** A wallet that the viewer may see, with what the graph selected of it. */
export function findWallet(db: Db, viewer: Viewer, id: string, query: Query = {}) {
  return db.prisma.wallet.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } });
}

export function findWalletWithAsset(db: Db, viewer: Viewer, id: string) {
  return db.prisma.wallet.findFirst({
    where: { ...ofVisibleCustomers(viewer), id },
    include: { asset: true },
  });
}

/** The ids of a wallet that is known to be there. */
export function findWalletByKey(tx: Tx, key: WalletKey) {
  return tx.prisma.wallet.findUniqueOrThrow({
    where: { customerId_assetId_name: key },
    select: { id: true, customerId: true },
  });
}

export function findGrant(db: Db, viewer: Viewer, id: string, query: Query = {}) {
  return db.prisma.creditGrant.findFirst({
    ...query,
    where: { ...ofVisibleCustomers(viewer), id },
  });
}

export function findGrantWithWallet(db: Db, viewer: Viewer, id: string) {
  return db.prisma.creditGrant.findFirst({
    where: { ...ofVisibleCustomers(viewer), id },
    include: { wallet: { include: { asset: true } } },
  });
}

export function findAdjustment(db: Db, viewer: Viewer, id: string, query: Query = {}) {
  return db.prisma.adjustment.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } });
}

export function walletOfAdjustment(tx: Tx, adjustment: { walletId: string; customerId: string }) {
  const { walletId: id, customerId } = adjustment;
  return tx.prisma.wallet.findUniqueOrThrow({
    where: { id_customerId: { id, customerId } },
    select: { assetId: true },
  });
}

export function findAdjustmentByTransaction(tx: Tx, customerId: string, transactionId: string) {
  return tx.prisma.adjustment.findUnique({
    where: { customerId_transactionId: { customerId, transactionId } },
  });
}

export function loadWallets(db: Db, viewer: Viewer, ids: readonly string[]) {
  return db.prisma.wallet.findMany({
    where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
  });
}

export function loadGrants(db: Db, viewer: Viewer, ids: readonly string[]) {
  return db.prisma.creditGrant.findMany({
    where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
  });
}

/** A page of a wallet's entries, newest first; `inverted` asks for the oldest of the range first. */
export interface EntriesPage {
  readonly after: bigint | null;
  readonly before: bigint | null;
  readonly limit: number;
  readonly inverted: boolean;
}

/** The caller has seen the wallet through its own scope; a grant narrows it to its entries. */
export function listEntries(
  db: Db,
  of: { readonly walletId: string; readonly grantId?: string },
  page: EntriesPage,
) {
  return db.prisma.ledgerEntry.findMany({
    where: {
      ...of,
      sequence: {
        ...(page.after !== null && { lt: page.after }),
        ...(page.before !== null && { gt: page.before }),
      },
    },
    orderBy: { sequence: page.inverted ? 'asc' : 'desc' },
    take: page.limit,
  });
}
