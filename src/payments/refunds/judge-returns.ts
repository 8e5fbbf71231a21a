import { type Exact, plain, ZERO } from '../../kit/decimal.ts';
import { fromTypeId } from '../../kit/ids.ts';
import type {
  PaymentFailure,
  ProviderDispute,
  ProviderPayment,
  ProviderRefund,
} from '../provider.ts';
import type { Dispute, DisputeStatus, Refund, RefundStatus } from './claim.ts';
import { moneyOf, type Returns } from './shares.ts';

/** A refund that is another now, or, where `known` is null, one that was made at the provider. */
export interface RefundStep {
  readonly known: Refund | null;
  /** What the provider calls it: null where it has not made it, and is not to. */
  readonly found: Pick<ProviderRefund, 'amount'> & { readonly ref: string | null };
  readonly status: RefundStatus;
  /** Why it was given up here; left out where the provider says what it is. */
  readonly failure?: PaymentFailure;
}

export interface DisputeStep {
  readonly known: Dispute | null;
  readonly found: ProviderDispute;
  readonly status: DisputeStatus;
}

/** What a provider's object says of money that goes back, as far as it is new. */
export interface ReturnsVerdict {
  readonly refunds: readonly RefundStep[];
  readonly disputes: readonly DisputeStep[];
  /** More goes back than was paid: what both say, for people to look at. Null when it does not. */
  readonly excess: { readonly expected: string; readonly found: string } | null;
}

const NOTHING: ReturnsVerdict = { refunds: [], disputes: [], excess: null };

/**
 * Purely: which refunds and disputes are new, or others, compared with what is known. What nothing was paid of here is left for
 * when it was: an object says its refunds again each time it is asked. A refund that has failed stays so, and so does a dispute
 * that is closed.
 */
export function judgeReturns(
  known: Returns,
  object: ProviderPayment,
  { paid, currency }: { readonly paid: Exact; readonly currency: string },
): ReturnsVerdict {
  if (paid === ZERO || object.currency !== currency) return NOTHING;
  return {
    refunds: object.refunds.flatMap((found) => refundStep(known.refunds, found)),
    disputes: object.disputes.flatMap((found) => disputeStep(known.disputes, found)),
    excess: excessOf(object, paid),
  };
}

function refundStep(refunds: readonly Refund[], found: ProviderRefund): RefundStep[] {
  const known = knownAs(refunds, found);
  const { status } = found;
  if (!known) return status === 'FAILED' || found.amount <= ZERO ? [] : [{ known, found, status }];
  const isSame = known.status === status && known.ref !== null;
  // What has failed has failed, and what has succeeded does not wait again.
  const isBack = known.status === 'SUCCEEDED' && status === 'PENDING';
  return isSame || isBack || known.status === 'FAILED' ? [] : [{ known, found, status }];
}

/** By the provider's id of it, or by ours; one that was given up here, and was made all the same, is another. */
function knownAs(refunds: readonly Refund[], { ref, refundId }: ProviderRefund): Refund | null {
  const byRef = refunds.find((refund) => refund.ref === ref);
  if (byRef) return byRef;
  const id = refundId === null ? null : fromTypeId('paymentRefund', refundId);
  return (
    refunds.find((one) => one.id === id && one.ref === null && one.status !== 'FAILED') ?? null
  );
}

function disputeStep(disputes: readonly Dispute[], found: ProviderDispute): DisputeStep[] {
  const known = disputes.find(({ ref }) => ref === found.ref) ?? null;
  const { status } = found;
  if (!known) return found.amount <= ZERO ? [] : [{ known, found, status }];
  return known.status === 'OPEN' && status !== 'OPEN' ? [{ known, found, status }] : [];
}

function excessOf({ refunds, disputes, currency }: ProviderPayment, paid: Exact) {
  const back =
    moneyOf(refunds.filter(({ status }) => status === 'SUCCEEDED')) +
    moneyOf(disputes.filter(({ status }) => status === 'LOST'));
  if (back <= paid) return null;
  return { expected: `at most ${plain(paid)} ${currency}`, found: `${plain(back)} ${currency}` };
}
