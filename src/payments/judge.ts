import { type Exact, fraction, min, plain, ZERO } from '../kit/decimal.ts';
import type { PaymentState, PaymentStatus } from './payment.ts';
import type { PaymentFailure, ProviderPayment } from './provider.ts';

/** Where what the provider says and what is booked here are not the same. */
export interface Mismatch {
  readonly kind: 'AMOUNT' | 'CURRENCY' | 'NOT_PAID';
  readonly expected: string;
  readonly found: string;
}

/** What the provider's object makes of a payment. */
export interface Verdict {
  readonly status: PaymentStatus;
  readonly tax: Exact;
  /** What has arrived since it was looked at last, and what is credited for it; zero for nothing. */
  readonly paid: Exact;
  readonly credit: Exact;
  readonly bonus: Exact;
  readonly failure: PaymentFailure | null;
  readonly actionUrl: string | null;
  readonly mismatches: readonly Mismatch[];
}

/** What it is to be credited in, and what it is paid in. */
export interface JudgedAssets {
  /** The code of what it is to be paid in. */
  readonly currency: string;
  /** Decimal places that the credited asset keeps. */
  readonly creditScale: number;
}

/**
 * Money is money: what has settled is credited whatever was said before, and what is settled stays so. What is over
 * goes nowhere else, and what was promised is not merely asked for again.
 */
const RANK: Readonly<Record<PaymentStatus, number>> = {
  PENDING: 0,
  AUTHORIZED: 1,
  FAILED: 2,
  CANCELED: 2,
  EXPIRED: 2,
  SETTLED: 3,
};

/**
 * Purely: what a provider's object makes of a payment, given all that was credited for it before. Goes by the object and
 * nothing else, so that it does not matter in which order, or how often, one is told to look at it.
 */
export function judge(
  payment: Pick<
    PaymentState,
    'status' | 'amount' | 'tax' | 'paid' | 'credit' | 'bonus' | 'failure' | 'actionUrl'
  >,
  object: ProviderPayment,
  { currency, creditScale }: JudgedAssets,
): Verdict {
  const isOurs = object.currency === currency;
  const settled = isOurs && object.status === 'SETTLED' ? object.paid : ZERO;
  const status = statusAfter(payment.status, object, settled);
  const paid = settled > payment.paid ? settled - payment.paid : ZERO;
  const isMore = RANK[status] > RANK[payment.status];
  return {
    status,
    tax: paid > ZERO ? object.tax : payment.tax,
    paid,
    ...creditFor(payment, payment.paid + paid, creditScale),
    failure: status === 'SETTLED' ? null : (object.failure ?? payment.failure),
    actionUrl: isMore || status === payment.status ? object.actionUrl : payment.actionUrl,
    mismatches: mismatchesOf(payment, object, { isOurs, settled, currency }),
  };
}

function statusAfter(
  before: PaymentStatus,
  object: ProviderPayment,
  settled: Exact,
): PaymentStatus {
  if (settled > ZERO) return 'SETTLED';
  // What says that it has settled, and is of no use here, is for somebody to look at.
  const after = object.status === 'SETTLED' ? before : object.status;
  return RANK[after] > RANK[before] ? after : before;
}

/** What is still to be credited once so much was paid; more is credited for more, and less for less. */
function creditFor(
  { amount, paid, credit, bonus }: Pick<PaymentState, 'amount' | 'paid' | 'credit' | 'bonus'>,
  total: Exact,
  scale: number,
) {
  const creditOf = (of: Exact) => fraction(credit, of, amount, scale);
  // What is given on top is not more than was promised.
  const bonusOf = (of: Exact) => min(fraction(bonus, of, amount, scale), bonus);
  return { credit: creditOf(total) - creditOf(paid), bonus: bonusOf(total) - bonusOf(paid) };
}

function mismatchesOf(
  payment: Pick<PaymentState, 'amount' | 'paid'>,
  object: ProviderPayment,
  { isOurs, settled, currency }: { isOurs: boolean; settled: Exact; currency: string },
): Mismatch[] {
  const found = `${plain(object.paid)} ${object.currency}`;
  if (!isOurs) {
    if (object.paid === ZERO) return [];
    return [{ kind: 'CURRENCY', expected: `${plain(payment.amount)} ${currency}`, found }];
  }
  if (settled < payment.paid) {
    return [{ kind: 'NOT_PAID', expected: `${plain(payment.paid)} ${currency}`, found }];
  }
  if (settled === ZERO || settled === payment.amount) return [];
  return [{ kind: 'AMOUNT', expected: `${plain(payment.amount)} ${currency}`, found }];
}
