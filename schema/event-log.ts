import { resolveCursorConnection } from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';
import { invalid } from '../src/kit/refusal.ts';
import { fromCursor, toCursor } from '../src/live/cursor.ts';
import type { LoggedEvent } from '../src/live/event.ts';
import { CursorExpired, placeOf } from '../src/live/event-log.ts';
import { logScopeOf, type WantedEvents } from '../src/live/service.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { CustomerRef, customerIdOf } from './customer.ts';
import { Event } from './event.ts';
import { EventType } from './event-type.ts';
import { badUserInput } from './faults.ts';
import { viewerOf } from './scopes.ts';
import { UsageEvent } from './usage.ts';

/** The events that a subscription follows; what is wrong with its cursor is a GraphQL error. */
export async function followLog(context: Context, wanted: WantedEvents) {
  const events = await withExpiry(() => context.services.live.followLog(viewerOf(context), wanted));
  if (!events) throw notOfThisLog('after');
  return {
    next: () => withExpiry(() => events.next()),
    return: () => events.return?.() ?? Promise.resolve({ done: true as const, value: undefined }),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function withExpiry<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CursorExpired)) throw error;
    throw new GraphQLError(error.message, { extensions: { code: 'CURSOR_EXPIRED' } });
  }
}

/** The place that a cursor of a page stands for. */
function placeOfCursor(context: Context, path: string, cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const place = fromCursor(logScopeOf(viewerOf(context)), cursor);
  if (place === null) throw notOfThisLog(path);
  return place;
}

function notOfThisLog(path: string): GraphQLError {
  const message = 'Not a cursor of this log: take `cursor` of one of its events.';
  return badUserInput(invalid({ path, code: 'BAD_FORMAT', message }));
}

builder.queryFields((t) => ({
  eventCursor: t.string({
    authScopes: { can: 'event:read' },
    description:
      'Where the event log of this credential ends now. Read a state after it, then follow `events(after:)` from it: nothing falls between the two.',
    resolve: (_root, _args, context) => context.services.live.endOfLog(viewerOf(context)),
  }),
  events: t.connection({
    type: Event,
    extensions: { cursors: 'event' },
    authScopes: { can: 'event:read' },
    description:
      'The event log as far as it is kept, oldest first; `last: 20` are the newest. With a customer token only what is about that customer.',
    resolve: (_root, args, context) => {
      const viewer = viewerOf(context);
      const scope = logScopeOf(viewer);
      return resolveCursorConnection<Promise<LoggedEvent[]>>(
        {
          args,
          defaultSize: 20,
          maxSize: 100,
          toCursor: (event) => toCursor(scope, placeOf(scope, event)),
        },
        ({ after, before, limit, inverted }) =>
          context.services.live.readPage(viewer, {
            after: placeOfCursor(context, 'after', after),
            before: placeOfCursor(context, 'before', before),
            limit,
            inverted,
          }),
      );
    },
  }),
}));

builder.subscriptionFields((t) => ({
  events: t.field({
    type: Event,
    authScopes: { can: 'event:read' },
    description:
      'The event log: what was missed since the cursor, then what happens, each event once and in order. With a customer token only what is about that customer. An event is told whole: what is selected of it waits for a database that is away, and after a minute ends the subscription with a SERVICE_UNAVAILABLE error. When `errors` come, keep the cursor of the last event that came without any, and subscribe again with it as `after`. A cursor older than what is kept is a CURSOR_EXPIRED error.',
    args: {
      after: t.arg.string({
        description: '`cursor` of the last event you have had. From now on when left out.',
      }),
      types: t.arg({ type: [EventType], description: 'Only these; all when left out.' }),
    },
    subscribe: (_root, { after, types }, context) =>
      followLog(context, { after: after ?? null, types: types ?? null, customerId: null }),
    resolve: (event, _args, context) => {
      context.renewLoaders();
      return event;
    },
  }),
  usageRecorded: t.field({
    type: UsageEvent,
    authScopes: { can: 'usage:read' },
    description:
      "A live tail of a customer's usage: each event that is recorded from now on, once and in the order in which it was paid for. A customer that this credential may not see is a NOT_FOUND error.",
    args: {
      customer: t.arg({ type: CustomerRef, required: true, description: 'Who consumes.' }),
      type: t.arg.string({ description: 'Exactly this type.' }),
      subject: t.arg.string({ description: 'Exactly this subject.' }),
    },
    subscribe: async (_root, { customer, type, subject }, context) => {
      const customerId = await customerIdOf(context, customer);
      const types = ['usage.recorded' as const];
      const events = await followLog(context, { after: null, types, customerId });
      return context.services.usage.unfold(viewerOf(context), events, { type, subject });
    },
    resolve: ({ usageEvent, batch }, _args, context) => {
      // Those that were committed together are read together, by whoever is asked to.
      context.renewLoaders(batch);
      return usageEvent as never;
    },
  }),
}));
