import DataLoader from 'dataloader';
import { inOrganization, ofVisibleCustomers, type Viewer } from '../../access/viewer.ts';
import { nowOf } from '../../clocks/now-of.ts';
import type { Db, Tx } from '../../infra/db.ts';
import { inOrder } from '../../infra/in-order.ts';
import type { Clock } from '../../kit/clock.ts';
import { plain } from '../../kit/decimal.ts';
import { fromTypeId } from '../../kit/ids.ts';
import { type PaymentState, paymentState } from '../payment.ts';
import { lockPayment } from '../store.ts';
import { LOCK_WITHDRAWAL } from './sql/lock-withdrawal.ts';
import {
  type WithdrawalKey,
  type WithdrawalState,
  type WithdrawalStatus,
  withdrawalState,
} from './withdrawal.ts';

// Every query of withdrawals themselves. `query` is what the graph selected; it never widens `where`.

export interface WithdrawalDraft extends WithdrawalState {
  readonly reason: string | null;
  readonly codeMailed: boolean;
}

export async function insertWithdrawal(
  { prisma }: Tx,
  { amount, ...draft }: WithdrawalDraft,
  now: Date,
): Promise<void> {
  await prisma.withdrawal.create({
    data: { ...draft, amount: plain(amount), createdAt: now, updatedAt: now },
  });
}

/** A withdrawal of the organization, whoever the customer is; null when there is none. */
export async function findWithdrawalKey(
  { prisma }: Pick<Db, 'prisma'>,
  viewer: Viewer,
  typeId: string,
): Promise<WithdrawalState | null> {
  const id = fromTypeId('withdrawal', typeId);
  const where = id && { ...inOrganization(viewer), id };
  const row = where && (await prisma.withdrawal.findFirst({ where }));
  return row ? withdrawalState(row) : null;
}

/** Locks a withdrawal, and reads it behind the lock. */
export async function lockWithdrawal(
  tx: Tx,
  { id, customerId }: WithdrawalKey,
): Promise<WithdrawalState> {
  await tx.query(LOCK_WITHDRAWAL, [id, customerId]);
  const where = { id_customerId: { id, customerId } };
  return withdrawalState(await tx.prisma.withdrawal.findUniqueOrThrow({ where }));
}

/** What time it is for the customer of a withdrawal, in the transaction that holds it. */
export async function timeOfWithdrawal(
  tx: Tx,
  clock: Clock,
  { walletId: id, customerId }: Pick<WithdrawalState, 'walletId' | 'customerId'>,
): Promise<Date> {
  const where = { id_customerId: { id, customerId } };
  const { testClockId } = await tx.prisma.wallet.findUniqueOrThrow({
    where,
    select: { testClockId: true },
  });
  return nowOf(tx, clock, testClockId);
}

export interface WithdrawalChange {
  readonly status?: WithdrawalStatus;
  readonly wrongCodes?: number;
  readonly confirmedAt?: Date;
  readonly releasesAt?: Date;
  readonly closedAt?: Date;
  readonly dueAt?: Date | null;
}

export async function updateWithdrawal(
  { prisma }: Tx,
  { id, customerId }: WithdrawalKey,
  change: WithdrawalChange,
  updatedAt: Date,
): Promise<void> {
  const where = { id_customerId: { id, customerId } };
  await prisma.withdrawal.update({ where, data: { ...change, updatedAt } });
}

/** Locks the payments that a withdrawal is made of, in the order in which whoever locks several does. */
export async function lockItsPayments(
  tx: Tx,
  { id: withdrawalId, customerId }: WithdrawalKey,
): Promise<PaymentState[]> {
  const rows = await tx.prisma.paymentRefund.findMany({
    where: { withdrawalId, customerId },
    select: { paymentId: true },
  });
  return lockPayments(
    tx,
    customerId,
    rows.map(({ paymentId }) => paymentId),
  );
}

export async function lockPayments(
  tx: Tx,
  customerId: string,
  ids: readonly string[],
): Promise<PaymentState[]> {
  const payments: PaymentState[] = [];
  for (const id of [...new Set(ids)].sort())
    payments.push(await lockPayment(tx, { id, customerId }));
  return payments;
}

/** Has its refunds sent from now on. */
export async function releaseRefunds(
  { prisma }: Tx,
  { id: withdrawalId, customerId }: WithdrawalKey,
  updatedAt: Date,
): Promise<void> {
  const where = { withdrawalId, customerId, isWithheld: true };
  await prisma.paymentRefund.updateMany({ where, data: { isWithheld: false, updatedAt } });
}

/** Its refunds, each with its payment, newest payment first. */
export async function readItsRefunds(
  { prisma }: Pick<Db, 'prisma'> | Tx,
  { id: withdrawalId, customerId }: WithdrawalKey,
) {
  const rows = await prisma.paymentRefund.findMany({
    where: { withdrawalId, customerId },
    include: { payment: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ payment, ...refund }) => ({ refund, payment: paymentState(payment) }));
}

/** What the graph reads of withdrawals, newest first. */
export function createWithdrawalReads({ prisma }: Db) {
  return {
    findWithdrawal: (viewer: Viewer, id: string, query: object = {}) =>
      prisma.withdrawal.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    async findWithdrawalByTypeId(viewer: Viewer, typeId: string, query: object = {}) {
      const id = fromTypeId('withdrawal', typeId);
      if (id === null) return null;
      return prisma.withdrawal.findFirst({
        ...query,
        where: { ...ofVisibleCustomers(viewer), id },
      });
    },
    listWithdrawals: (
      viewer: Viewer,
      { status }: { readonly status: WithdrawalStatus | null },
      query: object = {},
    ) =>
      prisma.withdrawal.findMany({
        orderBy: { id: 'desc' },
        ...query,
        where: { ...ofVisibleCustomers(viewer), ...(status && { status }) },
      }),
  };
}

/** The withdrawals that the events of one request are about. */
export function createWithdrawalsLoader({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer) {
  return new DataLoader(async (ids: readonly string[]) =>
    inOrder(
      ids,
      await prisma.withdrawal.findMany({
        where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
      }),
    ),
  );
}
