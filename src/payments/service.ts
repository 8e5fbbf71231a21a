import type { Viewer } from '../access/viewer.ts';
import type { Catalog } from '../catalog/service.ts';
import { fromTypeId, type Id, newId, toTypeId } from '../kit/ids.ts';
import { applyChange } from './apply-change.ts';
import { createAskFor } from './ask-for.ts';
import {
  type CancelPaymentInput,
  type ConfirmPaymentInput,
  cancelPayment,
  confirmPayment,
} from './change-payment.ts';
import { type CreateTopUpInput, createTopUp } from './create-top-up.ts';
import type { PaymentsDeps, PaymentsRoom } from './deps.ts';
import { type DetachPaymentMethodInput, detachPaymentMethod } from './detach-method.ts';
import { createMethodExpiry } from './expiring-methods.ts';
import { handleEvent } from './handle-event.ts';
import { admitPayer } from './limits/admit-payer.ts';
import { forgetAttempts } from './limits/note-attempt.ts';
import { type CreatePaymentLinkInput, createPaymentLink } from './links/create-link.ts';
import { PAY_PATH } from './links/link.ts';
import { createLinkPages } from './links/link-pages.ts';
import { createLinkReads } from './links/link-store.ts';
import { addressOf } from './links/pay-at-link.ts';
import { type UpdatePaymentLinkInput, updatePaymentLink } from './links/update-link.ts';
import { createLooks } from './looks.ts';
import { createMakeOffer } from './make-offer.ts';
import { replayPaymentEvent, resolvePaymentMismatch } from './mend-books.ts';
import {
  type PayForSubscriptionInput,
  payForSubscription,
  type SubscriptionRoom,
} from './pay-for-subscription.ts';
import type { RawWebhook } from './provider.ts';
import type { BuiltInProvider } from './provider-module.ts';
import { createProviderReads } from './provider-store.ts';
import { createSandboxPages } from './providers/sandbox/pages.ts';
import { createProviders } from './providers.ts';
import { type HistoryPage, readHistory } from './read-history.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { chargePayment } from './recharge/charge-payment.ts';
import { type DeleteRechargeRuleInput, deleteRechargeRule } from './recharge/delete-rule.ts';
import type { SaveRechargeRuleInput } from './recharge/read-input.ts';
import { saveRechargeRule } from './recharge/save-rule.ts';
import { createRuleReads } from './recharge/store.ts';
import { createRecharges } from './recharge/timed.ts';
import { createReturnReads } from './refunds/reads.ts';
import { type RefundPaymentInput, refundPayment } from './refunds/refund-payment.ts';
import { type SavePaymentProviderInput, savePaymentProvider } from './save-provider.ts';
import {
  readSettings,
  type UpdatePaymentSettingsInput,
  updatePaymentSettings,
} from './settings.ts';
import { createPaymentReads } from './store.ts';
import { type CancelWithdrawalInput, cancelWithdrawal } from './withdrawals/cancel-withdrawal.ts';
import {
  type ConfirmWithdrawalInput,
  confirmWithdrawal,
} from './withdrawals/confirm-withdrawal.ts';
import type { RequestWithdrawalInput } from './withdrawals/read-request.ts';
import { requestWithdrawal } from './withdrawals/request-withdrawal.ts';
import { createWithdrawalReads } from './withdrawals/store.ts';
import { createWithdrawalWork } from './withdrawals/timed.ts';

export type Payments = ReturnType<typeof createPayments>;

/** Money comes in: who takes it, what becomes of it, and what it is credited as. */
export function createPayments(
  deps: PaymentsDeps & {
    readonly catalog: Pick<Catalog, 'packs' | 'exchange' | 'resolveAsset'>;
    readonly subscriptions: SubscriptionRoom['subscriptions'];
    /** Whether there is a server that takes mail. */
    readonly mails: boolean;
  },
) {
  const room: PaymentsRoom = { ...deps, providers: createProviders(deps) };
  const makeOffer = createMakeOffer(deps.catalog);
  const selling = { ...room, makeOffer };
  const { subscriptions } = deps;
  const subscribing = { ...room, subscriptions, askFor: createAskFor(deps.catalog, makeOffer) };
  return {
    ...createPaymentReads(deps.db),
    ...createProviderReads(deps.db),
    ...createLinkReads(deps.db),
    readHistory: (viewer: Viewer, customerId: string, page: HistoryPage) =>
      readHistory(deps.db, viewer, customerId, page),
    ...createReturnReads(deps.db),
    refundPayment: (viewer: Viewer, input: RefundPaymentInput) =>
      refundPayment(room, viewer, input),
    ...createWithdrawalReads(deps.db),
    requestWithdrawal: (viewer: Viewer, input: RequestWithdrawalInput) =>
      requestWithdrawal({ ...room, catalog: deps.catalog, mails: deps.mails }, viewer, input),
    confirmWithdrawal: (viewer: Viewer, input: ConfirmWithdrawalInput) =>
      confirmWithdrawal(room, viewer, input),
    cancelWithdrawal: (viewer: Viewer, input: CancelWithdrawalInput) =>
      cancelWithdrawal(room, viewer, input),
    /** What time brings to withdrawals. */
    withdrawals: createWithdrawalWork(room),
    readSettings: (viewer: Viewer) => readSettings(deps.db, viewer.organizationId),
    updatePaymentSettings: (viewer: Viewer, input: UpdatePaymentSettingsInput) =>
      updatePaymentSettings({ ...room, catalog: deps.catalog }, viewer, input),
    ...createRuleReads(deps.db),
    savePaymentProvider: (viewer: Viewer, input: SavePaymentProviderInput) =>
      savePaymentProvider(room, viewer, input),
    createTopUp: (viewer: Viewer, customerId: Id<'customer'>, input: CreateTopUpInput) =>
      createTopUp(selling, viewer, customerId, input),
    payForSubscription: (viewer: Viewer, input: PayForSubscriptionInput) =>
      payForSubscription(subscribing, viewer, input),
    /** The job of a payment that a change of a subscription waits for. */
    applyChange: (payment: { id: string; customerId: string }) => applyChange(subscribing, payment),
    createPaymentLink: (
      viewer: Viewer,
      customerId: Id<'customer'>,
      input: CreatePaymentLinkInput,
    ) => createPaymentLink(selling, viewer, customerId, input),
    updatePaymentLink: (viewer: Viewer, input: UpdatePaymentLinkInput) =>
      updatePaymentLink(room, viewer, input),
    /** The address of a link. */
    addressOfLink: (link: { readonly slug: string }) => addressOf(room, link),
    cancelPayment: (viewer: Viewer, input: CancelPaymentInput) =>
      cancelPayment(room, viewer, input),
    confirmPayment: (viewer: Viewer, input: ConfirmPaymentInput) =>
      confirmPayment(room, viewer, input),
    replayPaymentEvent: (viewer: Viewer, input: { event: string }) =>
      replayPaymentEvent(room, viewer, input),
    resolvePaymentMismatch: (viewer: Viewer, input: { mismatch: string; resolution: string }) =>
      resolvePaymentMismatch(room, viewer, input),
    saveRechargeRule: (viewer: Viewer, input: SaveRechargeRuleInput) =>
      saveRechargeRule({ ...room, catalog: deps.catalog }, viewer, input),
    deleteRechargeRule: (viewer: Viewer, input: DeleteRechargeRuleInput) =>
      deleteRechargeRule(room, viewer, input),
    /** What time brings to the rules of wallets. */
    recharges: createRecharges(deps),
    /** The job of a payment that a rule has started. */
    chargePayment: ({ paymentId: id, customerId }: { paymentId: string; customerId: string }) =>
      chargePayment(room, { id, customerId }),
    /** `to` is the id of a provider, or a kind in lower case. */
    receiveWebhook: (to: string, raw: RawWebhook) => receiveWebhook(room, to, raw),
    /** The job of an event that has come in. */
    handleEvent: (eventId: string) => handleEvent(room, eventId),
    /** The job of an event that a provider of the product has to tell. */
    async emitEvent(job: { providerId: string; type: string; ref: string }): Promise<void> {
      const opened = await room.providers.openById(job.providerId);
      if (!opened) return;
      const provider = opened.provider as BuiltInProvider;
      const id = toTypeId('paymentEvent', newId('paymentEvent'));
      const raw = provider.writeWebhook(id, job.type, job.ref, deps.clock.now());
      await receiveWebhook(room, toTypeId('paymentProvider', job.providerId), raw);
    },
    /** Where customers pay, by what their paths begin with. */
    pages: {
      [PAY_PATH]: createLinkPages(selling),
      '/sandbox/': createSandboxPages({
        async find(typeId) {
          const id = fromTypeId('paymentProvider', typeId);
          const opened = id && (await room.providers.openById(id));
          return opened ? opened.provider : null;
        },
        mayPay: (payer) => admitPayer(room, payer),
      }),
    },
    detachPaymentMethod: (viewer: Viewer, input: DetachPaymentMethodInput) =>
      detachPaymentMethod(room, viewer, input),
    /** Tells of cards that expire. */
    methodExpiry: createMethodExpiry(deps),
    /** Forgets attempts to pay that no limit looks back to. */
    forgetAttempts: () => forgetAttempts(deps.db, deps.clock),
    /** Compares payments with their providers. */
    look: createLooks(room),
  };
}
