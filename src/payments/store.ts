import { inOrganization, ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db, Queryable, Tx } from '../infra/db.ts';
import { plain } from '../kit/decimal.ts';
import { fromTypeId, type Id, newId } from '../kit/ids.ts';
import type { Mismatch, Verdict } from './judge.ts';
import { isOver, type PaymentState, type PaymentStatus, paymentState } from './payment.ts';
import type { CheckoutMade } from './provider.ts';
import { LOCK_PAYMENT } from './sql/lock-payment.ts';
import { NOTE_MISMATCHES } from './sql/note-mismatches.ts';

// Every query of payments themselves. `query` is what the graph selected; it never widens `where`.

type Selection = object;

/** How a payment is named in its room. */
export interface PaymentKey {
  readonly id: string;
  readonly customerId: string;
}

/** What a payment begins with. */
export interface PaymentDraft
  extends Omit<
    PaymentState,
    'status' | 'tax' | 'paid' | 'refunded' | 'ref' | 'checkoutUrl' | 'changeStatus'
  > {
  readonly exchangeRateId: string | null;
  readonly packId: string | null;
  readonly packQuantity: number | null;
  readonly lookAt: Date;
  /** The link that it was made at. */
  readonly linkId?: Id<'paymentLink'>;
  /** The subscription that waits for it, and what becomes of that once it is paid. */
  readonly subscriptionId?: Id<'subscription'>;
  readonly change?: object | null;
}

export async function insertPayment({ prisma }: Tx, draft: PaymentDraft): Promise<void> {
  const { amount, credit, bonus, failure: _none, metadata, change, ...rest } = draft;
  await prisma.payment.create({
    data: {
      ...rest,
      amount: plain(amount),
      credit: plain(credit),
      bonus: plain(bonus),
      metadata: metadata as object,
      ...(change && { change, changeStatus: 'WAITING' as const }),
      updatedAt: draft.createdAt,
    },
  });
}

/** Locks a payment, and reads it behind the lock. */
export async function lockPayment(tx: Tx, { id, customerId }: PaymentKey): Promise<PaymentState> {
  await tx.query(LOCK_PAYMENT, [id, customerId]);
  const where = { id_customerId: { id, customerId } };
  return paymentState(await tx.prisma.payment.findUniqueOrThrow({ where }));
}

export async function readState(db: Db, { id, customerId }: PaymentKey): Promise<PaymentState> {
  const where = { id_customerId: { id, customerId } };
  return paymentState(await db.prisma.payment.findUniqueOrThrow({ where }));
}

/**
 * Keeps the page that a provider has made, unless one is known already. False when the payment was called off meanwhile: then it is
 * looked at soon, for somebody may have paid there.
 */
export async function writeCheckout(
  tx: Tx,
  { id, customerId }: PaymentKey,
  { ref, url, instructions }: CheckoutMade,
  now: Date,
): Promise<boolean> {
  const { status } = await lockPayment(tx, { id, customerId });
  const isOpen = !isOver(status);
  const page = { ref, checkoutUrl: url, ...(instructions && { instructions }) };
  await tx.prisma.payment.updateMany({
    where: { id, customerId, ref: null },
    data: { ...page, ...(!isOpen && { lookAt: now }), updatedAt: now },
  });
  return isOpen;
}

/** When the provider of a payment is asked next; null: never. */
export async function putOff(
  { prisma }: Tx,
  { id, customerId }: PaymentKey,
  lookAt: Date | null,
): Promise<void> {
  await prisma.payment.update({ where: { id_customerId: { id, customerId } }, data: { lookAt } });
}

/** What has become of a payment. */
export async function writeVerdict(
  { prisma }: Tx,
  payment: PaymentState,
  verdict: Pick<Verdict, 'status' | 'tax' | 'paid' | 'failure' | 'actionUrl'>,
  { ref, lookAt, now }: { readonly ref: string | null; readonly lookAt: Date | null; now: Date },
): Promise<void> {
  const { id, customerId, settledAt } = payment;
  const { status, failure } = verdict;
  await prisma.payment.update({
    where: { id_customerId: { id, customerId } },
    data: {
      status,
      tax: plain(verdict.tax),
      paid: plain(payment.paid + verdict.paid),
      actionUrl: verdict.actionUrl,
      failureCode: failure?.code ?? null,
      failureMessage: failure?.message ?? null,
      settledAt: status === 'SETTLED' ? (settledAt ?? now) : null,
      ref: payment.ref ?? ref,
      lookAt,
      updatedAt: now,
    },
  });
}

/** The change that waits for a payment, and whose it is; null where none waits any more. */
export async function readChange({ prisma }: Pick<Db, 'prisma'>, { id, customerId }: PaymentKey) {
  const row = await prisma.payment.findFirst({
    where: { id, customerId, changeStatus: 'WAITING' },
    select: {
      subscriptionId: true,
      change: true,
      customer: { select: { organization: { select: { id: true, mode: true } } } },
    },
  });
  if (row?.subscriptionId == null) return null;
  const { subscriptionId, change, customer } = row;
  return { subscriptionId, change, organization: customer.organization };
}

export async function failChange(
  { prisma }: Tx,
  { id, customerId }: PaymentKey,
  changeFailure: string,
  updatedAt: Date,
): Promise<void> {
  const where = { id_customerId: { id, customerId } };
  await prisma.payment.update({
    where,
    data: { changeStatus: 'FAILED', changeFailure, updatedAt },
  });
}

export interface CreditDraft {
  readonly id: string;
  readonly walletId: string;
  readonly paid: bigint;
  readonly credit: bigint;
  readonly bonus: bigint;
  readonly grantId: string | null;
  readonly bonusGrantId: string | null;
}

export async function insertCredit(
  { prisma }: Tx,
  { id: paymentId, organizationId, customerId }: PaymentState,
  { paid, credit, bonus, ...draft }: CreditDraft,
  createdAt: Date,
): Promise<void> {
  const amounts = { paid: plain(paid), credit: plain(credit), bonus: plain(bonus) };
  const of = { paymentId, organizationId, customerId, createdAt };
  await prisma.paymentCredit.create({ data: { ...draft, ...amounts, ...of } });
}

/** Says where books differ, unless it is said already, or somebody has seen to just that. */
export async function noteMismatches(
  db: Queryable,
  of: {
    readonly organizationId: string;
    readonly providerId: string;
    readonly ref: string;
    readonly payment: PaymentKey | null;
  },
  mismatches: readonly (Omit<Mismatch, 'kind'> & {
    kind: Mismatch['kind'] | 'UNKNOWN_PAYMENT' | 'REFUNDS' | 'CHARGE_UNKNOWN';
  })[],
  foundAt: Date,
): Promise<void> {
  const { organizationId, providerId, ref, payment } = of;
  const given = mismatches.map((mismatch) => ({ ...mismatch, id: newId('paymentMismatch') }));
  const about = [payment?.id ?? null, payment?.customerId ?? null];
  const values = [organizationId, providerId, ref, ...about, JSON.stringify(given), foundAt];
  await db.query(NOTE_MISMATCHES, values);
}

/** What was said of a payment of which too little had come, and of which the rest has come now. */
export async function closeAmountMismatch(
  { prisma }: Pick<Tx, 'prisma'>,
  { providerId, ref }: { readonly providerId: string; readonly ref: string },
  resolvedAt: Date,
): Promise<void> {
  await prisma.paymentMismatch.updateMany({
    where: { providerId, ref, kind: 'AMOUNT', resolvedAt: null },
    data: { resolvedAt, resolution: 'The rest was paid.' },
  });
}

/** What the graph reads of payments, newest first. */
export function createPaymentReads({ prisma }: Db) {
  return {
    findPayment: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.payment.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    async findPaymentByTypeId(viewer: Viewer, typeId: string, query: Selection = {}) {
      const id = fromTypeId('payment', typeId);
      if (id === null) return null;
      return prisma.payment.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } });
    },
    listPayments: (
      viewer: Viewer,
      { status }: { readonly status: PaymentStatus | null },
      query: Selection = {},
    ) =>
      prisma.payment.findMany({
        orderBy: { id: 'desc' },
        ...query,
        where: { ...ofVisibleCustomers(viewer), ...(status && { status }) },
      }),
    findCredit: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.paymentCredit.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    findMethod: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.paymentMethod.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    findMismatch: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.paymentMismatch.findFirst({ ...query, where: { ...inOrganization(viewer), id } }),
    listMismatches: (viewer: Viewer, isOpen: boolean, query: Selection = {}) =>
      prisma.paymentMismatch.findMany({
        orderBy: { id: 'desc' },
        ...query,
        where: { ...inOrganization(viewer), ...(isOpen && { resolvedAt: null }) },
      }),
    findEvent: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.paymentEvent.findFirst({ ...query, where: { ...inOrganization(viewer), id } }),
    listEvents: (viewer: Viewer, query: Selection = {}) =>
      prisma.paymentEvent.findMany({
        orderBy: { id: 'desc' },
        ...query,
        where: inOrganization(viewer),
      }),
  };
}
