import type { Exact } from '../../kit/decimal.ts';

/** What somebody tries to pay, as far as it is counted. */
export interface Attempt {
  readonly paymentId: string;
  readonly organizationId: string;
  readonly customerId: string;
  /** What it is paid in, and how much. */
  readonly assetId: string;
  readonly amount: Exact;
  /**
   * Whether a rule asks, which has caps of its own on how often it does: then failures and amounts count, and how often people
   * have tried the card.
   */
  readonly byRule: boolean;
  /** From where, by `hashOfNetwork`; null when nobody has said. */
  readonly ipHash: string | null;
  /** With which card, by `hashOf`; null while that is not known, which it is of methods that were kept. */
  readonly fingerprintHash: string | null;
}
