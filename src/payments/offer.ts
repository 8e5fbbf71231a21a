import type { Exact } from '../kit/decimal.ts';
import type { LedgerAsset } from '../ledger/change-wallet.ts';

/** An asset that payments are made or credited in. */
export interface PaidAsset extends LedgerAsset {
  readonly name: string;
  readonly kind: 'FIAT' | 'CUSTOM';
  readonly minorUnits: number;
}

/** What is to be paid, and what is to be had for it. */
export interface Offer {
  /** What it is paid in. */
  readonly asset: PaidAsset;
  /** Without tax, a multiple of what the asset is paid in. */
  readonly amount: Exact;
  /** What it is credited in. */
  readonly creditAsset: PaidAsset;
  readonly credit: Exact;
  readonly bonus: Exact;
  readonly exchangeRateId: string | null;
  readonly pack: { readonly id: string; readonly quantity: number } | null;
  readonly expiresAfterDays: number | null;
  /** What the customer reads: `1,000 credits`. */
  readonly description: string;
}

/** Decimal places in which an amount of an asset is paid: cents; all that it keeps where it is no currency. */
export function paidScale({ kind, minorUnits, scale }: PaidAsset): number {
  return kind === 'FIAT' ? minorUnits : scale;
}
