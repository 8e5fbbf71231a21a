import type { Viewer } from '../access/viewer.ts';
import type { Db, Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import { type Clock, fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import {
  type Conflict,
  conflict,
  type IdempotencyMismatch,
  type Invalid,
  invalid,
  isRefusal,
  type NotFound,
} from '../kit/refusal.ts';
import { readExtent } from '../live/event-log.ts';
import { positionAt } from './position-at.ts';
import { QUEUE_ENDPOINT } from './sql/add-jobs.ts';
import { changeEndpoint, resolveEndpoint } from './store.ts';

export interface ReplayWebhookEventsInput {
  /** A TypeID. */
  readonly endpoint: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly fromPosition?: number | null | undefined;
  readonly toPosition?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface ReplayBegun {
  readonly endpointId: Id<'webhookEndpoint'>;
  /** The first and the last that are sent again, if the endpoint wants them. */
  readonly fromPosition: number;
  readonly toPosition: number;
}

export type ReplayWebhookEvents = (
  viewer: Viewer,
  input: ReplayWebhookEventsInput,
) => Promise<ReplayBegun | Invalid | NotFound | Conflict | IdempotencyMismatch>;

/** A part of the log, its ends included; null leaves an end open. */
interface Range {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly fromPosition: number | null;
  readonly toPosition: number | null;
}

/** Sends a part of the log to an endpoint once more, in order, before it goes on with what is new. */
export function createReplay({ db, clock }: { db: Db; clock: Clock }): ReplayWebhookEvents {
  return async (viewer, input) => {
    const check = createChecker();
    const range = readRange(check, input);
    const fault = check.fault();
    if (fault) return fault;
    return db.transaction((tx) => {
      const { organizationId } = viewer;
      const call = { organizationId, operation: 'replayWebhookEvents', input };
      return once(tx, clock, call, async () => {
        const endpoint = await resolveEndpoint(tx, viewer, input.endpoint);
        if (isRefusal(endpoint)) return endpoint;
        if (endpoint.replayUntil !== null) {
          return conflict('endpoint', `A replay up to ${endpoint.replayUntil} is not over yet.`);
        }
        const found = await findRange(tx, organizationId, range, Number(endpoint.position));
        if (isRefusal(found)) return found;
        await changeEndpoint(tx, endpoint.id, {
          replayPosition: BigInt(found.fromPosition - 1),
          replayUntil: BigInt(found.toPosition),
          updatedAt: clock.now(),
        });
        // One that waits for its next attempt goes on waiting.
        const waitMs = (endpoint.retryAt?.getTime() ?? 0) - clock.now().getTime();
        await tx.query(QUEUE_ENDPOINT, [endpoint.id, Math.max(waitMs, 0)]);
        return { endpointId: endpoint.id, ...found };
      });
    });
  };
}

function readRange(check: Checker, input: ReplayWebhookEventsInput): Range {
  const { fromPosition = null, toPosition = null } = input;
  if (fromPosition !== null) {
    check.integer('fromPosition', fromPosition, 1, Number.MAX_SAFE_INTEGER);
  }
  if (toPosition !== null) check.integer('toPosition', toPosition, 1, Number.MAX_SAFE_INTEGER);
  if ((input.from == null) === (fromPosition === null)) {
    check.note('from', 'REQUIRED', 'Give one of from and fromPosition.');
  }
  if (input.to != null && toPosition !== null) {
    check.note('to', 'NOT_ALLOWED', 'Give one of to and toPosition.');
  }
  const from = check.instant('from', input.from);
  return { from, to: check.instant('to', input.to), fromPosition, toPosition };
}

/**
 * By time, so much more is sent at both ends: the log is in the order of commits, and clocks may disagree.
 * Receivers drop what they have had, and nobody makes up for what was left out.
 */
const MARGIN_MS = 5 * SECOND_MS;

/** What was not delivered yet needs no replay, and what was forgotten can have none. */
async function findRange(tx: Tx, organizationId: string, range: Range, delivered: number) {
  const { forgotten, last } = await readExtent(tx, { organizationId, customerId: null });
  const extent = { organizationId, after: forgotten, last };
  const at = (instant: Date, byMs: number) =>
    positionAt(tx, extent, fromEpochMs(instant.getTime() + byMs));
  const fromPosition = range.fromPosition ?? (await at(range.from as Date, -MARGIN_MS));
  if (fromPosition <= forgotten) {
    const message = `Events up to ${forgotten} were forgotten; the first that is there is ${forgotten + 1}.`;
    return invalid({ path: 'fromPosition', code: 'OUT_OF_RANGE', message });
  }
  const end = range.to === null ? last : (await at(range.to, MARGIN_MS)) - 1;
  const toPosition = Math.min(range.toPosition ?? end, delivered);
  if (fromPosition > toPosition) {
    const path = range.from === null ? 'fromPosition' : 'from';
    const message = `No event is there that the endpoint has passed, which is at ${delivered}.`;
    return invalid({ path, code: 'OUT_OF_RANGE', message });
  }
  return { fromPosition, toPosition };
}
