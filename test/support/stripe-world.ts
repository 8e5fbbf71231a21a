import type Stripe from 'stripe';
import { StripeRefusal } from './stripe-http.ts';
import {
  type CardShown,
  type ChargeObject,
  chargeOf,
  type DisputeObject,
  type IntentObject,
  idOf,
  intentOf,
  invalid,
  type MethodObject,
  methodOf,
  type RefundObject,
  type SessionObject,
  secondsNow,
} from './stripe-objects.ts';

/** Why a bank says no, in Stripe's codes. */
export interface Decline {
  readonly code: NonNullable<Stripe.PaymentIntent.LastPaymentError['code']>;
  readonly declineCode?: string;
}

/** What a bank answers: yes, "he has to confirm it himself", "not yet", or why not. */
export type BankAnswer = 'YES' | 'AUTHENTICATE' | 'LATER' | Decline;

export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly created: number;
  readonly data: { readonly object: object };
}

type Stored =
  | SessionObject
  | IntentObject
  | ChargeObject
  | MethodObject
  | RefundObject
  | DisputeObject;

/** What Stripe has: its objects, how they change, and what it tells of it. */
export class StripeWorld {
  readonly events: StripeEvent[] = [];
  readonly sessions = new Map<string, SessionObject>();
  readonly intents = new Map<string, IntentObject>();
  readonly charges = new Map<string, ChargeObject>();
  readonly methods = new Map<string, MethodObject>();
  readonly refunds = new Map<string, RefundObject>();
  readonly disputes = new Map<string, DisputeObject>();
  /** Session by the metadata of its payment that are given to the PaymentIntent when there is one. */
  readonly intentParams = new Map<string, Parameters<typeof intentOf>[0]>();
  /** How the bank behind a kept method answers charges without the customer. */
  readonly bankAnswers = new Map<string, BankAnswer>();
  taxPercent = 0;
  refundsEndAs: 'succeeded' | 'pending' = 'succeeded';

  tell(type: string, object: Stored): void {
    const data = { object: structuredClone(object) };
    this.events.push({ id: idOf('evt'), object: 'event', type, created: secondsNow(), data });
  }

  /** The payment behind a session's or a payment's own id. */
  intentAt(ref: string): IntentObject {
    const id = this.sessions.get(ref)?.payment_intent ?? ref;
    return found(this.intents, id);
  }

  chargeAt(ref: string): ChargeObject {
    return found(this.charges, this.intentAt(ref).latest_charge ?? '');
  }

  /** The customer has filled in the page and presses the button. */
  submit(sessionId: string, card: CardShown, answer: BankAnswer): void {
    const session = found(this.sessions, sessionId);
    if (session.status !== 'open') throw new Error(`The page ${sessionId} is not open.`);
    const tax = session.automatic_tax.enabled ? this.taxPercent : 0;
    const subtotal = session.amount_subtotal ?? 0;
    const amountTax = Math.round((subtotal * tax) / 100);
    session.amount_total = subtotal + amountTax;
    session.total_details = { amount_discount: 0, amount_shipping: 0, amount_tax: amountTax };
    const intent = session.payment_intent
      ? found(this.intents, session.payment_intent)
      : this.makeIntent(session);
    if (session.customer_creation === 'always') session.customer ??= idOf('cus');
    intent.customer = session.customer;
    this.attempt(intent, this.keep(methodOf(card, null)), answer);
  }

  private makeIntent(session: SessionObject): IntentObject {
    const bill = { amount: session.amount_total ?? 0, currency: session.currency ?? '' };
    const intent = intentOf(this.intentParams.get(session.id) ?? {}, bill);
    this.intents.set(intent.id, intent);
    session.payment_intent = intent.id;
    this.tell('payment_intent.created', intent);
    return intent;
  }

  keep(method: MethodObject): MethodObject {
    this.methods.set(method.id, method);
    return method;
  }

  /** One try to take the money, as the bank answers it. */
  attempt(intent: IntentObject, method: MethodObject, answer: BankAnswer): void {
    intent.next_action = null;
    intent.last_payment_error = null;
    intent.payment_method = method.id;
    if (answer === 'AUTHENTICATE') {
      intent.status = 'requires_action';
      const url = `https://hooks.stripe.com/3d_secure_2/hosted?intent=${intent.id}`;
      intent.next_action = { type: 'redirect_to_url', redirect_to_url: { url, return_url: null } };
      this.tell('payment_intent.requires_action', intent);
    } else if (answer === 'LATER') {
      intent.status = 'processing';
      this.tell('payment_intent.processing', intent);
      this.complete(intent, 'unpaid');
    } else if (answer === 'YES') this.take(intent, method);
    else this.decline(intent, method, answer);
  }

  private take(intent: IntentObject, method: MethodObject): void {
    const charge = chargeOf(intent, method, null);
    this.charges.set(charge.id, charge);
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.latest_charge = charge.id;
    intent.next_action = null;
    if (intent.setup_future_usage) method.customer = intent.customer;
    this.tell('charge.succeeded', charge);
    this.tell('payment_intent.succeeded', intent);
    this.complete(intent, 'paid');
  }

  /** Stripe takes the method off a payment that it could not be made with. */
  private decline(
    intent: IntentObject,
    method: MethodObject,
    { code, declineCode }: Decline,
  ): void {
    const charge = chargeOf(intent, method, code);
    this.charges.set(charge.id, charge);
    intent.status = 'requires_payment_method';
    intent.latest_charge = charge.id;
    intent.payment_method = null;
    intent.last_payment_error = {
      type: 'card_error',
      code,
      ...(declineCode ? { decline_code: declineCode } : {}),
      message: 'Your card was declined.',
      charge: charge.id,
      payment_method: structuredClone(method) as unknown as Stripe.PaymentMethod,
    };
    this.tell('charge.failed', charge);
    this.tell('payment_intent.payment_failed', intent);
  }

  private complete(intent: IntentObject, status: 'paid' | 'unpaid'): void {
    const session = [...this.sessions.values()].find((each) => each.payment_intent === intent.id);
    if (!session) return;
    const wasOpen = session.status === 'open';
    session.status = 'complete';
    session.payment_status = status;
    session.url = null;
    const late = 'checkout.session.async_payment_succeeded';
    this.tell(wasOpen ? 'checkout.session.completed' : late, session);
  }

  /** What the bank says in the end: after the customer was asked, or after a debit has taken its days. */
  conclude(ref: string, answer: 'YES' | Decline): void {
    const intent = this.intentAt(ref);
    if (intent.status !== 'requires_action' && intent.status !== 'processing') {
      throw new Error(`Nothing of ${ref} waits for a bank: it is ${intent.status}.`);
    }
    const wasProcessing = intent.status === 'processing';
    this.attempt(intent, found(this.methods, intent.payment_method ?? ''), answer);
    const session = this.sessions.get(ref);
    if (wasProcessing && session && answer !== 'YES') {
      this.tell('checkout.session.async_payment_failed', session);
    }
  }

  expire(session: SessionObject): void {
    if (session.status !== 'open') {
      throw invalid(`Only open sessions can be expired: this one is ${session.status}.`);
    }
    session.status = 'expired';
    session.url = null;
    this.tell('checkout.session.expired', session);
    if (session.payment_intent) this.cancel(found(this.intents, session.payment_intent));
  }

  cancel(intent: IntentObject): void {
    if (['succeeded', 'canceled', 'processing'].includes(intent.status)) {
      const message = `You cannot cancel this PaymentIntent because it is ${intent.status}.`;
      throw invalid(message, undefined, 'payment_intent_unexpected_state');
    }
    intent.status = 'canceled';
    intent.next_action = null;
    this.tell('payment_intent.canceled', intent);
  }

  refund(ref: string, wanted: number | null, metadata: Record<string, string>): RefundObject {
    const charge = this.chargeAt(ref);
    const left = charge.amount - charge.amount_refunded;
    if (!charge.paid) throw invalid('This charge was not paid.', 'payment_intent');
    if (left === 0) {
      throw invalid('Charge has already been refunded.', undefined, 'charge_already_refunded');
    }
    const amount = wanted ?? left;
    if (amount > left) throw invalid('Refund amount is greater than unrefunded amount.', 'amount');
    const refund: RefundObject = {
      id: idOf('re'),
      object: 'refund',
      amount,
      charge: charge.id,
      created: secondsNow(),
      currency: charge.currency,
      metadata,
      payment_intent: charge.payment_intent,
      reason: null,
      status: this.refundsEndAs,
    };
    this.refunds.set(refund.id, refund);
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
    this.tell('refund.created', refund);
    this.tell('charge.refunded', charge);
    return refund;
  }

  endRefund(id: string, status: 'succeeded' | 'failed'): void {
    const refund = found(this.refunds, id);
    refund.status = status;
    if (status === 'failed') {
      const charge = found(this.charges, refund.charge ?? '');
      charge.amount_refunded -= refund.amount;
      charge.refunded = false;
    }
    this.tell(status === 'failed' ? 'refund.failed' : 'refund.updated', refund);
  }

  dispute(ref: string, amount: number | null, reason: string, status: string): DisputeObject {
    const charge = this.chargeAt(ref);
    charge.disputed = true;
    const dispute: DisputeObject = {
      id: idOf('du'),
      object: 'dispute',
      amount: amount ?? charge.amount,
      charge: charge.id,
      created: secondsNow(),
      currency: charge.currency,
      metadata: {},
      payment_intent: charge.payment_intent,
      reason,
      status,
    };
    this.disputes.set(dispute.id, dispute);
    this.tell('charge.dispute.created', dispute);
    return dispute;
  }

  endDispute(id: string, status: string): void {
    const dispute = found(this.disputes, id);
    dispute.status = status;
    this.tell('charge.dispute.closed', dispute);
  }
}

/** Throws what Stripe answers for an object that it does not have. */
export function found<T>(objects: ReadonlyMap<string, T>, id: string): T {
  const object = objects.get(id);
  if (object !== undefined) return object;
  const message = `No such object: '${id}'`;
  const type = 'invalid_request_error';
  throw new StripeRefusal(404, { type, code: 'resource_missing', message, param: 'id' });
}
