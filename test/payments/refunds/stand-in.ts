import { exact, ZERO } from '../../../src/kit/decimal.ts';
import {
  type Provider,
  type ProviderDispute,
  ProviderError,
  type ProviderPayment,
  type ProviderRefund,
} from '../../../src/payments/provider.ts';

export type StandIn = ReturnType<typeof createStandIn>;

interface Held {
  paid: string;
  refunds: ProviderRefund[];
  disputes: ProviderDispute[];
}

/** A provider that says what a test wants it to: dollars that have come, and what was done about them at its own desk. */
export function createStandIn(currency = 'USD') {
  const objects = new Map<string, Held>();
  /** What the next calls of `refund` come to, each once; then they succeed. */
  const faults: ('BEFORE' | 'AFTER' | 'REFUSED')[] = [];
  let refundStatus: ProviderRefund['status'] = 'SUCCEEDED';

  function held(ref: string): Held {
    const known = objects.get(ref) ?? { paid: '0', refunds: [], disputes: [] };
    objects.set(ref, known);
    return known;
  }

  function objectOf(ref: string): ProviderPayment {
    const { paid, refunds, disputes } = held(ref);
    return {
      ...{ ref, paymentId: null, currency, paid: exact(paid), tax: ZERO },
      status: paid === '0' ? 'PENDING' : 'SETTLED',
      refunds: [...refunds],
      disputes: [...disputes],
      ...{ method: null, failure: null, actionUrl: null },
    };
  }

  /** Once for each refund of ours, however often it is asked. */
  function make(ref: string, refundId: string, amount: bigint): ProviderRefund {
    const { refunds } = held(ref);
    const known = refunds.find((refund) => refund.refundId === refundId);
    if (known) return known;
    const made = { ref: `re_${refundId}`, refundId, amount, status: refundStatus };
    refunds.push(made);
    return made;
  }

  const provider: Provider = {
    async createCheckout() {
      throw new Error('Nobody asks the stand-in for pages.');
    },
    async chargeMethod() {
      throw new Error('Nobody asks the stand-in for charges.');
    },
    async refund({ ref, refundId, amount }) {
      const fault = faults.shift();
      if (fault === 'REFUSED') throw new ProviderError('CLOSED', 'The account is closed.', false);
      if (fault === 'BEFORE') throw new ProviderError('HTTP_500', 'It fell over.', true);
      const made = make(ref, refundId, amount);
      if (fault === 'AFTER') throw new ProviderError('TIMEOUT', 'No answer came.', true);
      return made;
    },
    fetchPayment: async (ref) => objectOf(ref),
    async cancelPayment() {},
    readWebhook: () => 'NO_SIGNATURE',
  };

  return {
    provider,
    objectOf,
    pay(ref: string, paid: string): void {
      held(ref).paid = paid;
    },
    /** A refund that somebody has made at the provider. */
    refund(ref: string, id: string, amount: string, status: ProviderRefund['status']): void {
      const object = held(ref);
      const others = object.refunds.filter((refund) => refund.ref !== id);
      object.refunds = [...others, { ref: id, refundId: null, amount: exact(amount), status }];
    },
    /** What has become of the refunds that we have asked for. */
    settleRefunds(ref: string, status: ProviderRefund['status']): void {
      const object = held(ref);
      object.refunds = object.refunds.map((refund) => ({ ...refund, status }));
    },
    dispute(ref: string, id: string, amount: string, status: ProviderDispute['status']): void {
      const object = held(ref);
      const others = object.disputes.filter((dispute) => dispute.ref !== id);
      const dispute = { ref: id, amount: exact(amount), status, reason: 'fraudulent' };
      object.disputes = [...others, dispute];
    },
    close(ref: string, id: string, status: 'WON' | 'LOST'): void {
      const object = held(ref);
      object.disputes = object.disputes.map((one) => (one.ref === id ? { ...one, status } : one));
    },
    /** How the next refund goes wrong: before it is made, after it, or for good. */
    fail: (...next: ('BEFORE' | 'AFTER' | 'REFUSED')[]) => void faults.push(...next),
    /** Forgets what is still to go wrong. */
    heal: () => void faults.splice(0),
    refundsAre(status: ProviderRefund['status']): void {
      refundStatus = status;
    },
    refundsOf: (ref: string) => held(ref).refunds.length,
  };
}
