import { type Exact, exact, ZERO } from '../../../kit/decimal.ts';
import type { Currency } from '../../provider.ts';
import { methodNamed, type SandboxMethod } from './methods.ts';
import { disputesAt, isAskingAt, leftAt, type SandboxPayment, statusAt } from './record.ts';

/** Where the customer is on the way through the page. */
export type CheckoutStep =
  | 'CHOOSE'
  | 'CONFIRM'
  | 'PROCESSING'
  | 'PAID'
  | 'FAILED'
  | 'CANCELED'
  | 'EXPIRED';

/** What the hosted page shows. */
export interface CheckoutView {
  readonly step: CheckoutStep;
  readonly amount: Exact;
  readonly currency: Currency;
  readonly description: string;
  readonly refundPolicy: string | null;
  readonly returnUrl: string | null;
  /** With what the last attempt was made. */
  readonly method: SandboxMethod | null;
  /** Whether the method shall be kept, as it was asked for or as it was said last. */
  readonly isSaved: boolean;
  readonly isConfirmed: boolean;
  /** Why the last attempt failed, in a sentence. */
  readonly failure: string | null;
  /** Whether the customer's bank has taken it back, and nobody has decided yet. */
  readonly isDisputed: boolean;
  /** Whether there is anything that it could take back. */
  readonly canBeDisputed: boolean;
  /** How long the money is still on its way; 0 when it is on none. */
  readonly settlesInMs: number;
}

export function viewAt(payment: SandboxPayment, now: Date): CheckoutView {
  const { attempt, description, refundPolicy, returnUrl, currency } = payment;
  const result = attempt?.result;
  return {
    step: stepAt(payment, now),
    amount: exact(payment.amount),
    currency,
    description,
    refundPolicy,
    returnUrl,
    method: attempt && methodNamed(attempt.method),
    isSaved: attempt?.isSaved ?? payment.saveMethod,
    isConfirmed: attempt?.isConfirmed ?? false,
    failure: result?.kind === 'FAILED' ? result.failure.message : null,
    isDisputed: disputesAt(payment, now).some(({ status }) => status === 'OPEN'),
    canBeDisputed: leftAt(payment, now) > ZERO,
    settlesInMs: result?.kind === 'PAID' ? Math.max(0, result.settlesAtMs - now.getTime()) : 0,
  };
}

function stepAt(payment: SandboxPayment, now: Date): CheckoutStep {
  const status = statusAt(payment, now);
  switch (status) {
    case 'PENDING':
      return isAskingAt(payment, now) ? 'CONFIRM' : 'CHOOSE';
    case 'AUTHORIZED':
      return 'PROCESSING';
    case 'SETTLED':
      return 'PAID';
    default:
      return status;
  }
}
