import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { CreditGrant } from './grant.ts';

type GrantEventType =
  | 'grant.created'
  | 'grant.voided'
  | 'grant.extended'
  | 'grant.expired'
  | 'grant.expiring';

/** The GraphQL type of an event about a grant and an amount of it. */
export function grantEvent<Type extends GrantEventType>(
  type: Type,
  description: string,
  amountDescription: string,
) {
  const ref = eventType(type, description);
  builder.objectFields(ref, (t) => ({
    grant: t.field({
      type: CreditGrant,
      authScopes: { can: 'wallet:read' },
      description: 'The grant, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().grants.load(fact.grantId),
    }),
    amount: t.field({
      type: 'Decimal',
      authScopes: { can: 'wallet:read' },
      description: amountDescription,
      resolve: ({ fact }) => fact.amount,
    }),
  }));
  return ref;
}
