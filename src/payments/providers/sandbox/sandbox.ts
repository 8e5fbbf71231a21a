import type { Provider, ProviderDispute, ProviderPayment, ProviderRefund } from '../../provider.ts';
import type { BuiltInProvider, ProviderDeps } from '../../provider-module.ts';
import { answer, payOnPage, type Timing } from './attempt.ts';
import { announce } from './change.ts';
import { type CheckoutView, viewAt } from './checkout-view.ts';
import { decideDispute, openDispute } from './disputes.ts';
import { draftCharge, draftCheckout } from './draft.ts';
import { createFaults, type NextFault } from './faults.ts';
import { type MethodName, methodNamed } from './methods.ts';
import { createPayments } from './payments.ts';
import { disputesAt, paymentAt, type SandboxPayment, statusAt } from './record.ts';
import { refund, refundOf } from './refunds.ts';
import { readSandboxWebhook, writeSandboxWebhook } from './webhook.ts';

/** The sandbox, and what a customer, his bank and a bad connection do to it. */
export interface SandboxProvider extends BuiltInProvider {
  /** What the hosted page shows; null when there is no such payment. */
  readPage(ref: string): Promise<CheckoutView | null>;
  /** Pays on the page. Changes nothing when there is nothing to pay any more. */
  pay(ref: string, method: MethodName, isSaved?: boolean): Promise<ProviderPayment>;
  /** Answers the bank that asks whether it is him. Changes nothing when none does. */
  confirm(ref: string, isHim: boolean): Promise<ProviderPayment>;
  /** Opens a dispute about all that is left of a payment. */
  dispute(ref: string, reason?: string): Promise<ProviderDispute>;
  /** Decides the disputes that are open. */
  closeDispute(ref: string, outcome: 'WON' | 'LOST'): Promise<ProviderPayment>;
  /** Has the next call of the port fail, of those that others would go over a network for. */
  failNext(fault?: NextFault): void;
}

export function isSandbox(provider: Provider): provider is SandboxProvider {
  return 'readPage' in provider;
}

export interface SandboxOptions {
  readonly webhookSecret: string;
  /** How long a payment takes to settle. */
  readonly delayMs: number;
}

/** Where the hosted pages are: `/sandbox/checkout/<provider>/<ref>`. */
export const CHECKOUT_PATH = '/sandbox/checkout/';

export function createSandbox(options: SandboxOptions, deps: ProviderDeps): SandboxProvider {
  const { clock, publicUrl, providerId } = deps;
  const { webhookSecret, delayMs } = options;
  const payments = createPayments(deps);
  const { failNext, exposed } = createFaults();

  const urlOf = (ref: string) => `${publicUrl}${CHECKOUT_PATH}${providerId}/${ref}`;
  const timingAt = (now: Date): Timing => ({ now, delayMs });
  const shown = (payment: SandboxPayment) => paymentAt(payment, clock.now(), urlOf);

  return {
    createCheckout: exposed(async (request) => {
      const { ref } = await payments.open(request.paymentId, draftCheckout(request, clock.now()));
      return { ref, url: urlOf(ref), instructions: null };
    }),
    chargeMethod: exposed(async (request) => {
      const draft = draftCharge(request, timingAt(clock.now()));
      return shown(await payments.open(request.paymentId, draft));
    }),
    refund: exposed(async (request) => {
      const refunded = await payments.change(request.ref, (payment, now) =>
        refund(payment, request, now),
      );
      return refundOf(refunded, request.refundId) as ProviderRefund;
    }),
    fetchPayment: exposed(async (ref) => {
      const payment = await payments.find(ref);
      return payment && shown(payment);
    }),
    cancelPayment: exposed(async (ref) => {
      await payments.change(ref, (payment, now) =>
        statusAt(payment, now) === 'PENDING'
          ? {
              payment: { ...payment, isCanceled: true },
              events: [announce('payment.canceled')],
            }
          : null,
      );
    }),
    readWebhook: (raw) => readSandboxWebhook(webhookSecret, raw),
    writeWebhook: (id, type, ref, at) => writeSandboxWebhook(webhookSecret, { id, type, ref, at }),

    async readPage(ref) {
      const payment = await payments.find(ref);
      return payment && viewAt(payment, clock.now());
    },
    async pay(ref, method, isSaved) {
      const paid = await payments.change(ref, (payment, now) =>
        payOnPage(payment, methodNamed(method), isSaved ?? payment.saveMethod, timingAt(now)),
      );
      return shown(paid);
    },
    async confirm(ref, isHim) {
      const answered = await payments.change(ref, (payment, now) =>
        answer(payment, isHim, timingAt(now)),
      );
      return shown(answered);
    },
    async dispute(ref, reason = 'fraudulent') {
      const disputed = await payments.change(ref, (payment, now) =>
        openDispute(payment, reason, now),
      );
      return disputesAt(disputed, clock.now()).at(-1) as ProviderDispute;
    },
    async closeDispute(ref, outcome) {
      return shown(
        await payments.change(ref, (payment, now) => decideDispute(payment, outcome, now)),
      );
    },
    failNext,
  };
}
