import { exact, plain, ZERO } from '../../../kit/decimal.ts';
import {
  type CheckoutRequest,
  type Provider,
  ProviderError,
  type ProviderPayment,
  type ProviderPaymentStatus,
  type ProviderRecords,
  type RefundRequest,
} from '../../provider.ts';
import type { ProviderModule } from '../../provider-module.ts';

/** A transfer that is waited for. Amounts are canonical texts. */
interface Transfer {
  readonly paymentId: string;
  readonly currency: string;
  readonly isCanceled: boolean;
  /** What came in, by what the bank calls it. */
  readonly receipts: Readonly<Record<string, string>>;
  /** What was sent back, by our refund. */
  readonly refunds: Readonly<Record<string, string>>;
}

const MAX_INSTRUCTIONS = 2_000;

/**
 * Money that comes by wire, or on an invoice: nobody tells of it but an operator, who has seen it on the account. What
 * is paid back is paid back by hand, too.
 */
export const manualModule: ProviderModule = {
  kind: 'MANUAL',
  fields: [
    {
      name: 'instructions',
      isSecret: false,
      isRequired: false,
      problemOf: (value) =>
        value.length > MAX_INSTRUCTIONS ? `At most ${MAX_INSTRUCTIONS} characters.` : null,
    },
  ],
  open: async ({ instructions }, { records }) => createManual(instructions ?? null, records),
};

function createManual(instructions: string | null, records: ProviderRecords): Provider {
  const read = async (ref: string) => (await records.read(ref)) as Transfer | null;

  return {
    async createCheckout({ paymentId, currency }: CheckoutRequest) {
      const ref = referenceOf(paymentId);
      const transfer: Transfer = {
        paymentId,
        currency: currency.code,
        isCanceled: false,
        receipts: {},
        refunds: {},
      };
      await records.create(ref, transfer);
      const words = instructions === null ? {} : { instructions };
      return { ref, url: null, instructions: { ...words, reference: ref } };
    },
    async chargeMethod() {
      throw new ProviderError('NOT_SUPPORTED', 'A transfer is made by the customer.', false);
    },
    async refund({ refundId, ref, amount }: RefundRequest) {
      const refunds = { [refundId]: plain(amount) };
      await records.update(ref, (record) => {
        const transfer = record as Transfer;
        return { ...transfer, refunds: { ...transfer.refunds, ...refunds } };
      });
      return { ref: refundId, refundId, amount, status: 'SUCCEEDED' };
    },
    async fetchPayment(ref) {
      const transfer = await read(ref);
      return transfer && objectOf(ref, transfer);
    },
    async cancelPayment(ref) {
      await records.update(ref, (record) => ({ ...(record as Transfer), isCanceled: true }));
    },
    readWebhook: () => 'NO_SIGNATURE',
  };
}

/** What the customer writes on the transfer: the part of the payment's id that tells it from all others. */
function referenceOf(paymentId: string): string {
  return `DD-${paymentId.slice(-26).toUpperCase()}`;
}

/**
 * Keeps what has come in under what the bank calls it: the same receipt is one, however often it is told of. Answers with which
 * amount it is kept.
 */
export async function confirmTransfer(
  records: ProviderRecords,
  ref: string,
  receipt: { readonly reference: string; readonly amount: bigint },
): Promise<bigint> {
  const stored = await records.update(ref, (record) => {
    const transfer = record as Transfer;
    const known = transfer.receipts[receipt.reference];
    const receipts = { [receipt.reference]: known ?? plain(receipt.amount) };
    return { ...transfer, receipts: { ...transfer.receipts, ...receipts } };
  });
  return exact((stored as Transfer).receipts[receipt.reference] ?? '0');
}

function objectOf(ref: string, transfer: Transfer): ProviderPayment {
  const paid = Object.values(transfer.receipts).reduce((sum, it) => sum + exact(it), ZERO);
  return {
    ref,
    paymentId: transfer.paymentId,
    status: statusOf(paid, transfer.isCanceled),
    currency: transfer.currency,
    paid,
    tax: ZERO,
    refunds: Object.entries(transfer.refunds).map(([refundId, amount]) => ({
      ref: refundId,
      refundId,
      amount: exact(amount),
      status: 'SUCCEEDED' as const,
    })),
    disputes: [],
    method: null,
    failure: null,
    actionUrl: null,
  };
}

function statusOf(paid: bigint, isCanceled: boolean): ProviderPaymentStatus {
  if (paid > ZERO) return 'SETTLED';
  return isCanceled ? 'CANCELED' : 'PENDING';
}
