import { inOrganization } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import type { EventReplayed, MismatchResolved } from '../src/payments/mend-books.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { Node, registerNode } from './node.ts';
import { Payment } from './payment.ts';
import { PaymentProvider } from './payment-provider.ts';
import { viewerOf } from './scopes.ts';

const PaymentEventOutcome = builder.enumType('PaymentEventOutcome', {
  description: 'What came of an event of a payment provider.',
  values: {
    APPLIED: { description: 'The payment is another since.' },
    NOTHING_NEW: { description: 'All that it tells was known.' },
    UNKNOWN_PAYMENT: { description: 'It is about nothing that was asked for here.' },
    IGNORED: { description: 'It is about no payment.' },
  },
});

const PaymentEvent = builder.prismaObject('PaymentEvent', {
  description:
    'An event of a payment provider, as its webhook brought it. It is a hint: what counts is what the provider answers when it is asked.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `payevent_01h455vb4pex5vsknk084sn02q`.',
      resolve: (event) => toTypeId('paymentEvent', event.id),
    }),
    provider: t.relation('provider', { type: PaymentProvider, description: 'Who sent it.' }),
    eventId: t.exposeString('eventId', {
      description: "The provider's id of it: one that comes again is nothing new, for ever.",
    }),
    type: t.exposeString('type', { description: "In the provider's words." }),
    ref: t.exposeString('ref', {
      nullable: true,
      description: "The provider's id of the object that it is about; null for none.",
    }),
    body: t.exposeString('body', {
      description: 'As it came, without what may be numbers of cards.',
    }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When it came first.' }),
    outcome: t.expose('outcome', {
      type: PaymentEventOutcome,
      nullable: true,
      description: 'What came of it; null until it was handled.',
    }),
    handledAt: t.expose('handledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was handled; null until then.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it could not be handled the last time; it is tried again.',
    }),
  }),
});

const PaymentMismatchKind = builder.enumType('PaymentMismatchKind', {
  description: 'How the books of a provider and those here differ.',
  values: {
    AMOUNT: {
      description: 'Another amount was paid than was asked for; it was credited in proportion.',
    },
    CURRENCY: { description: 'It was paid in something else; nothing was credited.' },
    UNKNOWN_PAYMENT: { description: 'Money came for something that nobody asked for here.' },
    NOT_PAID: { description: 'It was credited, and the provider says that it was not paid.' },
    REFUNDS: {
      description: 'More goes back of it, by refunds and disputes that were lost, than was paid.',
    },
    CHARGE_UNKNOWN: {
      description:
        'A recharge was given up, and its provider has never said whether the card was charged.',
    },
  },
});

const PaymentMismatch = builder.prismaObject('PaymentMismatch', {
  description:
    'Where what a provider says and what is booked here are not the same, for an operator to look at. What is paid and not credited is credited by itself.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `paymismatch_01h455vb4pex5vsknk084sn02q`.',
      resolve: (mismatch) => toTypeId('paymentMismatch', mismatch.id),
    }),
    kind: t.expose('kind', { type: PaymentMismatchKind, description: 'How they differ.' }),
    provider: t.relation('provider', { type: PaymentProvider, description: 'Whose books.' }),
    ref: t.exposeString('ref', { description: "The provider's id of its object." }),
    payment: t.prismaField({
      type: Payment,
      nullable: true,
      description: 'Which payment; null where there is none.',
      resolve: (query, { paymentId }, _args, context) =>
        paymentId === null
          ? null
          : context.services.payments.findPayment(viewerOf(context), paymentId, query),
    }),
    expected: t.exposeString('expected', {
      nullable: true,
      description: 'What is booked here: `10 USD`.',
    }),
    found: t.exposeString('found', {
      nullable: true,
      description: 'What the provider says: `9 USD`.',
    }),
    foundAt: t.expose('foundAt', { type: 'DateTime', description: 'When it was seen first.' }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody has seen to it; null until then.',
    }),
    resolution: t.exposeString('resolution', {
      nullable: true,
      description: 'What was done about it.',
    }),
  }),
});

registerNode('paymentEvent', PaymentEvent, (context, id) =>
  context.services.payments.findEvent(viewerOf(context), id),
);
registerNode('paymentMismatch', PaymentMismatch, (context, id) =>
  context.services.payments.findMismatch(viewerOf(context), id),
);

builder.queryFields((t) => ({
  paymentEvents: t.prismaConnection(
    {
      type: PaymentEvent,
      cursor: 'id',
      description: 'The events that payment providers have sent, newest first; kept for ever.',
      authScopes: { can: 'provider:read' },
      resolve: (query, _root, _args, context) =>
        context.services.payments.listEvents(
          viewerOf(context),
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of events of payment providers.' },
    { description: 'An event of a payment provider and its place in the list.' },
  ),
  paymentMismatches: t.prismaConnection(
    {
      type: PaymentMismatch,
      cursor: 'id',
      description: 'Where books differ, newest first.',
      authScopes: { can: 'provider:read' },
      args: {
        openOnly: t.arg.boolean({
          defaultValue: true,
          description: 'Only those that nobody has seen to.',
        }),
      },
      resolve: (query, _root, { openOnly }, context) =>
        context.services.payments.listMismatches(
          viewerOf(context),
          openOnly ?? true,
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of mismatches.' },
    { description: 'A mismatch and its place in the list.' },
  ),
}));

const ReplayPaymentEventInput = builder.inputType('ReplayPaymentEventInput', {
  description: 'Which event is looked at again.',
  fields: (t) => ({ event: t.id({ required: true, description: 'Its TypeID.' }) }),
});

const ReplayPaymentEventPayload = builder
  .objectRef<EventReplayed>('ReplayPaymentEventPayload')
  .implement({
    description: 'The event waits to be handled again.',
    fields: (t) => ({
      event: t.prismaField({
        type: PaymentEvent,
        description: 'The event.',
        resolve: async (query, { eventId }, _args, context) =>
          found(await context.services.payments.findEvent(viewerOf(context), eventId, query)),
      }),
    }),
  });

const ResolvePaymentMismatchInput = builder.inputType('ResolvePaymentMismatchInput', {
  description: 'Which mismatch was seen to, and how.',
  fields: (t) => ({
    mismatch: t.id({ required: true, description: 'Its TypeID.' }),
    resolution: t.string({
      required: true,
      description: 'What was done about it, 1 to 500 characters.',
    }),
  }),
});

const ResolvePaymentMismatchPayload = builder
  .objectRef<MismatchResolved>('ResolvePaymentMismatchPayload')
  .implement({
    description: 'Somebody has seen to it.',
    fields: (t) => ({
      mismatch: t.prismaField({
        type: PaymentMismatch,
        description: 'The mismatch.',
        resolve: async (query, { mismatchId }, _args, context) =>
          found(await context.services.payments.findMismatch(viewerOf(context), mismatchId, query)),
      }),
    }),
  });

builder.mutationFields((t) => ({
  replayPaymentEvent: t.field({
    type: resultOf('ReplayPaymentEventResult', ReplayPaymentEventPayload, ['NotFound']),
    description:
      'Has an event of a payment provider handled again: the provider is asked what its object says now. Nothing is booked a second time.',
    authScopes: { can: 'provider:write' },
    args: {
      input: t.arg({ type: ReplayPaymentEventInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.replayPaymentEvent(viewerOf(context), input),
  }),
  resolvePaymentMismatch: t.field({
    type: resultOf('ResolvePaymentMismatchResult', ResolvePaymentMismatchPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description: 'Notes what was done about a mismatch. The first note stays.',
    authScopes: { can: 'provider:write' },
    args: {
      input: t.arg({ type: ResolvePaymentMismatchInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.resolvePaymentMismatch(viewerOf(context), input),
  }),
}));
