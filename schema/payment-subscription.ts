import type { PaidChange } from '../src/subscriptions/read-missing.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Payment } from './payment.ts';
import { paymentPayload } from './payment-mutations.ts';
import { unauthorized, viewerOf } from './scopes.ts';
import { CreditsOnChange } from './subscription-changes.ts';

const PaymentChangeStatus = builder.enumType('PaymentChangeStatus', {
  description: 'What has become of the change of a subscription that a payment was made for.',
  values: {
    WAITING: { description: 'It waits for the money.' },
    APPLIED: { description: 'It was made.' },
    FAILED: { description: 'It could not be made any more; the money is credit.' },
  },
});

const PaymentChange = builder
  .objectRef<{
    readonly change: PaidChange;
    readonly status: 'WAITING' | 'APPLIED' | 'FAILED';
    readonly failure: string | null;
  }>('PaymentChange')
  .implement({
    description: 'A change of a subscription that is made once all of a payment is there.',
    fields: (t) => ({
      plan: t.id({
        nullable: true,
        description: 'The TypeID of the version of a plan; null: it stays.',
        resolve: ({ change }) => change.plan ?? null,
      }),
      seats: t.int({
        nullable: true,
        description: 'How many; null: as many as there are.',
        resolve: ({ change }) => change.seats ?? null,
      }),
      addOns: t.stringList({
        nullable: true,
        description: 'Codes of all that it shall have; null: those of now that the plan has.',
        resolve: ({ change }) => (change.addOns ? [...change.addOns] : null),
      }),
      status: t.expose('status', {
        type: PaymentChangeStatus,
        description: 'What has become of it.',
      }),
      failure: t.exposeString('failure', {
        nullable: true,
        description: 'Why it could not be made; null while nothing is wrong.',
      }),
    }),
  });

builder.prismaObjectFields(Payment, (t) => ({
  subscription: t.relation('subscription', {
    nullable: true,
    authScopes: { can: 'subscription:read' },
    description: 'The subscription that it was made for; null for none.',
  }),
  change: t.field({
    type: PaymentChange,
    nullable: true,
    authScopes: { can: 'subscription:read' },
    description: 'What becomes of the subscription once it is paid; null: what it does by itself.',
    resolve: ({ change, changeStatus: status, changeFailure: failure }) =>
      status === null ? null : { change: change as PaidChange, status, failure },
  }),
}));

const PaidChangeInput = builder.inputType('PaidChangeInput', {
  description: 'A change of a subscription that is made at once when it is paid.',
  fields: (t) => ({
    plan: t.string({
      description:
        'The code or TypeID of a plan, which stands for its version published last, or the TypeID of a version. Left out: it stays.',
    }),
    seats: t.int({ description: 'Left out: as many as now.' }),
    addOns: t.stringList({ description: 'Left out: those of now that the plan has, too.' }),
    credits: t.field({ type: CreditsOnChange, description: 'PRORATE when left out.' }),
  }),
});

const PayForSubscriptionInput = builder.inputType('PayForSubscriptionInput', {
  description: 'What is to be paid for a subscription: what it waits for, or a change of it.',
  fields: (t) => ({
    subscription: t.id({ required: true, description: 'Its TypeID.' }),
    change: t.field({
      type: PaidChangeInput,
      description:
        'What becomes of it once all is paid. Left out: what is missing to begin it, or for the period that it could not pay. It takes `subscription:write`, too.',
    }),
    currency: t.string({
      description:
        "What it is paid in: the code of an asset, by the exchange rate for top-ups of now; the plan's own asset when left out.",
    }),
    provider: t.string({
      description: 'The code or TypeID of a payment provider; the default one when left out.',
    }),
    description: t.string({
      description: 'What the customer reads, at most 255 characters; the plan when left out.',
    }),
    saveMethod: t.boolean({
      description: 'Whether the provider keeps how it was paid, for charges without the customer.',
    }),
    returnUrl: t.string({ description: 'Where the page of the provider leads back to.' }),
    expiresInSeconds: t.int({
      description: 'For how long it can be paid, 1800 to 86400; a day when left out.',
    }),
    metadata: t.field({ type: 'JSON', description: 'Your own data, which the grant gets too.' }),
    ipAddress: t.string({
      description:
        'From where the customer pays: counted by, and kept only as a hash. Not a part of what the idempotency key stands for.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('payForSubscription', (t) =>
  t.field({
    type: resultOf(
      'PayForSubscriptionResult',
      paymentPayload('PayForSubscriptionPayload', 'A payment that a subscription waits for.'),
      [
        'Invalid',
        'NotFound',
        'Conflict',
        'IdempotencyMismatch',
        'ExchangeRateNotFound',
        'ProviderUnavailable',
        'ProviderRefused',
        'VelocityLimit',
      ],
    ),
    description:
      'Asks a customer for exactly what a subscription lacks beyond the balance. What waits begins, or renews, by itself once it is there; a change is made then. Conflict: nothing is missing, or it cannot be changed as it stands.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: PayForSubscriptionInput, required: true, description: 'For what.' }),
    },
    resolve: (_root, { input }, context) => {
      const viewer = viewerOf(context);
      const scopes = { can: 'subscription:write' } as const;
      if (input.change && !viewer.scopes.has(scopes.can)) {
        throw unauthorized(context, 'payForSubscription with a change', scopes);
      }
      return context.services.payments.payForSubscription(viewer, input);
    },
  }),
);
