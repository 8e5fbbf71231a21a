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
