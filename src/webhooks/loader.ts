import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { Queryable } from '../infra/db.ts';
import type { LoggedEvent } from '../live/event.ts';
import { eventsAt } from '../live/event-log.ts';
import { type MessageOf, pingMessage } from './message.ts';

/** What a delivery says of what was sent. */
export interface SentTo {
  readonly id: string;
  readonly endpointId: string;
  readonly position: bigint | null;
  readonly createdAt: Date;
}

/** What was sent with deliveries of the viewer's organization, as text; null when the event was forgotten. */
export function createBodiesLoader(db: Queryable, messageOf: MessageOf, viewer: Viewer) {
  return new DataLoader<SentTo, string | null, string>(
    async (deliveries) => {
      const positions = new Set(deliveries.flatMap((each) => positionOf(each) ?? []));
      const events = await eventsAt(db, viewer.organizationId, [...positions]);
      return Promise.all(deliveries.map((delivery) => bodyOf(delivery, events, messageOf)));
    },
    { cacheKeyFn: ({ id }) => id },
  );
}

async function bodyOf(
  delivery: SentTo,
  events: ReadonlyMap<number, LoggedEvent>,
  messageOf: MessageOf,
): Promise<string | null> {
  const position = positionOf(delivery);
  if (position === null) {
    return pingMessage(delivery.id, delivery.endpointId, delivery.createdAt).body;
  }
  const event = events.get(position);
  return event ? (await messageOf(event)).body : null;
}

function positionOf({ position }: SentTo): number | null {
  return position === null ? null : Number(position);
}
