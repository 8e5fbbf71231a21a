import { builder } from './builder.ts';
import { PaymentLimitError } from './errors.ts';

export const PaymentLimitKind = builder.enumType('PaymentLimitKind', {
  description: 'What there is too much of.',
  values: {
    CUSTOMER_ATTEMPTS: { description: 'The customer was asked for money too often in an hour.' },
    CUSTOMER_FAILURES: { description: 'Too many payments of the customer failed in an hour.' },
    IP_ATTEMPTS: { description: 'Somebody at the address was asked for money too often.' },
    IP_FAILURES: { description: 'Too many payments from the address failed in an hour.' },
    CARD_ATTEMPTS: { description: 'The card was tried too often in an hour, whoever by.' },
    CARD_FAILURES: { description: 'The card failed too often in an hour, whoever tried it.' },
    DAILY_AMOUNT: { description: 'It is more than the customer may pay in 24 hours.' },
    FIRST_TOP_UP: {
      description: 'It is more than a customer may pay of whom no payment has settled yet.',
    },
  },
});

builder.objectFields(PaymentLimitError, (t) => ({
  limit: t.expose('limit', { type: PaymentLimitKind, description: 'Which limit.' }),
  retryAt: t.expose('retryAt', {
    type: 'DateTime',
    nullable: true,
    description: 'From when on the same may be asked again; null where waiting does not help.',
  }),
  retryAfterSeconds: t.exposeInt('retryAfterSeconds', {
    nullable: true,
    description: 'The same in whole seconds from now.',
  }),
}));
