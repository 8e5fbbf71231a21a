import type { Db, Tx } from '../../infra/db.ts';
import { exact, plain, ZERO } from '../../kit/decimal.ts';
import type { Id } from '../../kit/ids.ts';
import { firstLook } from '../next-look.ts';
import type { PaymentState } from '../payment.ts';
import type { ProviderKind } from '../provider.ts';
import {
  type Claim,
  claimColumns,
  type Dispute,
  type DisputeStatus,
  disputeState,
  type Refund,
  type RefundStatus,
  refundState,
} from './claim.ts';
import type { Credited, Returns } from './shares.ts';
import { type LapsedRow, READ_LAPSED } from './sql/read-lapsed.ts';
import type { OwnGrants } from './take-credit.ts';

// Every query of refunds and disputes themselves.

type Key = Pick<PaymentState, 'id' | 'customerId'>;

/** What goes back of a payment, oldest first. */
export async function readReturns(
  { prisma }: Pick<Db, 'prisma'> | Tx,
  { id: paymentId, customerId }: Key,
): Promise<Returns> {
  const of = { where: { paymentId, customerId }, orderBy: { id: 'asc' as const } };
  const refunds = await prisma.paymentRefund.findMany(of);
  const disputes = await prisma.paymentDispute.findMany(of);
  return { refunds: refunds.map(refundState), disputes: disputes.map(disputeState) };
}

/** What was credited for a payment, and the grants that hold it. Null before anything was. */
export async function readCredited(
  tx: Tx,
  { id: paymentId, customerId }: Key,
): Promise<(Credited & { readonly walletId: string; readonly own: OwnGrants }) | null> {
  const of = { where: { paymentId, customerId }, orderBy: { id: 'desc' as const } };
  const credits = await tx.prisma.paymentCredit.findMany(of);
  const [last] = credits;
  if (!last) return null;
  const sum = (of: 'paid' | 'credit' | 'bonus') =>
    credits.reduce((total, credit) => total + exact(credit[of]), ZERO);
  const paid = credits.flatMap(({ grantId }) => grantId ?? []);
  const bonus = credits.flatMap(({ bonusGrantId }) => bonusGrantId ?? []);
  const grants = [...paid, ...bonus];
  const [row] = await tx.query<LapsedRow>(READ_LAPSED, [last.walletId, customerId, grants]);
  return {
    paid: sum('paid'),
    credit: sum('credit'),
    bonus: sum('bonus'),
    walletId: last.walletId,
    own: { paid, bonus, lapsed: exact(row?.lapsed ?? '0') },
  };
}

export interface RefundDraft extends Claim {
  readonly id: Id<'paymentRefund'>;
  readonly ref: string | null;
  readonly status: RefundStatus;
  readonly walletId: string;
  readonly reason: string | null;
  readonly withdrawalId: string | null;
  readonly isWithheld: boolean;
}

export async function insertRefund(
  { prisma }: Tx,
  { id: paymentId, organizationId, customerId }: PaymentState,
  draft: RefundDraft,
  now: Date,
): Promise<void> {
  const { id, ref, status, walletId, reason, withdrawalId, isWithheld, amount } = draft;
  const of = { paymentId, organizationId, customerId, walletId };
  const times = { createdAt: now, updatedAt: now };
  await prisma.paymentRefund.create({
    data: {
      ...{ id, ref, status, reason, withdrawalId, isWithheld, ...of, ...times },
      ...claimColumns(draft),
      amount: plain(amount),
    },
  });
}

export interface RefundChange {
  readonly status: RefundStatus;
  readonly ref: string | null;
  readonly failure?: { readonly code: string; readonly message: string } | null;
}

export async function updateRefund(
  { prisma }: Tx,
  { customerId }: Key,
  refund: Refund,
  { status, ref, failure }: RefundChange,
  now: Date,
): Promise<void> {
  await prisma.paymentRefund.update({
    where: { id_customerId: { id: refund.id, customerId } },
    data: {
      ...claimColumns(refund),
      status,
      ref,
      ...(failure !== undefined && {
        failureCode: failure?.code ?? null,
        failureMessage: failure?.message ?? null,
      }),
      updatedAt: now,
    },
  });
}

/** Why the provider has not made it yet; it is asked again. */
export async function noteRefundFailure(
  { prisma }: Db,
  { customerId }: Key,
  id: string,
  failure: { readonly code: string; readonly message: string },
  now: Date,
): Promise<void> {
  await prisma.paymentRefund.updateMany({
    where: { id, customerId, status: 'PENDING' },
    data: { failureCode: failure.code, failureMessage: failure.message, updatedAt: now },
  });
}

export interface DisputeDraft extends Claim {
  readonly id: Id<'paymentDispute'>;
  readonly ref: string;
  readonly status: DisputeStatus;
  readonly walletId: string;
  readonly reason: string | null;
}

export async function insertDispute(
  { prisma }: Tx,
  { id: paymentId, organizationId, customerId }: PaymentState,
  draft: DisputeDraft,
  now: Date,
): Promise<void> {
  const { id, ref, status, walletId, reason, amount } = draft;
  const of = { paymentId, organizationId, customerId, walletId };
  const times = { createdAt: now, updatedAt: now, closedAt: status === 'OPEN' ? null : now };
  await prisma.paymentDispute.create({
    data: {
      ...{ id, ref, status, reason, ...of, ...times },
      ...claimColumns(draft),
      amount: plain(amount),
    },
  });
}

export async function updateDispute(
  { prisma }: Tx,
  { customerId }: Key,
  dispute: Dispute,
  status: DisputeStatus,
  now: Date,
): Promise<void> {
  await prisma.paymentDispute.update({
    where: { id_customerId: { id: dispute.id, customerId } },
    data: {
      ...claimColumns(dispute),
      status,
      closedAt: status === 'OPEN' ? null : now,
      updatedAt: now,
    },
  });
}

/** What has become of the credit of a claim, whose standing is as before. */
export async function writeClaim(
  { prisma }: Tx,
  { customerId }: Key,
  noun: 'paymentRefund' | 'paymentDispute',
  claim: Refund | Dispute,
  now: Date,
): Promise<void> {
  const where = { id_customerId: { id: claim.id, customerId } };
  const data = { ...claimColumns(claim), updatedAt: now };
  if (noun === 'paymentRefund') await prisma.paymentRefund.update({ where, data });
  else await prisma.paymentDispute.update({ where, data });
}

/** Has the provider asked soon: a refund was begun, and whoever began it may die before it was made. */
export async function lookForRefund(
  { prisma }: Tx,
  { id, customerId }: Key,
  kind: ProviderKind,
  now: Date,
): Promise<void> {
  await prisma.payment.update({
    where: { id_customerId: { id, customerId } },
    data: { lookAt: firstLook(kind, now), looks: 0, updatedAt: now },
  });
}

/** What a payment counts as given back. */
export async function writeRefunded(
  { prisma }: Tx,
  { id, customerId }: Key,
  refunded: bigint,
): Promise<void> {
  await prisma.payment.update({
    where: { id_customerId: { id, customerId } },
    data: { refunded: plain(refunded) },
  });
}
