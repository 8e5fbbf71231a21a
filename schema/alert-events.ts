import { parseInstant } from '../src/kit/clock.ts';
import { Alert } from './alert.ts';
import { builder } from './builder.ts';
import { CustomerRef, customerIdOf } from './customer.ts';
import { type EventOf, eventType } from './event.ts';
import { followLog } from './event-log.ts';
import { found } from './found.ts';
import { grantEvent } from './grant-event.ts';

function alertEvent<Type extends 'alert.raised' | 'alert.recovered'>(
  type: Type,
  description: string,
) {
  const ref = eventType(type, description);
  builder.objectField(ref, 'alert', (t) =>
    t.field({
      type: Alert,
      authScopes: { can: 'alert:read' },
      description: 'The alert, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().alerts.load(fact.alertId),
    }),
  );
  return ref;
}

const AlertRaised = alertEvent('alert.raised', 'A wallet has crossed an alert rule.');

alertEvent('alert.recovered', 'What an alert was raised for is over, or its rule was deleted.');

const GrantExpiring = grantEvent(
  'grant.expiring',
  'A grant ends within the days that an alert rule names.',
  "What it had left, in the wallet's asset.",
);

builder.objectField(GrantExpiring, 'expiresAt', (t) =>
  t.field({
    type: 'DateTime',
    authScopes: { can: 'wallet:read' },
    description: 'When it ends.',
    resolve: ({ fact }) => found(parseInstant(fact.expiresAt)),
  }),
);

builder.subscriptionFields((t) => ({
  alertRaised: t.field({
    type: AlertRaised,
    authScopes: { can: 'alert:read' },
    description:
      "Each alert that is raised about a customer's wallets from now on, once and in order. What holds already is in `Customer.alerts`. A customer that this credential may not see is a NOT_FOUND error.",
    args: { customer: t.arg({ type: CustomerRef, required: true, description: 'Whose wallets.' }) },
    subscribe: async (_root, { customer }, context) => {
      const customerId = await customerIdOf(context, customer);
      return followLog(context, { after: null, types: ['alert.raised'], customerId });
    },
    resolve: (event, _args, context) => {
      context.renewLoaders();
      return event as EventOf<'alert.raised'>;
    },
  }),
}));
