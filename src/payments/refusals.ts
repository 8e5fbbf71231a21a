import type { Refusal } from '../kit/refusal.ts';

/** The provider did not do it just now, or nobody knows; the same request may succeed later. */
export interface ProviderUnavailable extends Refusal<'ProviderUnavailable'> {
  /** The code of the provider in the organization. */
  readonly provider: string;
  readonly message: string;
}

/** The provider will not do it, however often it is asked. */
export interface ProviderRefused extends Refusal<'ProviderRefused'> {
  readonly provider: string;
  /** The provider's reason: `NOT_SUPPORTED`. */
  readonly reason: string;
  readonly message: string;
}

/** What there is too much of: attempts or failures in an hour, or money. */
export type VelocityLimitKind =
  | 'CUSTOMER_ATTEMPTS'
  | 'CUSTOMER_FAILURES'
  | 'IP_ATTEMPTS'
  | 'IP_FAILURES'
  | 'CARD_ATTEMPTS'
  | 'CARD_FAILURES'
  | 'DAILY_AMOUNT'
  | 'FIRST_TOP_UP';

/** A limit of the organization against fraud is reached. */
export interface VelocityLimit extends Refusal<'VelocityLimit'> {
  readonly limit: VelocityLimitKind;
  /** From when on the same may be asked again; null where waiting does not help. */
  readonly retryAt: Date | null;
  /** The same in whole seconds from when it was refused. */
  readonly retryAfterSeconds: number | null;
}
