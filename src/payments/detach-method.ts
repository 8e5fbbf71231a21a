import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type NotFound, notFound } from '../kit/refusal.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { PaymentsRoom } from './deps.ts';
import { toldOfMethod } from './tell-method.ts';

export interface DetachPaymentMethodInput {
  readonly paymentMethod: string;
}

export interface MethodDetached {
  readonly methodId: Id<'paymentMethod'>;
}

/** Has a method not used any more; a second time changes nothing. Its row stays, for the payments that were made with it. */
export async function detachPaymentMethod(
  { db, clock, announce }: PaymentsRoom,
  viewer: Viewer,
  { paymentMethod: typeId }: DetachPaymentMethodInput,
): Promise<MethodDetached | NotFound> {
  const methodId = fromTypeId('paymentMethod', typeId);
  const where = methodId && { ...ofVisibleCustomers(viewer), id: methodId };
  const method = where && (await db.prisma.paymentMethod.findFirst({ where }));
  if (!methodId || !method) return notFound('paymentMethod', 'PaymentMethod', typeId);
  const { id, customerId } = method;
  const isNew = await db.transaction(async (tx) => {
    const now = clock.now();
    const { count } = await tx.prisma.paymentMethod.updateMany({
      where: { id, customerId, detachedAt: null },
      data: { detachedAt: now, noticeAt: null },
    });
    if (count > 0) await writeOutbox(tx, [toldOfMethod(method, 'payment_method.detached')], now);
    return count > 0;
  });
  if (isNew) announce([]);
  return { methodId };
}
