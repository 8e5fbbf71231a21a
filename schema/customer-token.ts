import type { CustomerTokenMade } from '../src/access/customer-tokens.ts';
import type { CustomerTokensRevoked } from '../src/access/revoke-tokens.ts';
import { builder } from './builder.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';

const CreateCustomerTokenInput = builder.inputType('CreateCustomerTokenInput', {
  description: 'For whom, for what and for how long.',
  fields: (t) => ({
    customer: t.field({
      type: CustomerRef,
      required: true,
      description: 'The one customer that the token can see.',
    }),
    scopes: t.stringList({
      description:
        'What the token may do, some of `customer:read`, `wallet:read`, `usage:read`, `event:read`, `alert:read`; all of those that the key has when left out. A key cannot give what it lacks.',
    }),
    expiresInSeconds: t.int({
      description: 'For how long it works, 1 to 86400 (a day); 900 (15 minutes) when left out.',
    }),
  }),
});

const CreateCustomerTokenPayload = builder
  .objectRef<CustomerTokenMade>('CreateCustomerTokenPayload')
  .implement({
    description:
      'The token. It is signed, not stored: it cannot be read again, nor revoked without the others.',
    fields: (t) => ({
      token: t.exposeString('token', {
        description: 'What the frontend sends as `Authorization: Bearer <token>`: a signed JWT.',
      }),
      expiresAt: t.expose('expiresAt', {
        type: 'DateTime',
        description: 'When it stops working; ask for a new one before that.',
      }),
    }),
  });

builder.mutationField('createCustomerToken', (t) =>
  t.field({
    type: resultOf('CreateCustomerTokenResult', CreateCustomerTokenPayload, [
      'Invalid',
      'NotFound',
    ]),
    description:
      'Makes a short-lived token with which a frontend reads and subscribes for one customer. Each call makes a new one. It works until it expires or `revokeCustomerTokens` ends it, also when the key that made it is revoked or rolled before.',
    authScopes: { can: 'token:write' },
    args: {
      input: t.arg({
        type: CreateCustomerTokenInput,
        required: true,
        description: 'For whom, for what and for how long.',
      }),
    },
    resolve: (_root, { input }, context) =>
      context.services.access.createCustomerToken(viewerOf(context), input),
  }),
);

const RevokeCustomerTokensInput = builder.inputType('RevokeCustomerTokensInput', {
  description: 'Nothing has to be said: it is about all tokens of the organization.',
  fields: (t) => ({
    idempotencyKey: t.string({
      description: `${IDEMPOTENCY_KEY} What was made since is left alone.`,
    }),
  }),
});

const RevokeCustomerTokensPayload = builder
  .objectRef<CustomerTokensRevoked>('RevokeCustomerTokensPayload')
  .implement({
    description: 'Every token that was made before has ended.',
    fields: (t) => ({
      revokedAt: t.expose('revokedAt', {
        type: 'DateTime',
        description: 'When they were revoked.',
      }),
    }),
  });

builder.mutationField('revokeCustomerTokens', (t) =>
  t.field({
    type: resultOf('RevokeCustomerTokensResult', RevokeCustomerTokensPayload, [
      'Invalid',
      'IdempotencyMismatch',
    ]),
    description:
      'Ends all customer tokens of the organization, whichever key and customer they are of: requests with one are refused at once in the process that answers and within a second in all others, and what one has opened ends within about a second, a WebSocket with 4403. Tokens that are made afterwards work at once. When a key that may make tokens was stolen, revoke it first, and the tokens more than a second later.',
    authScopes: { can: 'token:write' },
    args: {
      input: t.arg({
        type: RevokeCustomerTokensInput,
        required: true,
        description: 'May be empty.',
      }),
    },
    resolve: (_root, { input }, context) =>
      context.services.access.revokeCustomerTokens(viewerOf(context), input),
  }),
);
