import { readEntitlement } from '../catalog/plans/entitlements.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import type { Db, Queryable } from '../infra/db.ts';
import { TAKE_SNAPSHOT } from '../infra/take-snapshot.ts';
import { createChecker } from '../kit/check.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { exact } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import { readWallets } from '../ledger/read-wallets.ts';
import { MAX_AGE_MS } from '../rating/accepted-window.ts';
import { readTerms } from '../subscriptions/read-terms.ts';
import { NO_TERMS } from '../subscriptions/terms.ts';
import {
  byFeature,
  type PlanRights,
  type PlanRightsOf,
  type RightsByFeature,
} from './plan-rights.ts';
import type { RightsSource } from './right.ts';
import { type CountRow, READ_COUNTS } from './sql/read-counts.ts';
import { type CustomerRow, READ_CUSTOMERS } from './sql/read-customers.ts';
import { READ_SUBSCRIPTIONS, type SubscriptionRow } from './sql/read-subscriptions.ts';
import { countName, type Standing } from './standing.ts';

/** What the database says of a customer. */
export type StoredStanding = Omit<Standing, 'asOf' | 'confirmedMs' | 'askedMs'>;

/** Reads customers in one snapshot of two round trips, however many they are. */
export async function readStandings(
  db: Pick<Db, 'backgroundTransaction'>,
  planRightsOf: PlanRightsOf,
  customerIds: readonly string[],
  now: Date,
): Promise<StoredStanding[]> {
  const [customers, counts, terms, subscriptions, { drawn, versions }] =
    await db.backgroundTransaction(async (tx) => {
      const ids = arrayLiteral(customerIds, (id) => id);
      const since = oldestAt(now);
      const [, ...read] = await Promise.all([
        tx.query(TAKE_SNAPSHOT, []),
        tx.query<CustomerRow>(READ_CUSTOMERS, [ids, since]),
        tx.query<CountRow>(READ_COUNTS, [ids, since]),
        readTerms(tx, customerIds),
        tx.query<SubscriptionRow>(READ_SUBSCRIPTIONS, [ids]),
        readWallets(tx, customerIds),
      ]);
      return read;
    });
  const plans = await planRightsOf(subscriptions.map((row) => row.plan_version_id));
  const subscriptionsOf = groupBy(subscriptions, (row) => row.customer_id);
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
    rights: (subscriptionsOf.get(row.id) ?? []).map((one) => toSource(one, plans)),
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
  const rows = await db.query<CustomerRow>(READ_CUSTOMERS, [ids, oldestAt(now)]);
  return new Map(rows.map(({ id, signature }) => [id, signature]));
}

function toSource(row: SubscriptionRow, plans: ReadonlyMap<string, PlanRights>): RightsSource {
  const plan = plans.get(row.plan_version_id);
  if (!plan) throw new Error(`There is no version ${row.plan_version_id} of a plan.`);
  const { period_start: start, period_end: end } = row;
  return {
    from: row.effective_from,
    until: row.effective_until,
    seats: row.seats,
    period: start && end ? { start, end } : null,
    plan,
    addOns: row.add_ons,
    overrides: readOverrides(row.overrides ?? []),
  };
}

const NO_OVERRIDES: RightsByFeature = new Map();

/** They were checked before they were stored, so that a fault in them is one of ours. */
function readOverrides(documents: readonly unknown[]): RightsByFeature {
  if (documents.length === 0) return NO_OVERRIDES;
  const check = createChecker();
  const entitlements = documents.map((document, at) => readEntitlement(check, `${at}`, document));
  const fault = check.fault();
  if (fault) throw new Error(`Stored overrides cannot be read: ${JSON.stringify(fault.issues)}`);
  return byFeature(entitlements);
}

/** Periods that ended before are of no usage that is still accepted. */
function oldestAt(now: Date): Date {
  return fromEpochMs(now.getTime() - MAX_AGE_MS);
}

function toCount(row: CountRow) {
  const running = { quantity: exact(row.quantity), charged: exact(row.charged) };
  return [countName(row.counted_id, row.slice, row.start_ms), running] as const;
}
