import { parseInstant } from '../src/kit/clock.ts';
import { Alert } from './alert.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { found } from './found.ts';
import { CreditGrant } from './grant.ts';

const ALERT = 'The alert, as it is now.';

builder.objectFields(eventType('alert.raised', 'A wallet has crossed an alert rule.'), (t) => ({
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
