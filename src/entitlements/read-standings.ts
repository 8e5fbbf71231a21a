import { arrayLiteral } from '../infra/array-literal.ts';
import type { Db } from '../infra/db.ts';
import { TAKE_SNAPSHOT } from '../infra/take-snapshot.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import { readWallets } from '../ledger/read-wallets.ts';
import { type CustomerRow, READ_CUSTOMERS } from './sql/read-customers.ts';
import type { Standing } from './standing.ts';

/** What the database says of a customer. */
export type StoredStanding = Pick<
  Standing,
  'customerId' | 'organizationId' | 'wallets' | 'versions'
>;

/** Reads customers in one snapshot of two round trips, however many they are. */
export async function readStandings(
  db: Pick<Db, 'backgroundTransaction'>,
  customerIds: readonly string[],
): Promise<StoredStanding[]> {
  const [customers, { drawn, versions }] = await db.backgroundTransaction(async (tx) => {
    const snapshot = tx.query(TAKE_SNAPSHOT, []);
    const ids = arrayLiteral(customerIds, (id) => id);
    const rows = tx.query<CustomerRow>(READ_CUSTOMERS, [ids]);
    const [, ...read] = await Promise.all([snapshot, rows, readWallets(tx, customerIds)]);
    return read;
  });
  const walletsOf = groupBy(drawn, ({ customerId }): string => customerId);
  const versionsOf = groupBy(versions, ({ customerId }) => customerId);
  return customers.map((row) => ({
    customerId: row.id as Id<'customer'>,
    organizationId: row.organization_id as Id<'organization'>,
    wallets: walletsOf.get(row.id) ?? [],
    versions: new Map(
      (versionsOf.get(row.id) ?? []).map(({ walletId, version }) => [walletId, version]),
    ),
  }));
}
