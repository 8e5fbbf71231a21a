import type { Scope } from '../access/scopes.ts';
import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { BEFORE_ALL } from '../kit/ids.ts';
import {
  HISTORY_KINDS,
  type HistoryKind,
  type HistoryRow,
  READ_HISTORY,
} from './sql/read-history.ts';

/** A page, newest first. Ids are stored ones; what is behind `after` is older. */
export interface HistoryPage {
  readonly after: string | null;
  readonly before: string | null;
  readonly limit: number;
  /** From the oldest on. */
  readonly isInverted: boolean;
}

/** A row of the table of its kind. */
export interface HistoryItem {
  readonly id: string;
  readonly customerId: string;
  readonly __typename: HistoryKind;
}

const BEHIND_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What a credential has to be allowed to see of it. */
const SCOPES: Readonly<Record<HistoryKind, Scope>> = {
  Payment: 'payment:read',
  PaymentRefund: 'payment:read',
  PaymentDispute: 'payment:read',
  CreditGrant: 'wallet:read',
  Adjustment: 'wallet:read',
  SubscriptionPeriod: 'subscription:read',
  SubscriptionCharge: 'subscription:read',
};

/** All that a customer has paid, was given and was charged, in the order in which it was; as far as the viewer may see it. */
export async function readHistory(
  db: Db,
  viewer: Viewer,
  customerId: string,
  { after, before, limit, isInverted }: HistoryPage,
): Promise<HistoryItem[]> {
  const kinds = HISTORY_KINDS.filter((kind) => viewer.scopes.has(SCOPES[kind]));
  const statement = READ_HISTORY[isInverted ? 'ASC' : 'DESC'];
  const bounds = [before ?? BEFORE_ALL, after ?? BEHIND_ALL];
  const rows = await db.direct.query<HistoryRow>(statement, [customerId, ...bounds, kinds, limit]);
  const found = await Promise.all(kinds.map((kind) => readKind(db, viewer, kind, rows)));
  const byId = new Map(found.flat().map((item) => [item.id, item]));
  return rows.flatMap(({ id }) => byId.get(id) ?? []);
}

async function readKind(
  { prisma }: Db,
  viewer: Viewer,
  kind: HistoryKind,
  rows: readonly HistoryRow[],
): Promise<HistoryItem[]> {
  const ids = rows.filter((row) => row.kind === kind).map(({ id }) => id);
  if (ids.length === 0) return [];
  const query = { where: { ...ofVisibleCustomers(viewer), id: { in: ids } } };
  const readers: Readonly<
    Record<HistoryKind, () => Promise<readonly Omit<HistoryItem, '__typename'>[]>>
  > = {
    Payment: () => prisma.payment.findMany(query),
    PaymentRefund: () => prisma.paymentRefund.findMany(query),
    PaymentDispute: () => prisma.paymentDispute.findMany(query),
    CreditGrant: () => prisma.creditGrant.findMany(query),
    Adjustment: () => prisma.adjustment.findMany(query),
    SubscriptionPeriod: () => prisma.subscriptionPeriod.findMany(query),
    SubscriptionCharge: () => prisma.subscriptionCharge.findMany(query),
  };
  return (await readers[kind]()).map((row) => ({ ...row, __typename: kind }));
}
