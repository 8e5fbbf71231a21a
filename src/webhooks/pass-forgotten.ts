import type { Db } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { Clock } from '../kit/clock.ts';
import { toTypeId } from '../kit/ids.ts';
import type { Fact } from '../live/event.ts';
import { readExtent } from '../live/event-log.ts';
import { writeOutbox } from '../live/outbox.ts';
import { type Endpoint, isReplay, type Track } from './endpoint.ts';
import { MOVE_ON } from './sql/record-delivery.ts';

export interface PassForgottenDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after a commit that has something to tell. */
  readonly wake: () => void;
}

/**
 * When the events behind the place of an endpoint were forgotten, that is told, and it goes on with what is
 * kept. A replay goes on in silence: what it repeats was delivered before. False when none were forgotten.
 */
export async function passForgotten(
  { db, clock, log, wake }: PassForgottenDeps,
  endpoint: Endpoint,
  track: Track,
): Promise<boolean> {
  const { organizationId } = endpoint;
  const { forgotten } = await readExtent(db.direct, { organizationId, customerId: null });
  if (forgotten <= track.after) return false;
  const to = Math.min(forgotten, track.until);
  const count = to - track.after;
  const fact: Fact = { type: 'webhook.events_lost', endpointId: endpoint.id, count };
  const isTold = await db.transaction(async (tx) => {
    const moved = await tx.query(MOVE_ON, [endpoint.id, isReplay(track), track.after, to]);
    if (moved.length === 0 || isReplay(track)) return false;
    await writeOutbox(tx, [{ organizationId, customerId: null, fact }], clock.now());
    return true;
  });
  if (!isTold) return true;
  log.warn(
    { endpoint: toTypeId('webhookEndpoint', endpoint.id), count },
    'Events were forgotten before they were delivered to a webhook endpoint.',
  );
  wake();
  return true;
}
