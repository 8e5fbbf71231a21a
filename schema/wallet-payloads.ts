import { builder } from './builder.ts';
import { found } from './found.ts';
import { viewerOf } from './scopes.ts';

/** The wallet of a payload, as it is now. */
export function walletPayload<Payload extends { readonly walletId: string }>(
  name: string,
  description: string,
  walletDescription = 'The wallet.',
) {
  const ref = builder.objectRef<Payload>(name).implement({ description });
  builder.objectField(ref, 'wallet', (t) =>
    t.prismaField({
      type: 'Wallet',
      description: walletDescription,
      resolve: async (query, { walletId }, _args, context) =>
        found(await context.services.ledger.findWallet(viewerOf(context), walletId, query)),
    }),
  );
  return ref;
}

/** A grant and the wallet it lies in, as they are now. */
export function grantPayload<
  Payload extends { readonly grantId: string; readonly walletId: string },
>(name: string, description: string) {
  const ref = walletPayload<Payload>(name, description, 'The wallet it lies in.');
  builder.objectField(ref, 'grant', (t) =>
    t.prismaField({
      type: 'CreditGrant',
      description: 'The grant.',
      resolve: async (query, { grantId }, _args, context) =>
        found(await context.services.ledger.findGrant(viewerOf(context), grantId, query)),
    }),
  );
  return ref;
}
