import { readLimits } from '../src/payments/limits/limits.ts';
import type { OrganizationSettings, PaymentSettingsUpdated } from '../src/payments/settings.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Organization } from './organization.ts';
import { PaymentLimits, PaymentLimitsInput } from './payment-limits.ts';
import { viewerOf } from './scopes.ts';

export const SpentCreditPolicy = builder.enumType('SpentCreditPolicy', {
  description:
    'What becomes of credit that was spent already when what was paid for it is given back, by a refund or a lost dispute.',
  values: {
    NEGATIVE_BALANCE: {
      description:
        'The wallet owes it, whatever its `onEmpty` allows: the next credit pays it first.',
    },
    WRITE_OFF: { description: 'It is noted as lost; the wallet owes nothing.' },
  },
});

export const PaymentSettings = builder
  .objectRef<OrganizationSettings>('PaymentSettings')
  .implement({
    description: 'How payments of the organization behave, as far as it may choose.',
    fields: (t) => ({
      refundPolicy: t.exposeString('refundPolicy', {
        nullable: true,
        description: 'What checkouts say about refunds; null says nothing.',
      }),
      spentCreditPolicy: t.expose('spentCreditPolicy', {
        type: SpentCreditPolicy,
        description: 'What becomes of credit that is spent when its payment is given back.',
      }),
      withdrawalHoldSeconds: t.exposeInt('withdrawalHoldSeconds', {
        description:
          'How long a confirmed withdrawal waits before it is paid out. 86400 (a day) unless changed.',
      }),
      limits: t.field({
        type: PaymentLimits,
        description: 'What customers may try, against fraud.',
        resolve: ({ limits }) => readLimits(limits),
      }),
    }),
  });

builder.prismaObjectField(Organization, 'paymentSettings', (t) =>
  t.field({
    type: PaymentSettings,
    description: 'How its payments behave.',
    resolve: (_organization, _args, context) =>
      context.services.payments.readSettings(viewerOf(context)),
  }),
);

const UpdatePaymentSettingsInput = builder.inputType('UpdatePaymentSettingsInput', {
  description: 'What to change. A field that is absent stays as it is.',
  fields: (t) => ({
    refundPolicy: t.string({ description: '1 to 2000 characters; null takes it away.' }),
    spentCreditPolicy: t.field({
      type: SpentCreditPolicy,
      description: 'Counts for refunds and disputes that are booked from now on.',
    }),
    withdrawalHoldSeconds: t.int({
      description: '0 to 2592000 (30 days). Counts for withdrawals that are confirmed from now on.',
    }),
    limits: t.field({
      type: PaymentLimitsInput,
      description:
        'What customers may try, against fraud. Counts from now on, also what was tried before.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdatePaymentSettingsPayload = builder
  .objectRef<PaymentSettingsUpdated>('UpdatePaymentSettingsPayload')
  .implement({
    description: 'The settings as they are now.',
    fields: (t) => ({
      organization: t.prismaField({
        type: Organization,
        description: 'The organization; its `paymentSettings` are the others now.',
        resolve: async (query, _payload, _args, context) =>
          found(await context.services.access.readOrganization(viewerOf(context), query)),
      }),
    }),
  });

builder.mutationField('updatePaymentSettings', (t) =>
  t.field({
    type: resultOf('UpdatePaymentSettingsResult', UpdatePaymentSettingsPayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description: "Changes how payments of the credential's organization behave.",
    authScopes: { can: 'provider:write' },
    args: {
      input: t.arg({ type: UpdatePaymentSettingsInput, required: true, description: 'What.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.updatePaymentSettings(viewerOf(context), input),
  }),
);
