import { arrayLiteral } from '../infra/array-literal.ts';
import type { Db, Queryable } from '../infra/db.ts';
import { TAKE_SNAPSHOT } from '../infra/take-snapshot.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { exact } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import { readWallets } from '../ledger/read-wallets.ts';
import { MAX_AGE_MS } from '../rating/accepted-window.ts';
import { type Promised, readTerms, toTerms } from '../subscriptions/read-terms.ts';
import { NO_TERMS } from '../subscriptions/terms.ts';
import { type CountRow, READ_COUNTS } from './sql/read-counts.ts';
import { type CustomerRow, READ_CUSTOMERS } from './sql/read-customers.ts';
import { countName, type Standing } from './standing.ts';

/** What the database says of a customer. */
export type StoredStanding = Omit<Standing, 'asOf' | 'confirmedMs' | 'askedMs'>;

/** Reads customers in one snapshot of two round trips, however many they are. */
export async function readStandings(
  db: Pick<Db, 'backgroundTransaction'>,
  promised: Promised,
  customerIds: readonly string[],
  now: Date,
): Promise<StoredStanding[]> {
  const [customers, counts, termsRows, { drawn, versions }] = await db.backgroundTransaction(
    async (tx) => {
      const ids = arrayLiteral(customerIds, (id) => id);
      const since = oldestAt(now);
      const [, ...read] = await Promise.all([
        tx.query(TAKE_SNAPSHOT, []),
        tx.query<CustomerRow>(READ_CUSTOMERS, [ids, since, now]),
        tx.query<CountRow>(READ_COUNTS, [ids, since, now]),
        readTerms(tx, customerIds, now),
        readWallets(tx, customerIds),
      ]);
      return read;
    },
  );
  const terms = await toTerms(termsRows, promised);
  const walletsOf = groupBy(drawn, ({ customerId }): string => customerId);
  const versionsOf = groupBy(versions, ({ customerId }) => customerId);
  const countsOf = groupBy(counts, (row) => row.customer_id);
  return customers.map((row) => ({
    customerId: row.id as Id<'customer'>,
    organizationId: row.organization_id as Id<'organization'>,
    wallets: walletsOf.get(row.id) ?? [],
    versions: new Map(
      (versionsOf.get(row.id) ?? []).map(({ walletId, version }) => [walletId, version]),
    ),
    terms: terms.get(row.id) ?? NO_TERMS,
    counts: new Map((countsOf.get(row.id) ?? []).map(toCount)),
    signature: row.signature,
  }));
}

/** How customers are marked now, by id. */
export async function readSignatures(
  db: Queryable,
  customerIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const ids = arrayLiteral(customerIds, (id) => id);
  const rows = await db.query<CustomerRow>(READ_CUSTOMERS, [ids, oldestAt(now), now]);
  return new Map(rows.map(({ id, signature }) => [id, signature]));
}

/** Periods that ended before are of no usage that is still accepted. */
function oldestAt(now: Date): Date {
  return fromEpochMs(now.getTime() - MAX_AGE_MS);
}

function toCount(row: CountRow) {
  const running = { quantity: exact(row.quantity), charged: exact(row.charged) };
  return [countName(row.counted_id, row.slice, row.start_ms), running] as const;
}
