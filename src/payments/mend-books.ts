import { inOrganization, type Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import type { PaymentsRoom } from './deps.ts';
import { reopenEvent } from './event-store.ts';
import { refuseCardNumbers } from './refuse-card-numbers.ts';
import { QUEUE_EVENT } from './sql/add-jobs.ts';

export interface EventReplayed {
  readonly eventId: Id<'paymentEvent'>;
}

/** Has an event of a provider looked at again. It goes by what the object says now, and books nothing a second time. */
export async function replayPaymentEvent(
  { db }: PaymentsRoom,
  viewer: Viewer,
  { event }: { readonly event: string },
): Promise<EventReplayed | NotFound> {
  const eventId = fromTypeId('paymentEvent', event);
  if (eventId === null) return notFound('event', 'PaymentEvent', event);
  return db.transaction(async (tx) => {
    if (!(await reopenEvent(tx, viewer, eventId))) return notFound('event', 'PaymentEvent', event);
    await tx.query(QUEUE_EVENT, [eventId]);
    return { eventId };
  });
}

export interface MismatchResolved {
  readonly mismatchId: Id<'paymentMismatch'>;
}

/** Says what was done about a mismatch; once. */
export async function resolvePaymentMismatch(
  { db, clock }: PaymentsRoom,
  viewer: Viewer,
  { mismatch, resolution }: { readonly mismatch: string; readonly resolution: string },
): Promise<MismatchResolved | CommonRefusal> {
  const check = createChecker();
  check.text('resolution', resolution, 500);
  refuseCardNumbers(check, { resolution });
  const fault = check.fault();
  if (isRefusal(fault)) return fault;
  const mismatchId = fromTypeId('paymentMismatch', mismatch);
  const where = mismatchId && { ...inOrganization(viewer), id: mismatchId };
  const row = where && (await db.prisma.paymentMismatch.findFirst({ where }));
  if (!mismatchId || !row) return notFound('mismatch', 'PaymentMismatch', mismatch);
  await db.prisma.paymentMismatch.updateMany({
    where: { ...where, resolvedAt: null },
    data: { resolvedAt: clock.now(), resolution },
  });
  return { mismatchId };
}
