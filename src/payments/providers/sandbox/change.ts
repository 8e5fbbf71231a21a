import type { SandboxPayment } from './record.ts';

/** What the sandbox tells of its payments. */
export type SandboxEventType =
  | 'checkout.closed'
  | 'payment.authorized'
  | 'payment.settled'
  | 'payment.action_required'
  | 'payment.declined'
  | 'payment.expired'
  | 'payment.canceled'
  | 'payment.refunded'
  | 'dispute.opened'
  | 'dispute.closed';

export interface Announcement {
  readonly type: SandboxEventType;
  /** It is told after so long: what it says is true only then. */
  readonly delayMs: number;
}

/** Another state of a payment, and what is told of it. */
export interface Change {
  readonly payment: SandboxPayment;
  readonly events: readonly Announcement[];
}

export function announce(type: SandboxEventType, delayMs = 0): Announcement {
  return { type, delayMs };
}
