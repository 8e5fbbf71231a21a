import { plain } from '../../kit/decimal.ts';
import type { Told } from '../../live/event.ts';
import type { PaymentState } from '../payment.ts';
import type { Dispute, Refund } from './claim.ts';

type Payment = Pick<PaymentState, 'id' | 'organizationId' | 'customerId' | 'assetId'>;

/** What there is to tell of a refund: that it was made, or that it was not after all. */
export function toldOfRefund(
  { id: paymentId, organizationId, customerId, assetId }: Payment,
  before: Pick<Refund, 'status'> | null,
  { id: refundId, status, amount }: Pick<Refund, 'id' | 'status' | 'amount'>,
): Told[] {
  if (status === 'PENDING' || before?.status === status) return [];
  const type = status === 'SUCCEEDED' ? 'payment.refunded' : 'payment.refund_failed';
  const fact = { type, paymentId, refundId, assetId, amount: plain(amount) } as const;
  return [{ organizationId, customerId, fact }];
}

/** What there is to tell of a dispute: that it was opened, and what came of it. */
export function toldOfDispute(
  { id: paymentId, organizationId, customerId, assetId }: Payment,
  before: Dispute | null,
  { id: disputeId, status, amount }: Dispute,
): Told[] {
  const facts = { paymentId, disputeId, assetId, amount: plain(amount) };
  const tell = (type: 'payment.disputed' | 'payment.dispute_closed', as: string): Told => ({
    organizationId,
    customerId,
    fact: { type, ...facts, status: as },
  });
  const opened = before === null ? [tell('payment.disputed', 'OPEN')] : [];
  const closed = status === 'OPEN' ? [] : [tell('payment.dispute_closed', status)];
  return [...opened, ...closed];
}
