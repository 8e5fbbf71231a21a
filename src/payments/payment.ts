import { type Exact, exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { PaymentFailure, ProviderPaymentStatus } from './provider.ts';

export type PaymentStatus = ProviderPaymentStatus;

/** What a payment is made by: a checkout of the customer's, a rule, a link that anybody may open, or a subscription that waits for it. */
export type PaymentOrigin = 'TOP_UP' | 'AUTO_RECHARGE' | 'PAYMENT_LINK' | 'SUBSCRIPTION';

/** What has become of the change of a subscription that a payment was made for. */
export type PaymentChangeStatus = 'WAITING' | 'APPLIED' | 'FAILED';

/** A payment as it is stored, to decide on. */
export interface PaymentState {
  readonly id: Id<'payment'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly providerId: Id<'paymentProvider'>;
  readonly origin: PaymentOrigin;
  readonly status: PaymentStatus;
  /** What it is paid in. */
  readonly assetId: Id<'asset'>;
  /** What is to be paid, without tax. */
  readonly amount: Exact;
  readonly tax: Exact;
  /** What has arrived, without tax. */
  readonly paid: Exact;
  readonly refunded: Exact;
  readonly creditAssetId: Id<'asset'>;
  readonly walletName: string;
  /** What is credited for all of it, and what is given on top. */
  readonly credit: Exact;
  readonly bonus: Exact;
  /** When the credit expires: so many days after it was credited; null: never. */
  readonly expiresAfterDays: number | null;
  readonly methodId: Id<'paymentMethod'> | null;
  readonly savesMethod: boolean;
  /** The provider's id of its object; null until it has made one. */
  readonly ref: string | null;
  readonly checkoutUrl: string | null;
  readonly actionUrl: string | null;
  readonly returnUrl: string | null;
  readonly failure: PaymentFailure | null;
  readonly description: string;
  readonly metadata: unknown;
  readonly expiresAt: Date;
  readonly settledAt: Date | null;
  readonly looks: number;
  readonly createdAt: Date;
  /** Null where no change of a subscription waits for it, or did. */
  readonly changeStatus: PaymentChangeStatus | null;
}

type Numeric = { toFixed(): string };

/** A row of the table, as far as decisions go by it. */
export interface PaymentRow {
  readonly id: string;
  readonly organizationId: string;
  readonly customerId: string;
  readonly providerId: string;
  readonly origin: PaymentOrigin;
  readonly status: PaymentStatus;
  readonly assetId: string;
  readonly amount: Numeric;
  readonly tax: Numeric;
  readonly paid: Numeric;
  readonly refunded: Numeric;
  readonly creditAssetId: string;
  readonly walletName: string;
  readonly credit: Numeric;
  readonly bonus: Numeric;
  readonly expiresAfterDays: number | null;
  readonly methodId: string | null;
  readonly savesMethod: boolean;
  readonly ref: string | null;
  readonly checkoutUrl: string | null;
  readonly actionUrl: string | null;
  readonly returnUrl: string | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly description: string;
  readonly metadata: unknown;
  readonly expiresAt: Date;
  readonly settledAt: Date | null;
  readonly looks: number;
  readonly createdAt: Date;
  readonly changeStatus: PaymentChangeStatus | null;
}

export function paymentState(row: PaymentRow): PaymentState {
  const { failureCode: code, failureMessage: message, ...rest } = row;
  return {
    ...rest,
    id: row.id as Id<'payment'>,
    organizationId: row.organizationId as Id<'organization'>,
    customerId: row.customerId as Id<'customer'>,
    providerId: row.providerId as Id<'paymentProvider'>,
    assetId: row.assetId as Id<'asset'>,
    creditAssetId: row.creditAssetId as Id<'asset'>,
    methodId: row.methodId as Id<'paymentMethod'> | null,
    amount: exact(row.amount),
    tax: exact(row.tax),
    paid: exact(row.paid),
    refunded: exact(row.refunded),
    credit: exact(row.credit),
    bonus: exact(row.bonus),
    failure: code === null ? null : { code, message: message ?? code },
  };
}

/** Nothing more is to come of it by itself. What was paid after all counts all the same. */
export function isOver(status: PaymentStatus): boolean {
  return status !== 'PENDING' && status !== 'AUTHORIZED';
}
