import type { ApiKeyMade, ApiKeyRolled } from '../src/access/keys.ts';
import { inOrganization } from '../src/access/viewer.ts';
import type { Id } from '../src/kit/ids.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

const ApiKeyKind = builder.enumType('ApiKeyKind', {
  description: 'How far a key reaches.',
  values: {
    SECRET: { description: 'Begins with `sk_` and may do everything in its organization.' },
    RESTRICTED: { description: 'Begins with `rk_` and may do what its scopes say.' },
  },
});

export const ApiKey = builder.prismaObject('ApiKey', {
  description:
    'A credential of the organization, sent as `Authorization: Bearer sk_...`. The secret itself is shown once, when the key is made; only a hash of it is kept.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `key_01h455vb4pex5vsknk084sn02q`.',
      resolve: (key) => toTypeId('apiKey', key.id),
    }),
    name: t.exposeString('name', { description: 'What it is for: `Billing worker`.' }),
    kind: t.expose('kind', { type: ApiKeyKind, description: 'SECRET or RESTRICTED.' }),
    hint: t.exposeString('hint', {
      description: 'Its prefix and last four characters, to recognize it by: `sk_live_...9xQa`.',
    }),
    scopes: t.exposeStringList('scopes', {
      description:
        'What a RESTRICTED key may do, `noun:verb`: `["usage:write", "wallet:read"]`. Empty for a SECRET key, which has all of them.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stops working because it was rolled; null: it does not expire.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null while it is not.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last seen, to the minute; null: never.',
    }),
  }),
});

registerNode('apiKey', ApiKey, async (context, id) => {
  const viewer = viewerOf(context);
  return viewer.scopes.has('key:read') ? context.services.access.readApiKey(viewer, id) : null;
});

builder.queryField('apiKeys', (t) =>
  t.prismaConnection(
    {
      type: ApiKey,
      cursor: 'id',
      description: 'The keys of the organization, newest first; revoked and expired ones too.',
      authScopes: { can: 'key:read' },
      resolve: (query, _root, _args, context) =>
        context.services.access.listApiKeys(
          viewerOf(context),
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of keys.' },
    { description: 'A key and its place in the list.' },
  ),
);

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'A new key.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for, 1 to 100 characters.' }),
    scopes: t.stringList({
      description:
        'What the key may do, at least one: `["usage:write"]`. Left out, a SECRET key is made. A restricted key cannot give more than it has. docs/scopes.md lists what each one opens; one that does not exist is a ValidationError that lists them.',
    }),
    idempotencyKey: t.string({
      description: `${IDEMPOTENCY_KEY} The secret is not among it.`,
    }),
  }),
});

const SECRET_DESCRIPTION =
  'The key itself. Store it now: it is never shown again, and null when a repeat with the same idempotencyKey is answered.';

const CreateApiKeyPayload = builder.objectRef<ApiKeyMade>('CreateApiKeyPayload').implement({
  description: 'The new key.',
  fields: (t) => ({
    apiKey: t.prismaField({
      type: ApiKey,
      description: 'The new key.',
      resolve: async (query, { apiKeyId }, _args, context) =>
        found(await context.services.access.readApiKey(viewerOf(context), apiKeyId, query)),
    }),
    secret: t.exposeString('secret', { nullable: true, description: SECRET_DESCRIPTION }),
  }),
});

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: resultOf('CreateApiKeyResult', CreateApiKeyPayload, ['Invalid', 'IdempotencyMismatch']),
    description: 'Makes a key: SECRET, or RESTRICTED when `scopes` are given.',
    authScopes: { can: 'key:write' },
    args: {
      input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.access.createApiKey(viewerOf(context), input),
  }),
);

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'Which key to revoke.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the key: `key_...`.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const RevokeApiKeyPayload = builder
  .objectRef<{ readonly apiKeyId: Id<'apiKey'> }>('RevokeApiKeyPayload')
  .implement({
    description: 'The key that no longer works.',
    fields: (t) => ({
      apiKey: t.prismaField({
        type: ApiKey,
        description: 'The revoked key.',
        resolve: async (query, { apiKeyId }, _args, context) =>
          found(await context.services.access.readApiKey(viewerOf(context), apiKeyId, query)),
      }),
    }),
  });

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    type: resultOf('RevokeApiKeyResult', RevokeApiKeyPayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description:
      'Stops a key for ever: at once in the process that answers, within a second in all others. Revoking twice is revoking once. A key may revoke itself; a restricted key only keys that may do no more than it may. Customer tokens that were made with the key work on until they expire, for a day at most, or until `revokeCustomerTokens`.',
    authScopes: { can: 'key:write' },
    args: {
      input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'Which key.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.access.revokeApiKey(viewerOf(context), input),
  }),
);

const RollApiKeyInput = builder.inputType('RollApiKeyInput', {
  description: 'Which key to replace.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the key: `key_...`.' }),
    overlapSeconds: t.int({
      description:
        'For how many seconds the old key keeps working, 0 to 604800 (7 days); 86400 (a day) when left out.',
    }),
    idempotencyKey: t.string({
      description: `${IDEMPOTENCY_KEY} The secret is not among it.`,
    }),
  }),
});

const RollApiKeyPayload = builder.objectRef<ApiKeyRolled>('RollApiKeyPayload').implement({
  description: 'The key that replaces the old one.',
  fields: (t) => ({
    apiKey: t.prismaField({
      type: ApiKey,
      description: 'The new key, of the same name, kind and scopes.',
      resolve: async (query, { apiKeyId }, _args, context) =>
        found(await context.services.access.readApiKey(viewerOf(context), apiKeyId, query)),
    }),
    secret: t.exposeString('secret', { nullable: true, description: SECRET_DESCRIPTION }),
    previous: t.prismaField({
      type: ApiKey,
      description: 'The old key, which works until its `expiresAt`.',
      resolve: async (query, { previousId }, _args, context) =>
        found(await context.services.access.readApiKey(viewerOf(context), previousId, query)),
    }),
  }),
});

builder.mutationField('rollApiKey', (t) =>
  t.field({
    type: resultOf('RollApiKeyResult', RollApiKeyPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Replaces a key by a new one, while both work for a time. Conflict: the key is revoked or was rolled before. A restricted key may roll only keys that may do no more than it may.',
    authScopes: { can: 'key:write' },
    args: {
      input: t.arg({ type: RollApiKeyInput, required: true, description: 'Which key.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.access.rollApiKey(viewerOf(context), input),
  }),
);
