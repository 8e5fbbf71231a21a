import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Db, Tx } from '../infra/db.ts';
import { redactCardNumbers } from '../kit/card-numbers.ts';

// Every query of the events that providers have sent.

export interface EventRow {
  readonly id: string;
  readonly organizationId: string;
  readonly providerId: string;
  readonly ref: string | null;
  readonly paymentId: string | null;
  readonly handledAt: Date | null;
}

export type EventOutcome = 'APPLIED' | 'NOTHING_NEW' | 'UNKNOWN_PAYMENT' | 'IGNORED';

const PAYMENT_KEY = { id: true, customerId: true, ref: true } as const;
const ERROR_MAX = 500;

export function readEvent({ prisma }: Db, id: string): Promise<EventRow | null> {
  return prisma.paymentEvent.findUnique({ where: { id } });
}

export async function markEvent(
  { prisma }: Tx,
  id: string,
  outcome: EventOutcome,
  handledAt: Date,
): Promise<void> {
  await prisma.paymentEvent.updateMany({
    where: { id, handledAt: null },
    data: { outcome, handledAt, error: null },
  });
}

/** What kept it from being handled; it is tried again. */
export async function noteFailure({ prisma }: Db, { id }: EventRow, error: string): Promise<void> {
  await prisma.paymentEvent.updateMany({
    where: { id, handledAt: null },
    data: { error: redactCardNumbers(error).slice(0, ERROR_MAX) },
  });
}

/** Makes it one that was not handled yet; false when there is none of that id. */
export async function reopenEvent({ prisma }: Tx, viewer: Viewer, id: string): Promise<boolean> {
  const { count } = await prisma.paymentEvent.updateMany({
    where: { ...inOrganization(viewer), id },
    data: { outcome: null, handledAt: null, error: null },
  });
  return count === 1;
}

export function findPaymentOfProvider({ prisma }: Db, providerId: string, id: string) {
  return prisma.payment.findFirst({ where: { providerId, id }, select: PAYMENT_KEY });
}

export function findPaymentByRef({ prisma }: Db, providerId: string, ref: string) {
  return prisma.payment.findFirst({ where: { providerId, ref }, select: PAYMENT_KEY });
}
