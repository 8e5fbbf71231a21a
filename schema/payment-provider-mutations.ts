import type { ProviderKind } from '../src/payments/provider.ts';
import type { ProviderSaved } from '../src/payments/save-provider.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { PaymentProvider } from './payment-provider.ts';
import { viewerOf } from './scopes.ts';

const SECRET = 'Kept encrypted, and never shown. Left out: it stays as it is.';

const StripeConfigInput = builder.inputType('StripeConfigInput', {
  description: 'How Stripe is asked.',
  fields: (t) => ({
    secretKey: t.string({ description: `\`sk_...\` or \`rk_...\`. ${SECRET}` }),
    webhookSecret: t.string({ description: `\`whsec_...\` of its webhook endpoint. ${SECRET}` }),
    automaticTax: t.string({ description: '`true`: Stripe adds what is owed to the tax office.' }),
    apiBase: t.string({ description: 'Another address than that of Stripe, for development.' }),
  }),
});

const CryptoConfigInput = builder.inputType('CryptoConfigInput', {
  description: 'How a hosted page for stablecoins is asked.',
  fields: (t) => ({
    apiBase: t.string({ description: 'The address of its API.' }),
    apiKey: t.string({ description: `What it knows you by. ${SECRET}` }),
    webhookSecret: t.string({ description: `What it signs its webhooks with. ${SECRET}` }),
  }),
});

const OnchainConfigInput = builder.inputType('OnchainConfigInput', {
  description: 'Where payments on an EVM chain go, and how they are seen.',
  fields: (t) => ({
    rpcUrl: t.string({ description: `The JSON-RPC endpoint of a node. ${SECRET}` }),
    chainId: t.string({ description: '`1` is Ethereum.' }),
    xpub: t.string({
      description:
        'The extended public key that addresses are derived from. No private key is needed, or taken.',
    }),
    asset: t.string({ description: 'The code of the asset that is paid in: `USDC`.' }),
    token: t.string({ description: "The token's contract; the chain's own coin when left out." }),
    tokenDecimals: t.string({ description: 'Its decimal places: `6`.' }),
    confirmations: t.string({ description: 'After how many blocks money is there: `12`.' }),
  }),
});

const ManualConfigInput = builder.inputType('ManualConfigInput', {
  description: 'What a customer has to know for a transfer.',
  fields: (t) => ({
    instructions: t.string({ description: 'Your bank account; at most 2,000 characters.' }),
  }),
});

const SandboxConfigInput = builder.inputType('SandboxConfigInput', {
  description: 'How the sandbox behaves.',
  fields: (t) => ({
    delayMs: t.string({ description: 'How long a payment takes to settle, in milliseconds.' }),
  }),
});

const PaymentProviderConfigInput = builder.inputType('PaymentProviderConfigInput', {
  description: 'Of one kind of provider: what it has to know.',
  isOneOf: true,
  fields: (t) => ({
    stripe: t.field({ type: StripeConfigInput, description: 'Stripe.' }),
    crypto: t.field({ type: CryptoConfigInput, description: 'A hosted page for stablecoins.' }),
    onchain: t.field({ type: OnchainConfigInput, description: 'An EVM chain.' }),
    manual: t.field({ type: ManualConfigInput, description: 'Transfers and invoices.' }),
    sandbox: t.field({ type: SandboxConfigInput, description: 'The sandbox.' }),
  }),
});

const KINDS = {
  stripe: 'STRIPE',
  crypto: 'CRYPTO',
  onchain: 'ONCHAIN',
  manual: 'MANUAL',
  sandbox: 'SANDBOX',
} as const satisfies Record<string, ProviderKind>;

const SavePaymentProviderInput = builder.inputType('SavePaymentProviderInput', {
  description: 'What a payment provider shall be.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description:
        'Your name for it; it is made when it is not there yet: a letter, then up to 63 letters, digits or any of `_ . : -`.',
    }),
    config: t.field({
      type: PaymentProviderConfigInput,
      required: true,
      description: 'What it has to know. What is no secret is said anew each time.',
    }),
    isDefault: t.boolean({
      description: 'True: it is asked where none is named, and no other is. Left out: it stays.',
    }),
    enabled: t.boolean({
      description:
        'False: it is asked for nothing new, and its webhooks are not taken. True when left out.',
    }),
    idempotencyKey: t.string({ description: `${IDEMPOTENCY_KEY} Secrets are not among it.` }),
  }),
});

const SavePaymentProviderPayload = builder
  .objectRef<ProviderSaved>('SavePaymentProviderPayload')
  .implement({
    description: 'The payment provider.',
    fields: (t) => ({
      provider: t.prismaField({
        type: PaymentProvider,
        description: 'The payment provider as it is now.',
        resolve: async (query, { providerId }, _args, context) =>
          found(await context.services.payments.readProvider(viewerOf(context), providerId, query)),
      }),
    }),
  });

builder.mutationField('savePaymentProvider', (t) =>
  t.field({
    type: resultOf('SavePaymentProviderResult', SavePaymentProviderPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Makes or changes a payment provider. Conflict: it is of another kind, or a sandbox in a LIVE organization.',
    authScopes: { can: 'provider:write' },
    args: {
      input: t.arg({ type: SavePaymentProviderInput, required: true, description: 'What it is.' }),
    },
    resolve: (_root, { input: { config: given, ...input } }, context) => {
      const [name, config] = Object.entries(given)[0] as [
        keyof typeof KINDS,
        Record<string, string>,
      ];
      return context.services.payments.savePaymentProvider(viewerOf(context), {
        ...input,
        kind: KINDS[name],
        config,
      });
    },
  }),
);
