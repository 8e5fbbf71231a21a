import Stripe from 'stripe';
import type { RawWebhook } from '../../src/payments/provider.ts';
import { type Fault, type StripeRequest, startStripeHttp } from './stripe-http.ts';
import { type CardShown, idOf, methodOf } from './stripe-objects.ts';
import { handleStripe } from './stripe-routes.ts';
import { type BankAnswer, type Decline, type StripeEvent, StripeWorld } from './stripe-world.ts';

/** How a webhook is signed; what is left out is as Stripe would do it now. */
export interface Signed {
  /** When it was signed. @default now */
  readonly signedAt?: Date;
  /** When it comes in. @default when it was signed */
  readonly receivedAt?: Date;
  /** @default the stand-in's own */
  readonly secret?: string;
}

/**
 * A server that speaks as much of Stripe's HTTP API as we use, and the hands that move the world behind it: customers, banks, and
 * the merchant at Stripe's dashboard. Where it says `ref`, the id of a Checkout Session does as well as that of a PaymentIntent.
 * Amounts are Stripe's whole numbers, with tax.
 */
export interface StripeStandIn {
  /** What an organization says to use it. It needs `allowPrivate`. */
  readonly config: {
    readonly secretKey: string;
    readonly webhookSecret: string;
    readonly apiBase: string;
  };

  // A customer on the page.
  /** He pays, and it is there at once. */
  pay(sessionId: string, card?: CardShown): void;
  /** He tries, and is declined; the page stays open. @default `insufficient_funds` */
  decline(sessionId: string, why?: Decline, card?: CardShown): void;
  /** He pays, and his bank wants him to confirm it (3-D Secure): `conclude` says what he does. */
  payWithAuthentication(sessionId: string, card?: CardShown): void;
  /** He pays by something that takes days: `conclude` says how it ends. */
  payLater(sessionId: string): void;
  /** What was waited for, from the customer or from the bank. @default 'YES' */
  conclude(ref: string, answer?: 'YES' | Decline): void;
  /** Its time is over. */
  expire(sessionId: string): void;
  /** What Stripe Tax puts on top, where a page asks for it. @default 0 */
  setTax(percent: number): void;

  // Methods that are kept.
  /** A card that is kept for a customer of its own; its token as `chargeMethod` wants it. */
  keepCard(card?: CardShown): string;
  /** How its bank answers charges without the customer. @default 'YES' */
  setBankAnswer(token: string, answer: BankAnswer): void;

  // The merchant at the dashboard, and the banks.
  /** Of everything that is left when no amount is given; the refund's id. */
  refund(ref: string, amount?: number): string;
  /** Whether refunds are there at once, or wait for `endRefund`. @default 'succeeded' */
  setRefundsEndAs(status: 'succeeded' | 'pending'): void;
  endRefund(refundId: string, status: 'succeeded' | 'failed'): void;
  /** The dispute's id. An inquiry has the status `warning_needs_response`. */
  openDispute(ref: string, dispute?: { amount?: number; reason?: string; status?: string }): string;
  closeDispute(disputeId: string, status: 'won' | 'lost' | 'warning_closed'): void;

  // What goes wrong on the way.
  /** What becomes of the next requests, so many of them, that fit: `POST /v1/refunds`. @default to any */
  fail(count: number, fault: Fault, request?: RegExp): void;

  /** A day goes by, and no idempotency key counts any more. */
  forgetKeys(): void;

  // What has come of it.
  /** Everything that was asked so far. */
  readonly requests: readonly StripeRequest[];
  /** What a customer was charged for a payment of ours, try by try, those that succeeded. */
  chargesOf(paymentId: string): number[];
  /** How many sessions, charges that succeeded, and refunds there are. */
  counts(): { readonly sessions: number; readonly charges: number; readonly refunds: number };
  /** Everything that happened, oldest first. */
  readonly events: readonly StripeEvent[];
  /** The latest event of a type. */
  lastEvent(type: string): StripeEvent;
  /** An event as it is sent to a webhook endpoint. */
  webhook(event: StripeEvent, signed?: Signed): RawWebhook;
  /** Any body, signed. */
  sign(body: string, signed?: Signed): RawWebhook;
  close(): Promise<void>;
}

const SECRET_KEY = 'sk_test_standin';
const WEBHOOK_SECRET = 'whsec_standin';
const INSUFFICIENT_FUNDS: Decline = { code: 'card_declined', declineCode: 'insufficient_funds' };

export async function startStripeStandIn(): Promise<StripeStandIn> {
  const world = new StripeWorld();
  const http = await startStripeHttp(SECRET_KEY, (request) => handleStripe(world, request));
  const paid = () => [...world.charges.values()].filter((charge) => charge.paid);

  function sign(body: string, { signedAt, receivedAt, secret }: Signed = {}): RawWebhook {
    const at = signedAt ?? new Date();
    const signature = Stripe.webhooks.generateTestHeaderString({
      payload: body,
      secret: secret ?? WEBHOOK_SECRET,
      timestamp: Math.floor(at.getTime() / 1000),
    });
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    return { headers, body: Buffer.from(body), receivedAt: receivedAt ?? at };
  }

  return {
    config: { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, apiBase: http.apiBase },
    pay: (sessionId, card = {}) => world.submit(sessionId, card, 'YES'),
    decline: (sessionId, why = INSUFFICIENT_FUNDS, card = {}) => world.submit(sessionId, card, why),
    payWithAuthentication: (sessionId, card = {}) => world.submit(sessionId, card, 'AUTHENTICATE'),
    payLater: (sessionId) => world.submit(sessionId, {}, 'LATER'),
    conclude: (ref, answer = 'YES') => world.conclude(ref, answer),
    expire(sessionId) {
      const session = world.sessions.get(sessionId);
      if (session) world.expire(session);
    },
    setTax(percent) {
      world.taxPercent = percent;
    },
    keepCard(card = {}) {
      const customer = idOf('cus');
      return `${customer}/${world.keep(methodOf(card, customer)).id}`;
    },
    setBankAnswer: (token, answer) => void world.bankAnswers.set(token.split('/')[1] ?? '', answer),
    refund: (ref, amount) => world.refund(ref, amount ?? null, {}).id,
    setRefundsEndAs(status) {
      world.refundsEndAs = status;
    },
    endRefund: (refundId, status) => world.endRefund(refundId, status),
    openDispute: (ref, { amount, reason = 'fraudulent', status = 'needs_response' } = {}) =>
      world.dispute(ref, amount ?? null, reason, status).id,
    closeDispute: (disputeId, status) => world.endDispute(disputeId, status),
    fail: (count, fault, request = /./) => http.fail(count, fault, request),
    forgetKeys: () => http.forget(),
    requests: http.requests,
    chargesOf: (paymentId) =>
      paid()
        .filter(({ metadata }) => metadata.paymentId === paymentId)
        .map(({ amount }) => amount),
    counts: () => ({
      sessions: world.sessions.size,
      charges: paid().length,
      refunds: world.refunds.size,
    }),
    events: world.events,
    lastEvent(type) {
      const event = world.events.findLast((each) => each.type === type);
      if (!event) throw new Error(`Nothing of the type ${type} has happened.`);
      return event;
    },
    webhook: (event, signed) => sign(JSON.stringify(event), signed),
    sign,
    close: () => http.close(),
  };
}
