import { inOrganization, ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db, Queryable, Statement, Tx } from '../infra/db.ts';
import { newId } from '../kit/ids.ts';
import type { AlertKind } from '../live/event.ts';
import type { StoredTerms } from './rule.ts';

/** Whose rule it is: both null for all customers. */
export interface RuleScope {
  readonly customerId: string | null;
  readonly walletId: string | null;
}

export interface RuleDraft extends RuleScope {
  readonly assetId: string | null;
  readonly name: string | null;
  readonly kind: AlertKind;
  readonly terms: StoredTerms;
  readonly emails: string[];
}

/** In the space of pairs, for the rules of an organization. */
const RULES_KEY = `hashtext('drawdown.alert_rules'), hashtext($1::text)`;

const LOCK_RULES: Statement = {
  name: 'alerts.lock_rules',
  // Weaker than FOR UPDATE: who only refers to the organization does not wait, and charges never do.
  text: `SELECT 1 AS locked FROM (SELECT pg_advisory_xact_lock(${RULES_KEY}) FROM (
      SELECT id FROM organizations WHERE id = $1::uuid FOR NO KEY UPDATE) AS organization) AS lock`,
};

/** One change of an organization's rules after the other. */
export async function lockRules(tx: Queryable, { organizationId }: Viewer): Promise<void> {
  await tx.query(LOCK_RULES, [organizationId]);
}

const AWAIT_RULES: Statement = {
  name: 'alerts.await_rules',
  // Not the organization's row, which an import of prices holds for long.
  text: `SELECT 1 AS locked FROM (SELECT pg_advisory_xact_lock_shared(${RULES_KEY})) AS lock`,
};

/** Waits for who is changing the organization's rules; who comes later waits for this transaction. */
export async function awaitRules(
  tx: Queryable,
  { organizationId }: Pick<Viewer, 'organizationId'>,
): Promise<void> {
  await tx.query(AWAIT_RULES, [organizationId]);
}

export function countRules(tx: Tx, viewer: Viewer, { customerId, walletId }: RuleScope) {
  const where = { ...inOrganization(viewer), customerId, walletId, deletedAt: null };
  return tx.prisma.alertRule.count({ where });
}

export function insertRule(tx: Tx, viewer: Viewer, draft: RuleDraft, now: Date) {
  return tx.prisma.alertRule.create({
    data: {
      ...draft,
      ...inOrganization(viewer),
      id: newId('alertRule'),
      terms: draft.terms as object,
      createdAt: now,
      updatedAt: now,
    },
    select: { id: true },
  });
}

/** Undefined keeps what is stored. */
export interface RuleChanges {
  readonly name?: string | null | undefined;
  readonly terms?: StoredTerms | undefined;
  readonly emails?: string[] | undefined;
}

/** False when it has been deleted meanwhile. */
export async function changeStoredRule(
  tx: Tx,
  id: string,
  { name, terms, emails }: RuleChanges,
  now: Date,
): Promise<boolean> {
  const data = {
    ...(name !== undefined && { name }),
    ...(terms !== undefined && { terms: terms as object }),
    ...(emails !== undefined && { emails }),
    updatedAt: now,
  };
  return (await tx.prisma.alertRule.updateMany({ where: { id, deletedAt: null }, data })).count > 0;
}

export async function markDeleted(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.prisma.alertRule.updateMany({
    where: { id, deletedAt: null },
    data: { deletedAt: now },
  });
}

/** A rule of the viewer's organization with what its amounts are in, also a deleted one. */
export function findRuleWithAsset(db: Db, viewer: Viewer, id: string) {
  return db.prisma.alertRule.findFirst({
    where: { ...inOrganization(viewer), id },
    include: { asset: true, wallet: { include: { asset: true } } },
  });
}

/** For the alert rules table: those of a customer whom the viewer may see, and those of all customers. */
function ofVisibleRules(viewer: Viewer) {
  const { organizationId, customerId } = ofVisibleCustomers(viewer);
  return customerId
    ? { organizationId, OR: [{ customerId }, { customerId: null }] }
    : { organizationId };
}

export function findRule(db: Db, viewer: Viewer, id: string, query: object = {}) {
  return db.prisma.alertRule.findFirst({
    ...query,
    where: { AND: [ofVisibleRules(viewer), { id }] },
  });
}

export interface RuleFilter {
  readonly customerId: string | null;
}

/** Oldest first, without the deleted ones. */
export function listRules(db: Db, viewer: Viewer, { customerId }: RuleFilter, query: object) {
  const where = {
    AND: [ofVisibleRules(viewer), customerId === null ? {} : { customerId }, { deletedAt: null }],
  };
  return db.prisma.alertRule.findMany({ orderBy: { id: 'asc' }, ...query, where });
}

export function findAlert(db: Db, viewer: Viewer, id: string, query: object = {}) {
  return db.prisma.alert.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } });
}

/** A wallet that a rule is for, with what it counts. */
export function findWalletForRule(db: Db, viewer: Viewer, id: string) {
  return db.prisma.wallet.findFirst({
    where: { ...ofVisibleCustomers(viewer), id },
    include: { asset: true },
  });
}

export function loadAlerts(db: Db, viewer: Viewer, ids: readonly string[]) {
  return db.prisma.alert.findMany({
    where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
  });
}
