import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { once } from '../../infra/idempotency.ts';
import { createChecker } from '../../kit/check.ts';
import { type Exact, plain, ZERO } from '../../kit/decimal.ts';
import { fromTypeId, type Id, newId } from '../../kit/ids.ts';
import {
  type CommonRefusal,
  type Conflict,
  conflict,
  invalid,
  isRefusal,
  notFound,
} from '../../kit/refusal.ts';
import { closePurse, openPurse } from '../../ledger/purse.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { paidScale } from '../offer.ts';
import { readParties } from '../parties.ts';
import { type PaymentState, paymentState } from '../payment.ts';
import type { ProviderRefused } from '../refusals.ts';
import { refuseCardNumbers } from '../refuse-card-numbers.ts';
import { readSettings } from '../settings.ts';
import { lockPayment, type PaymentKey } from '../store.ts';
import { claimRefund, openCounter } from './apply-returns.ts';
import { noClaim, type Refund } from './claim.ts';
import { sendRefund } from './send-refund.ts';
import { refundable } from './shares.ts';
import { insertRefund, lookForRefund, readReturns } from './store.ts';

export interface RefundPaymentInput {
  readonly payment: string;
  /** Null: all that is left of it. */
  readonly amount?: unknown;
  readonly reason?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface RefundMade {
  readonly refundId: Id<'paymentRefund'>;
  readonly paymentId: Id<'payment'>;
  readonly customerId: Id<'customer'>;
}

interface Asked {
  readonly amount: Exact | null;
  readonly reason: string | null;
}

/**
 * Gives money of a payment back. Its credit is taken first, in a transaction of its own, so that nobody spends it meanwhile; then
 * the provider is asked. Where that refuses for good the credit comes back; where it does not answer it is asked again later.
 */
export async function refundPayment(
  room: PaymentsRoom,
  viewer: Viewer,
  input: RefundPaymentInput,
): Promise<RefundMade | CommonRefusal | ProviderRefused> {
  const id = fromTypeId('payment', input.payment);
  const where = id && { ...inOrganization(viewer), id };
  const row = where && (await room.db.prisma.payment.findFirst({ where }));
  if (!row) return notFound('payment', 'Payment', input.payment);
  const payment = paymentState(row);
  const { asset } = await readParties(room.db, payment);
  const check = createChecker();
  const asked: Asked = {
    amount: input.amount == null ? null : check.positive('amount', input.amount, paidScale(asset)),
    reason: check.optionalText('reason', input.reason, 500),
  };
  refuseCardNumbers(check, { reason: input.reason, idempotencyKey: input.idempotencyKey });
  const fault = check.fault();
  if (fault) return fault;
  const made = await begin(room, viewer, payment, asked, input);
  if (isRefusal(made)) return made;
  return (await sendRefund(room, payment, made.refundId)) ?? made;
}

async function begin(
  room: PaymentsRoom,
  viewer: Viewer,
  key: PaymentKey,
  asked: Asked,
  input: RefundPaymentInput,
): Promise<RefundMade | CommonRefusal> {
  const { db, clock, announce } = room;
  let updates: BalanceUpdate[] = [];
  const call = { ...inOrganization(viewer), operation: 'refundPayment', input };
  const made = await db.transaction((tx) =>
    once<RefundMade | CommonRefusal>(tx, clock, call, async () => {
      const payment = await lockPayment(tx, key);
      const booked = await takeFirst(tx, room, payment, asked);
      if (isRefusal(booked)) return booked;
      updates = booked.updates;
      const { id: paymentId, customerId } = payment;
      return { refundId: booked.refundId, paymentId, customerId };
    }),
  );
  announce(updates);
  return made;
}

/** Keeps the refund, and takes its credit. */
async function takeFirst(
  tx: Tx,
  { clock, watch }: PaymentsRoom,
  payment: PaymentState,
  { amount: wanted, reason }: Asked,
) {
  const returns = await readReturns(tx, payment);
  const left = refundable(payment.paid, returns);
  const amount = wanted ?? left;
  const fault = faultOf(payment, amount, left);
  if (fault) return fault;
  const { spentCreditPolicy } = await readSettings(tx, payment.organizationId);
  const { organizationId, customerId, walletName } = payment;
  const { creditAsset, providerKind } = await readParties(tx, payment);
  const keys = { organizationId, customerId, walletName, assets: [creditAsset] };
  const purse = await openPurse(tx, keys, clock);
  const counter = await openCounter(tx, purse, payment, spentCreditPolicy);
  const refund: Refund = {
    ...noClaim(amount, spentCreditPolicy),
    ...{ id: newId('paymentRefund'), ref: null, status: 'PENDING' },
    ...{ withdrawalId: null, isWithheld: false },
  };
  claimRefund(counter, returns, refund);
  const { walletId } = counter.credited;
  await insertRefund(tx, payment, { ...refund, walletId, reason }, purse.committedAt);
  await lookForRefund(tx, payment, providerKind, purse.committedAt);
  const { told, updates } = await closePurse(tx, purse, watch);
  await writeOutbox(tx, told, purse.committedAt);
  return { refundId: refund.id, updates };
}

function faultOf({ paid, status }: PaymentState, amount: Exact, left: Exact) {
  if (paid === ZERO) return conflict('payment', `It is ${status}: nothing was paid.`);
  if (left === ZERO) return nothingLeft();
  if (amount <= left) return null;
  const message = `Only ${plain(left)} of the payment can be given back.`;
  return invalid({ path: 'amount', code: 'OUT_OF_RANGE', message });
}

function nothingLeft(): Conflict {
  return conflict('payment', 'All of it was given back, is on its way back, or is disputed.');
}
