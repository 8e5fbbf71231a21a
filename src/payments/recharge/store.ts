import { ofVisibleCustomers, type Viewer } from '../../access/viewer.ts';
import type { Db, Tx } from '../../infra/db.ts';
import { fromTypeId } from '../../kit/ids.ts';

// The queries of rules and of what they have started, besides those of the hot path in sql/.

type Selection = object;

/** With what they were going to pay, and what they are to pay with now. */
const WITH_METHOD = { method: true } as const;

/** What a payment was started by; null when it was not by a rule. */
export function findRecharge(
  { prisma }: Tx,
  { id: paymentId, customerId }: { readonly id: string; readonly customerId: string },
) {
  return prisma.autoRecharge.findUnique({
    where: { paymentId_customerId: { paymentId, customerId } },
    include: { rule: { include: WITH_METHOD }, payment: { include: WITH_METHOD } },
  });
}

export type StoredRecharge = NonNullable<Awaited<ReturnType<typeof findRecharge>>>;

export async function endRecharge(
  { prisma }: Tx,
  { paymentId, customerId }: StoredRecharge,
  change: { endedAt: Date; failed: boolean } | { paidLateAt: Date },
): Promise<void> {
  const where = { paymentId_customerId: { paymentId, customerId } };
  await prisma.autoRecharge.update({ where, data: change });
}

export interface RuleChanges {
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly suspendedAt: Date | null;
  readonly suspendedReason: string | null;
  readonly suspendedMethod: string | null;
}

export async function noteFailures(
  { prisma }: Tx,
  id: string,
  changes: RuleChanges,
): Promise<void> {
  await prisma.autoRechargeRule.update({ where: { id }, data: changes });
}

/** What a card is recognized by, however often it is shown; the method itself where its provider does not say. */
export function recognizedBy({
  id,
  fingerprintHash,
}: {
  readonly id: string;
  readonly fingerprintHash: string | null;
}): string {
  return fingerprintHash ?? id;
}

/** The rule of a wallet; null when it has none. Its wallet is held. */
export function findRuleOf({ prisma }: Tx, walletId: string) {
  return prisma.autoRechargeRule.findFirst({ where: { walletId, deletedAt: null } });
}

/** What the graph reads of rules. */
export function createRuleReads({ prisma }: Db) {
  return {
    findRechargeRule: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.autoRechargeRule.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    findRechargeRuleOf: (viewer: Viewer, walletId: string, query: Selection = {}) =>
      prisma.autoRechargeRule.findFirst({
        ...query,
        where: { ...ofVisibleCustomers(viewer), walletId, deletedAt: null },
      }),
  };
}

export function findWallet({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer, typeId: string) {
  const id = fromTypeId('wallet', typeId);
  if (id === null) return null;
  const where = { ...ofVisibleCustomers(viewer), id };
  return prisma.wallet.findFirst({ where, include: { asset: true } });
}

/** A method that can be charged without its customer. */
export function findMethod({ prisma }: Pick<Db, 'prisma'>, customerId: string, typeId: string) {
  const id = fromTypeId('paymentMethod', typeId);
  if (id === null) return null;
  return prisma.paymentMethod.findFirst({
    where: { id, customerId, detachedAt: null },
    include: { provider: true },
  });
}

/** What a payment that a rule has started is to be charged to; null when that was removed. */
export function findChargeable(
  { prisma }: Pick<Db, 'prisma'>,
  { methodId: id, customerId }: { readonly methodId: string | null; readonly customerId: string },
) {
  return id === null
    ? null
    : prisma.paymentMethod.findFirst({ where: { id, customerId, detachedAt: null } });
}
