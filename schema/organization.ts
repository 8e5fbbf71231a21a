import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

const Mode = builder.enumType('Mode', {
  description: 'What kind of world an organization is.',
  values: {
    LIVE: { description: 'Real customers and real money.' },
    TEST: {
      description:
        'For trying out. It works like LIVE; its keys begin with `sk_test_` or `rk_test_`, and its mails are marked.',
    },
  },
});

export const Organization = builder.prismaObject('Organization', {
  description: 'A tenant: one merchant that sells. Every other object belongs to exactly one.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `org_01h455vb4pex5vsknk084sn02q`.',
      resolve: (organization) => toTypeId('organization', organization.id),
    }),
    name: t.exposeString('name', { description: 'Unique on this server: `Acme`.' }),
    mode: t.expose('mode', { type: Mode, description: 'LIVE or TEST; it never changes.' }),
    settlementWindowSeconds: t.exposeInt('settlementWindowSeconds', {
      description:
        'For how many seconds an expired grant may still pay for usage that occurred while it was effective; after that its remainder is booked to breakage. 21600 (6 hours) unless changed.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('organization', Organization, async (context, id) => {
  const viewer = viewerOf(context);
  const isOwn = id === viewer.organizationId && viewer.scopes.has('organization:read');
  return isOwn ? context.services.access.readOrganization(viewer) : null;
});

const UpdateOrganizationInput = builder.inputType('UpdateOrganizationInput', {
  description: 'What to change. A field that is absent or null stays as it is.',
  fields: (t) => ({
    name: t.string({ description: '1 to 100 characters, unique on this server.' }),
    settlementWindowSeconds: t.int({
      description:
        '0 to 2592000 (30 days). Applies at once, also to grants that have expired and are not booked yet.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateOrganizationPayload = builder.objectRef<object>('UpdateOrganizationPayload').implement({
  description: 'The organization as it is now.',
  fields: (t) => ({
    organization: t.prismaField({
      type: Organization,
      description: 'The organization.',
      resolve: async (query, _payload, _args, context) =>
        found(await context.services.access.readOrganization(viewerOf(context), query)),
    }),
  }),
});

builder.mutationField('updateOrganization', (t) =>
  t.field({
    type: resultOf('UpdateOrganizationResult', UpdateOrganizationPayload, [
      'Invalid',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description: "Changes the credential's organization. Conflict: the name is taken.",
    authScopes: { can: 'organization:write' },
    args: {
      input: t.arg({
        type: UpdateOrganizationInput,
        required: true,
        description: 'What to change.',
      }),
    },
    resolve: (_root, { input }, context) =>
      context.services.access.updateOrganization(viewerOf(context), input),
  }),
);

builder.queryField('organization', (t) =>
  t.prismaField({
    type: Organization,
    description: 'The organization that the credential belongs to; no other can be read.',
    authScopes: { can: 'organization:read' },
    resolve: async (query, _root, _args, context) =>
      found(await context.services.access.readOrganization(viewerOf(context), query)),
  }),
);
