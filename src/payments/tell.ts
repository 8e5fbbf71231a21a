import { plain } from '../kit/decimal.ts';
import type { PaymentFacts, Told } from '../live/event.ts';
import type { PaymentState } from './payment.ts';

type Tellable = Pick<
  PaymentState,
  'id' | 'organizationId' | 'customerId' | 'status' | 'assetId' | 'amount' | 'failure' | 'actionUrl'
>;

const TYPES = {
  AUTHORIZED: 'payment.authorized',
  SETTLED: 'payment.settled',
  FAILED: 'payment.failed',
  CANCELED: 'payment.canceled',
  EXPIRED: 'payment.expired',
} as const;

/** That a payment was made. */
export function toldOfNewPayment(payment: Tellable): Told[] {
  return [told(payment, 'payment.created')];
}

/** What there is to tell of a payment that has become another; nothing when it is the same to its customer. */
export function toldOfPayment(before: Tellable, after: Tellable): Told[] {
  const asks = after.actionUrl !== null && after.actionUrl !== before.actionUrl;
  if (asks) return [told(after, 'payment.action_required')];
  if (after.status === before.status || after.status === 'PENDING') return [];
  return [told(after, TYPES[after.status])];
}

/** That what a payment was made for could not be made. */
export function toldOfChangeFailed(payment: Tellable, reason: string): Told[] {
  const { organizationId, customerId } = payment;
  const fact = { type: 'payment.change_failed' as const, ...factsOf(payment), reason };
  return [{ organizationId, customerId, fact }];
}

type PaymentEventType =
  | 'payment.created'
  | 'payment.action_required'
  | (typeof TYPES)[keyof typeof TYPES];

function told(payment: Tellable, type: PaymentEventType): Told {
  const { organizationId, customerId } = payment;
  return { organizationId, customerId, fact: { type, ...factsOf(payment) } };
}

function factsOf({ id, status, assetId, amount, failure }: Tellable): PaymentFacts {
  return {
    paymentId: id,
    status,
    assetId,
    amount: plain(amount),
    failureCode: failure?.code ?? null,
  };
}
