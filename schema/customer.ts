import { visibleCustomers } from '../src/access/viewer.ts';
import type { CustomerRef as CustomerRefShape } from '../src/customers/customer-ref.ts';
import type { CustomerMade } from '../src/customers/write.ts';
import type { Id } from '../src/kit/ids.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { isRefusal } from '../src/kit/refusal.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { nothingThere } from './faults.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const Customer = builder.prismaObject('Customer', {
  description: 'Who buys. What they hold is in their wallets.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `customer_01h455vb4pex5vsknk084sn02q`.',
      resolve: (customer) => toTypeId('customer', customer.id),
    }),
    externalId: t.exposeString('externalId', {
      description: 'Your own id for the customer, unique in the organization: `user_42`.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'What people call them: `Ada`.' }),
    email: t.exposeString('email', { nullable: true, description: '`ada@example.com`.' }),
    metadata: t.field({
      type: 'JSON',
      description: 'What you keep about the customer, shown to keys only, never to their token.',
      authScopes: { merchant: true },
      resolve: (customer) => customer.metadata,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

registerNode('customer', Customer, async (context, id) => {
  const viewer = viewerOf(context);
  const mayRead = viewer.scopes.has('customer:read');
  return mayRead ? context.services.customers.readCustomer(viewer, id) : null;
});

export const CustomerRef = builder.inputType('CustomerRef', {
  description: 'Names a customer, one way or the other: `{ externalId: "user_42" }`.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: 'By TypeID: `customer_01h455vb4pex5vsknk084sn02q`.' }),
    externalId: t.string({ description: 'By your own id: `user_42`.' }),
  }),
});

/** The stored id of a customer that a subscription names; one that is not visible is NOT_FOUND. */
export async function customerIdOf(context: Context, ref: CustomerRefShape) {
  const customerId = await context.services.customers.resolveCustomer(viewerOf(context), ref);
  if (isRefusal(customerId)) throw nothingThere('Customer', customerId.given);
  return customerId;
}

builder.queryField('customer', (t) =>
  t.prismaField({
    type: Customer,
    nullable: true,
    description: 'One customer; null when none of that name is visible to the credential.',
    authScopes: { can: 'customer:read' },
    args: { ref: t.arg({ type: CustomerRef, required: true, description: 'Which customer.' }) },
    resolve: async (query, _root, { ref }, context) => {
      const { customers } = context.services;
      const viewer = viewerOf(context);
      const customerId = await customers.resolveCustomer(viewer, ref);
      return isRefusal(customerId) ? null : customers.readCustomer(viewer, customerId, query);
    },
  }),
);

builder.queryField('customers', (t) =>
  t.prismaConnection(
    {
      type: Customer,
      cursor: 'id',
      description: 'The customers that the credential may see, newest first.',
      authScopes: { can: 'customer:read' },
      args: {
        search: t.arg.string({
          description:
            'Only those whose external id (as written), name or e-mail address (in any case) begins with this.',
        }),
      },
      resolve: (query, _root, { search }, context) =>
        context.services.customers.listCustomers(
          viewerOf(context),
          search ?? null,
          withinReach(query, visibleCustomers(viewerOf(context))),
        ),
    },
    { description: 'A page of customers.' },
    { description: 'A customer and its place in the list.' },
  ),
);

const METADATA = 'A JSON object of at most 50 keys and 16 KiB: `{"plan": "pro"}`.';

const CreateCustomerInput = builder.inputType('CreateCustomerInput', {
  description: 'A new customer.',
  fields: (t) => ({
    externalId: t.string({
      required: true,
      description: 'Your own id for the customer, 1 to 255 characters; it never changes.',
    }),
    name: t.string({ description: 'At most 255 characters.' }),
    email: t.string({ description: 'An e-mail address of at most 254 characters.' }),
    metadata: t.field({ type: 'JSON', description: METADATA }),
    testClock: t.id({
      description:
        "The TypeID of the test clock whose time the customer goes by, for ever; in TEST organizations only. The server's time when left out.",
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const CreateCustomerPayload = builder.objectRef<CustomerMade>('CreateCustomerPayload').implement({
  description: 'The customer.',
  fields: (t) => ({
    customer: t.prismaField({
      type: Customer,
      description: 'The new customer, or the one that was there, unchanged.',
      resolve: async (query, { customerId }, _args, context) =>
        found(await context.services.customers.readCustomer(viewerOf(context), customerId, query)),
    }),
    created: t.exposeBoolean('created', {
      description: 'False when the organization had a customer of that external id already.',
    }),
  }),
});

builder.mutationField('createCustomer', (t) =>
  t.field({
    type: resultOf('CreateCustomerResult', CreateCustomerPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Creates a customer. A second call with the same external id answers the first customer and changes nothing, also when name, email or metadata differ: use updateCustomer for that. Conflict: a test clock in a LIVE organization.',
    authScopes: { can: 'customer:write' },
    args: {
      input: t.arg({ type: CreateCustomerInput, required: true, description: 'The customer.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.customers.createCustomer(viewerOf(context), input),
  }),
);

const UpdateCustomerInput = builder.inputType('UpdateCustomerInput', {
  description: 'What to change. A field that is absent stays as it is; null clears it.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Which customer.' }),
    name: t.string({ description: 'At most 255 characters.' }),
    email: t.string({ description: 'An e-mail address of at most 254 characters.' }),
    metadata: t.field({ type: 'JSON', description: `${METADATA} Replaces what was there.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateCustomerPayload = builder
  .objectRef<{ readonly customerId: Id<'customer'> }>('UpdateCustomerPayload')
  .implement({
    description: 'The customer as it is now.',
    fields: (t) => ({
      customer: t.prismaField({
        type: Customer,
        description: 'The customer.',
        resolve: async (query, { customerId }, _args, context) =>
          found(
            await context.services.customers.readCustomer(viewerOf(context), customerId, query),
          ),
      }),
    }),
  });

builder.mutationField('updateCustomer', (t) =>
  t.field({
    type: resultOf('UpdateCustomerResult', UpdateCustomerPayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description: 'Changes what is known about a customer. Their external id never changes.',
    authScopes: { can: 'customer:write' },
    args: {
      input: t.arg({ type: UpdateCustomerInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.customers.updateCustomer(viewerOf(context), input),
  }),
);
