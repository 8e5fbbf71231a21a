import { toCursor } from '../src/live/cursor.ts';
import type { EventFacts, EventType as EventTypeName, LoggedEvent } from '../src/live/event.ts';
import { eventIdOf } from '../src/live/event-id.ts';
import { placeOf } from '../src/live/event-log.ts';
import { logScopeOf } from '../src/live/service.ts';
import { builder } from './builder.ts';
import { Customer } from './customer.ts';
import { EventType, nameOf } from './event-type.ts';
import { viewerOf } from './scopes.ts';

/** An event of one type. */
export type EventOf<Type extends EventTypeName> = Omit<LoggedEvent, 'fact'> & {
  readonly fact: { readonly type: Type } & EventFacts[Type];
};

/** The GraphQL type of an event: `BalanceChangedEvent` for `balance.changed`. */
function typeNameOf(type: EventTypeName): string {
  const words = nameOf(type).toLowerCase().split('_');
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Event`;
}

export const Event = builder.interfaceRef<LoggedEvent>('Event').implement({
  description:
    'An entry of the event log: something that was committed. Kept for 30 days unless the server is told otherwise.',
  resolveType: ({ fact }) => typeNameOf(fact.type),
  fields: (t) => ({
    id: t.id({
      description:
        'The same whoever reads it, by whatever way: drop what you have had. `evt_01h455vb4pex5vsknk084sn02q`.',
      resolve: (event) => eventIdOf(event),
    }),
    type: t.field({
      type: EventType,
      description: 'What it tells.',
      resolve: ({ fact }) => fact.type,
    }),
    cursor: t.string({
      description:
        'Where it stands in the log that this credential reads: give the last one as `after` to go on behind it.',
      resolve: (event, _args, context) => {
        const scope = logScopeOf(viewerOf(context));
        return toCursor(scope, placeOf(scope, event));
      },
    }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      nullable: true,
      description:
        "Counts the customer's events from 1 without a gap; null for what is about no customer.",
    }),
    customer: t.field({
      type: Customer,
      nullable: true,
      authScopes: { can: 'customer:read' },
      description: 'Whom it is about; null when it is about the organization.',
      resolve: ({ customerId }, _args, context) =>
        customerId === null ? null : context.loaders().customers.load(customerId),
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it was committed.',
      resolve: ({ at }) => at,
    }),
  }),
});

/** The GraphQL type of the events of one type. */
export function eventType<Type extends EventTypeName>(type: Type, description: string) {
  return builder
    .objectRef<EventOf<Type>>(typeNameOf(type))
    .implement({ description, interfaces: [Event as never] });
}
