import { type Exact, parseDecimal, ZERO } from '../../../kit/decimal.ts';
import {
  type PaymentFailure,
  ProviderError,
  type ProviderMethod,
  type ProviderPayment,
  type ProviderPaymentStatus,
  type ProviderRefund,
} from '../../provider.ts';

/** A payment request as the service has it: the payment, and where its page is. */
export interface PaymentRequest {
  readonly payment: ProviderPayment;
  readonly url: string;
}

/** What an id of the service may be: it becomes a part of a path, so it is neither `..` nor has a slash. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/;
const CODE = /^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/;
const MESSAGE_MAX = 500;

const STATUSES: Readonly<Record<string, ProviderPaymentStatus>> = {
  pending: 'PENDING',
  confirming: 'AUTHORIZED',
  paid: 'SETTLED',
  failed: 'FAILED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
};

const REFUND_STATUSES: Readonly<Record<string, ProviderRefund['status']>> = {
  pending: 'PENDING',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
};

export function isServiceId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** Reads what the service answered. Throws when it is no payment request: nobody knows then how it stands. */
export function readPaymentRequest(raw: unknown): PaymentRequest {
  const fields = fieldsOf(raw);
  const paid = amountOf(fields.amountPaid);
  const status = settledWith(paid, wordOf(STATUSES, fields.status));
  return {
    url: textOf(fields.url),
    payment: {
      ref: idOf(fields.id),
      paymentId: fields.reference == null ? null : idOf(fields.reference),
      status,
      currency: codeOf(fields.currency),
      paid,
      tax: ZERO,
      refunds: refundsOf(fields.refunds),
      disputes: [],
      method: fields.payer == null ? null : methodOf(fieldsOf(fields.payer)),
      failure: status === 'FAILED' ? failureOf(fields.failure) : null,
      actionUrl: null,
    },
  };
}

export function readRefund(raw: unknown): ProviderRefund {
  const { id, reference, amount, status } = fieldsOf(raw);
  return {
    ref: idOf(id),
    refundId: reference == null ? null : idOf(reference),
    amount: amountOf(amount),
    status: wordOf(REFUND_STATUSES, status),
  };
}

/** It is over, and something has come: late, or in part. */
function settledWith(paid: Exact, status: ProviderPaymentStatus): ProviderPaymentStatus {
  if (status === 'SETTLED' && paid === ZERO) throw badAnswer('It is paid with nothing.');
  const isOver = status === 'EXPIRED' || status === 'CANCELED' || status === 'FAILED';
  return isOver && paid > ZERO ? 'SETTLED' : status;
}

function refundsOf(raw: unknown): ProviderRefund[] {
  if (raw == null) return [];
  if (!Array.isArray(raw)) throw badAnswer('"refunds" is no list.');
  return raw.map(readRefund);
}

function methodOf({ asset, address }: Fields): ProviderMethod {
  const from = address == null ? null : textOf(address);
  return {
    token: null,
    brand: codeOf(asset),
    last4: from?.slice(-4) ?? null,
    expMonth: null,
    expYear: null,
    fingerprint: from?.toLowerCase() ?? null,
  };
}

function failureOf(raw: unknown): PaymentFailure {
  const { code, message } = raw == null ? { code: null, message: null } : fieldsOf(raw);
  return {
    code: code == null ? 'FAILED' : codeOf(code).toUpperCase().replaceAll(/[.:-]/g, '_'),
    message: message == null ? 'The payment has failed.' : textOf(message).slice(0, MESSAGE_MAX),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(raw: unknown): Fields {
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw)) return raw as Fields;
  throw badAnswer('There is no object where one belongs.');
}

function idOf(raw: unknown): string {
  if (isServiceId(raw)) return raw;
  throw badAnswer('An id is none.');
}

function codeOf(raw: unknown): string {
  if (typeof raw === 'string' && CODE.test(raw)) return raw;
  throw badAnswer('A code is none.');
}

function textOf(raw: unknown): string {
  if (typeof raw === 'string' && raw.length > 0) return raw;
  throw badAnswer('There is no text where some belongs.');
}

function amountOf(raw: unknown): Exact {
  const value = parseDecimal(raw);
  if (typeof value === 'bigint' && value >= ZERO) return value;
  throw badAnswer('An amount is no decimal string of zero or more.');
}

function wordOf<Word>(words: Readonly<Record<string, Word>>, raw: unknown): Word {
  if (typeof raw === 'string' && Object.hasOwn(words, raw)) return words[raw] as Word;
  throw badAnswer('A status is none that there is.');
}

export function badAnswer(reason: string): ProviderError {
  return new ProviderError('BAD_ANSWER', `The answer cannot be understood. ${reason}`, true);
}
