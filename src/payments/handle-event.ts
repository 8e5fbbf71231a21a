import type { Tx } from '../infra/db.ts';
import { plain, ZERO } from '../kit/decimal.ts';
import { fromTypeId } from '../kit/ids.ts';
import { applyObject } from './apply-object.ts';
import type { PaymentsRoom } from './deps.ts';
import {
  type EventRow,
  findPaymentByRef,
  findPaymentOfProvider,
  markEvent,
  noteFailure,
  readEvent,
} from './event-store.ts';
import type { ProviderPayment } from './provider.ts';
import { noteMismatches, type PaymentKey } from './store.ts';

/**
 * Looks at what an event tells of: asks the provider for the object, and goes by that. So it does not matter in which order
 * events come, and one that is lied about changes nothing. Throws when it is to be tried again.
 */
export async function handleEvent(room: PaymentsRoom, eventId: string): Promise<void> {
  const { db, clock } = room;
  const event = await readEvent(db, eventId);
  if (!event || event.handledAt !== null) return;
  try {
    await handle(room, event);
  } catch (error) {
    await noteFailure(db, event, error instanceof Error ? error.message : String(error));
    throw error;
  }

  async function handle({ providers }: PaymentsRoom, { providerId, ref }: EventRow): Promise<void> {
    const opened = await providers.openById(providerId);
    if (!opened) throw new Error(`The provider of the event ${eventId} is gone.`);
    const told = await paymentOf(room, event as EventRow);
    const asked = told?.ref ?? ref;
    if (asked === null) return mark('IGNORED');
    const object = await opened.provider.fetchPayment(asked);
    const payment = told ?? (object && (await findNamed(room, providerId, object.paymentId)));
    if (!object || !payment || !isAbout(object, payment)) return markUnknown(object);
    await applyObject(room, payment, object, (tx, isNew) =>
      markEvent(tx, eventId, isNew ? 'APPLIED' : 'NOTHING_NEW', clock.now()),
    );
  }

  function mark(outcome: 'IGNORED' | 'UNKNOWN_PAYMENT'): Promise<void> {
    return db.transaction((tx: Tx) => markEvent(tx, eventId, outcome, clock.now()));
  }

  /** Money that nobody here has asked for is for people to look at. */
  async function markUnknown(object: ProviderPayment | null): Promise<void> {
    const { organizationId, providerId } = event as EventRow;
    if (object && object.paid > ZERO) {
      const of = { organizationId, providerId, ref: object.ref, payment: null };
      const found = `${plain(object.paid)} ${object.currency}`;
      const mismatch = { kind: 'UNKNOWN_PAYMENT' as const, expected: 'nothing', found };
      await noteMismatches(db.direct, of, [mismatch], clock.now());
    }
    await mark('UNKNOWN_PAYMENT');
  }
}

/** An object that says whose it is belongs to nobody else. */
function isAbout(object: ProviderPayment, { id }: PaymentKey): boolean {
  return object.paymentId === null || fromTypeId('payment', object.paymentId) === id;
}

async function paymentOf(room: PaymentsRoom, event: EventRow) {
  const named = await findNamed(room, event.providerId, event.paymentId);
  if (named || event.ref === null) return named;
  return findPaymentByRef(room.db, event.providerId, event.ref);
}

async function findNamed({ db }: PaymentsRoom, providerId: string, typeId: string | null) {
  const id = typeId === null ? null : fromTypeId('payment', typeId);
  return id && findPaymentOfProvider(db, providerId, id);
}
