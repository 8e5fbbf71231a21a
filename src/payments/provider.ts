import type { Exact } from '../kit/decimal.ts';

/**
 * Who takes the money. SANDBOX pretends to, STRIPE is cards and bank debits, CRYPTO a hosted page for stablecoins,
 * ONCHAIN a payment straight to an address of the merchant's, MANUAL a transfer that an operator confirms.
 */
export type ProviderKind = 'SANDBOX' | 'STRIPE' | 'CRYPTO' | 'ONCHAIN' | 'MANUAL';

/** What a payment is paid in: an asset of the organization, by its code. */
export interface Currency {
  /** `USD`, `USDC`. */
  readonly code: string;
  /** Decimal places that it is paid in. */
  readonly minorUnits: number;
}

/** Who pays, as far as a provider is told. */
export interface Payer {
  /** The customer's TypeID. */
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** Asks for a page where a customer pays. Sent again with the same payment it answers the same page. */
export interface CheckoutRequest {
  /** Our payment's TypeID: the provider keeps it with its object, and it is the idempotency key. */
  readonly paymentId: string;
  /** Without tax, in `currency`; a multiple of its minor unit. */
  readonly amount: Exact;
  readonly currency: Currency;
  /** What is bought, for the page and the receipt: `1,000 credits`. */
  readonly description: string;
  readonly payer: Payer;
  /** Whether the method shall be kept for charges without the customer. */
  readonly saveMethod: boolean;
  /** What the page says about refunds; null says nothing. */
  readonly refundPolicy: string | null;
  /** Where the page leads back to; null: it stays. */
  readonly returnUrl: string | null;
  /** The page stops taking money then. */
  readonly expiresAt: Date;
}

/** A page where a customer pays, or, where there is none, what he has to know. */
export interface CheckoutMade {
  /** The provider's id of its object. */
  readonly ref: string;
  /** Null where there is no page. */
  readonly url: string | null;
  /** For whoever pays without a page: an address, a bank account and a reference. Null where there is a page only. */
  readonly instructions: Readonly<Record<string, string>> | null;
}

/** Charges a method that was kept, without the customer. Sent again with the same payment it charges once. */
export interface ChargeRequest {
  readonly paymentId: string;
  readonly amount: Exact;
  readonly currency: Currency;
  readonly description: string;
  readonly payer: Payer;
  /** The provider's token of the method. */
  readonly methodToken: string;
}

export interface RefundRequest {
  /** Our refund's TypeID: the idempotency key. */
  readonly refundId: string;
  /** The provider's id of what was paid. */
  readonly ref: string;
  /** Without tax; what there was of tax is refunded in proportion. */
  readonly amount: Exact;
  readonly currency: Currency;
}

/** PENDING also while the customer has to confirm it, at `actionUrl`. AUTHORIZED: promised, and not there yet. */
export type ProviderPaymentStatus =
  | 'PENDING'
  | 'AUTHORIZED'
  | 'SETTLED'
  | 'FAILED'
  | 'CANCELED'
  | 'EXPIRED';

/** What the provider's object says now. It is the truth: events only say that there is something to look at. */
export interface ProviderPayment {
  readonly ref: string;
  /** Our payment's TypeID, as the provider kept it; null when it does not know. */
  readonly paymentId: string | null;
  readonly status: ProviderPaymentStatus;
  /** The code of what it was asked, or paid, in. */
  readonly currency: string;
  /** What has arrived, without tax; zero until something has. Refunds do not lower it. */
  readonly paid: Exact;
  /** What has arrived on top of it for the tax office. */
  readonly tax: Exact;
  readonly refunds: readonly ProviderRefund[];
  readonly disputes: readonly ProviderDispute[];
  /** With what it was paid; null when that is not known or cannot be said. */
  readonly method: ProviderMethod | null;
  /**
   * Why it has failed; of one that is PENDING why the last attempt has, after which the customer may try again. Null when none has.
   */
  readonly failure: PaymentFailure | null;
  /** Where the customer has to confirm it (3-D Secure); null when he has not. */
  readonly actionUrl: string | null;
}

export interface ProviderRefund {
  readonly ref: string;
  /** Our refund's TypeID; null for one that was made at the provider. */
  readonly refundId: string | null;
  /** Without tax. */
  readonly amount: Exact;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
}

export interface ProviderDispute {
  readonly ref: string;
  /** Without tax. */
  readonly amount: Exact;
  readonly status: 'OPEN' | 'WON' | 'LOST';
  /** In the provider's words: `fraudulent`. */
  readonly reason: string | null;
}

/** How a customer pays, without anything that could be paid with elsewhere. */
export interface ProviderMethod {
  /** What charges it without the customer; null when it was not kept. */
  readonly token: string | null;
  /** `visa`, `sepa_debit`, `USDC`. */
  readonly brand: string;
  /** The last four characters of its number or address. */
  readonly last4: string | null;
  /** 1 to 12; null for one that does not expire. */
  readonly expMonth: number | null;
  readonly expYear: number | null;
  /** The same for the same card, whoever shows it; null when the provider does not say. Hashed before it is kept. */
  readonly fingerprint: string | null;
}

export interface PaymentFailure {
  /** `CARD_DECLINED`, `INSUFFICIENT_FUNDS`, `AUTHENTICATION_REQUIRED` ... upper case with underscores. */
  readonly code: string;
  /** A sentence for the customer. */
  readonly message: string;
  /** The provider's name for the attempt that failed: two that differ are two failures. Left out where it has none. */
  readonly attempt?: string;
}

/** A webhook as it came in. */
export interface RawWebhook {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bytes that were signed. */
  readonly body: Buffer;
  /** When it came. */
  readonly receivedAt: Date;
}

/** What a webhook whose signature is right tells: which object to look at. */
export interface WebhookNotice {
  /** The provider's id of the event: of two with the same the second is nothing new. */
  readonly eventId: string;
  /** In the provider's words: `checkout.session.completed`. */
  readonly type: string;
  /** Which object; null for an event that is about no payment. */
  readonly ref: string | null;
  /** Our payment's TypeID, when it says so. */
  readonly paymentId: string | null;
}

/** Why a webhook is not taken. */
export type WebhookFault = 'NO_SIGNATURE' | 'BAD_SIGNATURE' | 'TOO_OLD' | 'MALFORMED';

/**
 * Somebody who takes money. Whatever is asked with the same id is done once, however often it is asked. Each may throw
 * a ProviderError.
 */
export interface Provider {
  createCheckout(request: CheckoutRequest): Promise<CheckoutMade>;
  /** The object as it is right after; a decline is an outcome, and no error. */
  chargeMethod(request: ChargeRequest): Promise<ProviderPayment>;
  refund(request: RefundRequest): Promise<ProviderRefund>;
  /** Null when the provider has no such object. */
  fetchPayment(ref: string): Promise<ProviderPayment | null>;
  /** Takes the page away, as far as nothing was paid. */
  cancelPayment(ref: string): Promise<void>;
  /** Checks the signature and the time of a webhook, and says what it is about. Looks at nothing else. */
  readWebhook(raw: RawWebhook): WebhookNotice | WebhookFault;
}

/** The provider did not do it, or nobody knows whether it did: `isRetryable` says whether to ask again. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly isRetryable: boolean;
  /** In the provider's words, or `TIMEOUT`, `UNREACHABLE`, `NOT_SUPPORTED`. */
  readonly code: string;

  constructor(code: string, message: string, isRetryable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

/** What the providers that are part of the product keep of their own objects, each under its `ref`. */
export interface ProviderRecords {
  /** Stores it unless there is one already; the one that is stored now. */
  create(ref: string, record: object): Promise<unknown>;
  read(ref: string): Promise<unknown>;
  /** Makes another of what is stored, while nobody else does. Null when there is none. */
  update(ref: string, change: (record: unknown) => object): Promise<unknown>;
  /** Counts from 0: another number with each call. */
  nextIndex(): Promise<number>;
}
