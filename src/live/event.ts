import type { BalanceCause, BalanceFigures } from './balance-update.ts';

/**
 * What an event says, by its type. Ids are stored ids, amounts canonical decimals, instants RFC 3339. An
 * event names what it tells of; whoever wants to know more reads it.
 */
export interface EventFacts {
  'customer.created': object;
  'customer.updated': object;
  'wallet.opened': { readonly walletId: string };
  /** Its policy is another; what it may spend changed in the same transaction. */
  'wallet.updated': { readonly walletId: string };
  'balance.changed': {
    readonly walletId: string;
    readonly version: number;
    readonly balance: BalanceFigures;
    readonly cause: BalanceCause;
  };
  'grant.created': { readonly grantId: string; readonly walletId: string; readonly amount: string };
  /** `amount` is what was taken back. */
  'grant.voided': { readonly grantId: string; readonly walletId: string; readonly amount: string };
  /** It ends later than it was to; `amount` is what it has left. */
  'grant.extended': {
    readonly grantId: string;
    readonly walletId: string;
    readonly amount: string;
  };
  /** `amount` is what the grant had left. */
  'grant.expired': { readonly grantId: string; readonly walletId: string; readonly amount: string };
  /** `amount` is what was set aside. */
  'hold.placed': HoldFacts & { readonly expiresAt: string };
  /** `amount` is what it cost; what it was paid for, and whether that was late and closed the hold. */
  'hold.captured': HoldFacts & {
    readonly usageEventIds: readonly string[];
    readonly late: boolean;
    readonly closed: boolean;
  };
  /** `amount` is what was still set aside. */
  'hold.released': HoldFacts;
  /** The same, by time alone. */
  'hold.expired': HoldFacts;
  /** A rule was crossed; `observed` is what was compared with the threshold, which may be null. */
  'alert.raised': AlertFacts & {
    readonly threshold: string | null;
    readonly observed: string;
  };
  /** What the rule asks for is no longer so, or the rule is gone. */
  'alert.recovered': AlertFacts;
  /** `amount` is what the grant has left. */
  'grant.expiring': {
    readonly grantId: string;
    readonly walletId: string;
    readonly ruleId: string;
    readonly amount: string;
    readonly expiresAt: string;
  };
  /** What one committed batch recorded for the customer, in its order. */
  'usage.recorded': { readonly usageEventIds: readonly string[] };
  /** What one committed batch refused to the customer for want of funds, in its order. */
  'usage.refused': { readonly refusals: readonly RefusedUsage[] };
  /** It was made; it may have begun at once. */
  'subscription.created': SubscriptionFacts;
  /** Its first period that costs something has begun. */
  'subscription.activated': SubscriptionFacts;
  'subscription.renewed': SubscriptionFacts;
  /** Its plan, seats, add-ons or trial are others, or will be at the end of the period. */
  'subscription.updated': SubscriptionFacts;
  /** The wallet does not cover the period that was to begin. */
  'subscription.past_due': SubscriptionFacts;
  'subscription.paused': SubscriptionFacts;
  'subscription.resumed': SubscriptionFacts;
  'subscription.canceled': SubscriptionFacts;
  /** Three days before it does, or at its beginning if it is shorter. */
  'subscription.trial_ending': SubscriptionFacts;
  /** Money was asked for. */
  'payment.created': PaymentFacts;
  /** The customer has to confirm it: its payment says where. */
  'payment.action_required': PaymentFacts;
  /** It is promised, and not there yet. */
  'payment.authorized': PaymentFacts;
  /** It is there, and was credited in the same transaction. */
  'payment.settled': PaymentFacts;
  'payment.failed': PaymentFacts;
  'payment.canceled': PaymentFacts;
  'payment.expired': PaymentFacts;
  /** It is there, and the change of a subscription that it was made for cannot be made any more: the money is credit. */
  'payment.change_failed': PaymentFacts & { readonly reason: string };
  /** Money of it was given back; its credit was taken back before. */
  'payment.refunded': PaymentRefundFacts;
  /** It was not given back after all, and its credit is there again. */
  'payment.refund_failed': PaymentRefundFacts;
  /** The customer has called it into question; what is left of its credit is kept back. */
  'payment.disputed': PaymentDisputeFacts;
  /** The dispute is WON, and the credit there again, or LOST, and it is gone. */
  'payment.dispute_closed': PaymentDisputeFacts;
  /** What is unspent is to go back: its credit is taken, and somebody has to confirm it. */
  'withdrawal.requested': WithdrawalFacts;
  /** It waits for its hold period. */
  'withdrawal.confirmed': WithdrawalFacts;
  /** It was called off, and its credit is there again. */
  'withdrawal.canceled': WithdrawalFacts;
  /** The same, as nobody has confirmed it in time. */
  'withdrawal.expired': WithdrawalFacts;
  /** All of the money went back, or a part of it: `paid` says how much. */
  'withdrawal.paid': WithdrawalFacts;
  /** None of the money went back, and the credit is there again. */
  'withdrawal.failed': WithdrawalFacts;
  /** A wallet ran low, and its rule has asked for money; in the transaction that made it low. */
  'recharge.started': RechargeFacts;
  /** It was paid and credited. */
  'recharge.succeeded': RechargeFacts;
  /** It was not paid, or could not be asked for. It is tried again at `retryAt`. */
  'recharge.declined': RechargeFacts;
  /** The wallet is low, and the caps of its rule are reached: until `retryAt`. */
  'recharge.capped': RechargeFacts;
  /** It was declined too often in a row: no more until it has another card. */
  'recharge.suspended': RechargeFacts;
  /** A limit against fraud is reached: told once an hour for each limit and whoever has reached it. */
  'payment.limited': LimitedFacts;
  /** A method was kept, or is used again after it was not. */
  'payment_method.attached': MethodFacts;
  'payment_method.detached': MethodFacts;
  /** 30 days before the end of the month that it is good until. */
  'payment_method.expiring': MethodFacts & { readonly expiresAt: string };
  /** Nothing more is sent to the endpoint until somebody enables it again. */
  'webhook.disabled': { readonly endpointId: string; readonly reason: 'GONE' | 'FAILING' };
  /** So many events were forgotten before the endpoint had got to them; it goes on behind them. */
  'webhook.events_lost': { readonly endpointId: string; readonly count: number };
  /** It was advanced: it stands at `now`, and everything until then is done. */
  'test_clock.ready': { readonly testClockId: string; readonly now: string };
}

export interface HoldFacts {
  readonly holdId: string;
  readonly walletId: string;
  readonly amount: string;
}

export type AlertKind =
  | 'BELOW_AMOUNT'
  | 'BELOW_PERCENT'
  | 'DEPLETED'
  | 'RECOVERED'
  | 'BURN_RATE'
  | 'PROJECTED_EMPTY'
  | 'GRANT_EXPIRING';

export interface AlertFacts {
  readonly alertId: string;
  readonly ruleId: string;
  readonly kind: AlertKind;
  readonly walletId: string;
  /** Of GRANT_EXPIRING; null for every other kind. */
  readonly grantId: string | null;
}

/** As the event has left it. */
export interface SubscriptionFacts {
  readonly subscriptionId: string;
  readonly planVersionId: string;
  readonly status: string;
  /** Null before it has begun. */
  readonly periodStart: string | null;
  readonly periodEnd: string | null;
}

/** As the event has left it. */
export interface PaymentFacts {
  readonly paymentId: string;
  readonly status: string;
  /** What it is paid in. */
  readonly assetId: string;
  /** What is to be paid, without tax. */
  readonly amount: string;
  /** Why it has failed; null while it has not. */
  readonly failureCode: string | null;
}

/** As the event has left it. */
export interface PaymentRefundFacts {
  readonly paymentId: string;
  readonly refundId: string;
  /** What it was paid in. */
  readonly assetId: string;
  /** What goes back of it. */
  readonly amount: string;
}

/** As the event has left it. */
export interface PaymentDisputeFacts {
  readonly paymentId: string;
  readonly disputeId: string;
  readonly assetId: string;
  readonly amount: string;
  readonly status: string;
}

/** As the event has left it. */
export interface WithdrawalFacts {
  readonly withdrawalId: string;
  readonly walletId: string;
  readonly status: string;
  /** What was paid in. */
  readonly assetId: string;
  /** What was asked for. */
  readonly amount: string;
  /** What of it went back. */
  readonly paid: string;
}

/** What whoever is told can do about it. */
export type RechargeAction =
  | 'NOTHING'
  | 'CHECK_METHOD'
  | 'CHANGE_METHOD'
  | 'RAISE_CAP'
  | 'SET_RATE';

export interface RechargeFacts {
  readonly ruleId: string;
  readonly walletId: string;
  /** Null where no payment was made. */
  readonly paymentId: string | null;
  /** Why: `CARD_DECLINED`, `COUNT`, `AMOUNT`; null where it went well. */
  readonly reason: string | null;
  /** When it is tried again by itself; null: it is not. */
  readonly retryAt: string | null;
  readonly action: RechargeAction;
}

/** What was refused, and why. */
export interface LimitedFacts {
  /** Which limit: `CUSTOMER_ATTEMPTS`. */
  readonly limit: string;
  /** What it was to be paid in, and how much. */
  readonly assetId: string;
  readonly amount: string;
  /** Whether a rule asked, and not a person. */
  readonly byRule: boolean;
  /** From when on it may be tried again; null where waiting does not help. */
  readonly retryAt: string | null;
}

export interface MethodFacts {
  readonly methodId: string;
  readonly brand: string;
  readonly last4: string | null;
}

export interface RefusedUsage {
  /** The caller's own id of the event. */
  readonly eventId: string;
  /** Null when the customer has no wallet in the asset. */
  readonly walletId: string | null;
  readonly assetId: string;
  readonly required: string;
  readonly available: string;
}

export type EventType = keyof EventFacts;

/** One fact worth telling, as it is stored. */
export type Fact = {
  [Type in EventType]: { readonly type: Type } & EventFacts[Type];
}[EventType];

/** A fact and whom it is about; null is the organization itself. */
export interface Told {
  readonly organizationId: string;
  readonly customerId: string | null;
  readonly fact: Fact;
}

/** A fact in its place in the log. */
export interface LoggedEvent extends Told {
  /** In the total order of the organization, from 1, without gaps. */
  readonly position: number;
  /** In the order of the customer, from 1, without gaps; null when it is about none. */
  readonly sequence: number | null;
  readonly at: Date;
}
