import { type Exact, exact, ZERO } from '../../../kit/decimal.ts';
import type {
  Currency,
  PaymentFailure,
  ProviderDispute,
  ProviderPayment,
  ProviderPaymentStatus,
} from '../../provider.ts';
import { describeMethod, type MethodName, methodNamed } from './methods.ts';

/**
 * A payment as the sandbox keeps it: what was asked and what has happened, as JSON. What it says at an instant is
 * made of it by the clock, so nothing has to run for a payment to settle, or for a page to close.
 */
export interface SandboxPayment {
  readonly ref: string;
  /** Of the one that asked for it. */
  readonly paymentId: string;
  /** CHARGE: without the customer, so that a decline is the end of it. */
  readonly kind: 'CHECKOUT' | 'CHARGE';
  /** A plain decimal. */
  readonly amount: string;
  readonly currency: Currency;
  readonly description: string;
  readonly refundPolicy: string | null;
  readonly returnUrl: string | null;
  readonly saveMethod: boolean;
  readonly expiresAtMs: number;
  readonly isCanceled: boolean;
  /** The last; null before the first. */
  readonly attempt: Attempt | null;
  readonly refunds: readonly SandboxRefund[];
  readonly disputes: readonly SandboxDispute[];
}

export interface Attempt {
  /** From 1: how many there were, with this one. */
  readonly number: number;
  readonly method: MethodName;
  readonly isSaved: boolean;
  /** Whether the customer was asked, and said that it is him. */
  readonly isConfirmed: boolean;
  readonly result:
    | { readonly kind: 'PAID'; readonly settlesAtMs: number }
    | { readonly kind: 'ASKING' }
    | { readonly kind: 'FAILED'; readonly failure: PaymentFailure };
}

export interface SandboxRefund {
  readonly ref: string;
  readonly refundId: string;
  readonly amount: string;
}

export interface SandboxDispute {
  readonly ref: string;
  readonly amount: string;
  readonly reason: string;
  /** It may be one to come. */
  readonly opensAtMs: number;
  readonly outcome: 'WON' | 'LOST' | null;
}

const ASKED: PaymentFailure = {
  code: 'AUTHENTICATION_REQUIRED',
  message: 'The bank wants to know whether it is you: confirm the payment.',
};

export function statusAt(payment: SandboxPayment, now: Date): ProviderPaymentStatus {
  const { attempt, kind } = payment;
  if (attempt?.result.kind === 'PAID') {
    return attempt.result.settlesAtMs <= now.getTime() ? 'SETTLED' : 'AUTHORIZED';
  }
  if (payment.isCanceled) return 'CANCELED';
  if (kind === 'CHARGE' && attempt?.result.kind === 'FAILED') return 'FAILED';
  return payment.expiresAtMs <= now.getTime() ? 'EXPIRED' : 'PENDING';
}

/** Whether the customer is asked, and may still answer. */
export function isAskingAt(payment: SandboxPayment, now: Date): boolean {
  return payment.attempt?.result.kind === 'ASKING' && statusAt(payment, now) === 'PENDING';
}

export function paidAt(payment: SandboxPayment, now: Date): Exact {
  return statusAt(payment, now) === 'SETTLED' ? exact(payment.amount) : ZERO;
}

export function disputesAt(payment: SandboxPayment, now: Date): ProviderDispute[] {
  return payment.disputes
    .filter(({ opensAtMs }) => opensAtMs <= now.getTime())
    .map(({ ref, amount, reason, outcome }) => ({
      ref,
      amount: exact(amount),
      reason,
      status: outcome ?? 'OPEN',
    }));
}

/** What has arrived and is still there: neither refunded nor disputed, unless the dispute was won. */
export function leftAt(payment: SandboxPayment, now: Date): Exact {
  const refunded = payment.refunds.map(({ amount }) => exact(amount));
  const disputed = disputesAt(payment, now)
    .filter(({ status }) => status !== 'WON')
    .map(({ amount }) => amount);
  return [...refunded, ...disputed].reduce((left, gone) => left - gone, paidAt(payment, now));
}

/** As the port shows it. */
export function paymentAt(
  payment: SandboxPayment,
  now: Date,
  urlOf: (ref: string) => string,
): ProviderPayment {
  const { ref, paymentId, attempt } = payment;
  const isAsking = isAskingAt(payment, now);
  const status = statusAt(payment, now);
  return {
    ref,
    paymentId,
    status,
    currency: payment.currency.code,
    paid: paidAt(payment, now),
    tax: ZERO,
    refunds: payment.refunds.map(({ amount, ...refund }) => ({
      ...refund,
      amount: exact(amount),
      status: 'SUCCEEDED',
    })),
    disputes: disputesAt(payment, now),
    method:
      attempt && describeMethod(methodNamed(attempt.method), attempt.isSaved && isPromised(status)),
    failure: isAsking ? ASKED : failureOf(attempt),
    actionUrl: isAsking ? urlOf(ref) : null,
  };
}

/** Methods are kept when they have paid. */
function isPromised(status: ProviderPaymentStatus): boolean {
  return status === 'AUTHORIZED' || status === 'SETTLED';
}

function failureOf(attempt: Attempt | null): PaymentFailure | null {
  return attempt?.result.kind === 'FAILED' ? attempt.result.failure : null;
}
