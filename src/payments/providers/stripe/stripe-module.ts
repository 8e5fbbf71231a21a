import type { ProviderModule } from '../../provider-module.ts';
import { openClient } from './client.ts';
import { createStripeProvider } from './stripe-provider.ts';

/** Cards, wallets and bank debits through a merchant's account at Stripe. */
export const stripeModule: ProviderModule = {
  kind: 'STRIPE',
  fields: [
    {
      name: 'secretKey',
      isSecret: true,
      isRequired: true,
      problemOf: (value) =>
        /^(?:sk|rk)_\w+$/.test(value)
          ? null
          : 'Must be a secret or restricted key: sk_... or rk_...',
    },
    {
      name: 'webhookSecret',
      isSecret: true,
      isRequired: true,
      problemOf: (value) =>
        /^whsec_\S+$/.test(value)
          ? null
          : "Must be the webhook endpoint's signing secret: whsec_...",
    },
    {
      // For development and tests: taken only where addresses of providers may be private.
      name: 'apiBase',
      isSecret: false,
      isRequired: false,
      problemOf: (value) =>
        isOrigin(value) ? null : 'Must be an address without a path: http://127.0.0.1:12111',
    },
    {
      // Stripe Tax, on pages. A charge without the customer has no page, and no tax on top.
      name: 'automaticTax',
      isSecret: false,
      isRequired: false,
      problemOf: (value) => (/^(?:true|false)$/.test(value) ? null : 'Must be true or false.'),
    },
  ],
  open: async (config, deps) => createStripeProvider(await openClient(config, deps)),
};

function isOrigin(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) && value.replace(/\/$/, '') === url.origin;
}
