import { parseInstant } from '../src/kit/clock.ts';
import { Alert } from './alert.ts';
import { builder } from './builder.ts';
import { CustomerRef, customerIdOf } from './customer.ts';
import { type EventOf, eventType } from './event.ts';
import { followLog } from './event-log.ts';
import { found } from './found.ts';
import { CreditGrant } from './grant.ts';

const ALERT = 'The alert, as it is now.';

const AlertRaised = eventType('alert.raised', 'A wallet has crossed an alert rule.');

builder.objectFields(AlertRaised, (t) => ({
  alert: t.field({
    type: Alert,
    authScopes: { can: 'alert:read' },
    description: ALERT,
    resolve: ({ fact }, _args, context) => context.loaders().alerts.load(fact.alertId),
  }),
}));

builder.objectFields(
  eventType('alert.recovered', 'What an alert was raised for is over, or its rule was deleted.'),
  (t) => ({
    alert: t.field({
      type: Alert,
      authScopes: { can: 'alert:read' },
      description: ALERT,
      resolve: ({ fact }, _args, context) => context.loaders().alerts.load(fact.alertId),
    }),
  }),
);

builder.objectFields(
  eventType('grant.expiring', 'A grant ends within the days that an alert rule names.'),
  (t) => ({
    grant: t.field({
      type: CreditGrant,
      authScopes: { can: 'wallet:read' },
      description: 'The grant, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().grants.load(fact.grantId),
    }),
    amount: t.field({
      type: 'Decimal',
      authScopes: { can: 'wallet:read' },
      description: "What it had left, in the wallet's asset.",
      resolve: ({ fact }) => fact.amount,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      authScopes: { can: 'wallet:read' },
      description: 'When it ends.',
      resolve: ({ fact }) => found(parseInstant(fact.expiresAt)),
    }),
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
