import type { Db } from '../infra/db.ts';
import { type Clock, fromEpochMs } from '../kit/clock.ts';
import type { Fact } from '../live/event.ts';
import { writeOutbox } from '../live/outbox.ts';
import { type Attempt, GONE } from './attempt.ts';
import { type Endpoint, isReplay, type Track } from './endpoint.ts';
import { nextDelayMs } from './retry.ts';
import {
  type DeliveryRow,
  deliveryValues,
  RECORD_FAILURE,
  RECORD_LAST_FAILURE,
} from './sql/record-delivery.ts';

export interface RecordFailureDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** From [0, 1). */
  readonly random: () => number;
  /** @default three days */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** Called after a commit that has something to tell. */
  readonly wake: () => void;
}

/** Keeps an attempt that failed, with what follows from it: another one, or the end. */
export async function recordFailure(
  deps: RecordFailureDeps,
  endpoint: Endpoint,
  track: Track,
  row: DeliveryRow,
  { responseStatus, retryAfterMs }: Attempt,
): Promise<void> {
  const { db, clock, random, retryDelaysMs } = deps;
  const delayMs = nextDelayMs({ attempt: row.attempt, retryAfterMs }, random, retryDelaysMs);
  if (responseStatus === GONE || delayMs === null) {
    return recordLastFailure(deps, endpoint, track, row, responseStatus === GONE);
  }
  const retryAt = fromEpochMs(clock.now().getTime() + delayMs);
  const values = [...deliveryValues(row), isReplay(track), track.after, retryAt, delayMs];
  await db.direct.query(RECORD_FAILURE, values);
}

/** Disables the endpoint and tells so, in one transaction: nothing is skipped in silence. */
async function recordLastFailure(
  { db, clock, wake }: RecordFailureDeps,
  { id, organizationId }: Endpoint,
  track: Track,
  row: DeliveryRow,
  isGone: boolean,
): Promise<void> {
  const reason = isGone ? 'GONE' : 'FAILING';
  const fact: Fact = { type: 'webhook.disabled', endpointId: id, reason };
  await db.transaction(async (tx) => {
    const values = [...deliveryValues(row), isReplay(track), track.after, reason];
    const disabled = await tx.query(RECORD_LAST_FAILURE, values);
    if (disabled.length === 0) return;
    await writeOutbox(tx, [{ organizationId, customerId: null, fact }], clock.now());
  });
  wake();
}
