import { fromUUID } from 'typeid-js';
import { uuidText, writeUuid } from '../kit/uuid.ts';
import type { LoggedEvent } from './event.ts';

const PREFIX = 'evt';
const NUMBER_BYTES = 8;
/** Of a UUID of one's own making: see RFC 9562, 5.8. */
const VERSION_8 = 0x80;

/**
 * The id of an event, by which a receiver knows that he has had it: `evt_...`. It is made of whom it is
 * about and of its place in his order, so that it needs no room in the database, and tells a customer
 * nothing of how much happens to others. Ids of one customer ascend.
 */
export function eventIdOf(
  event: Pick<LoggedEvent, 'organizationId' | 'customerId' | 'position' | 'sequence'>,
): string {
  const bytes = Buffer.alloc(2 * NUMBER_BYTES);
  // The last eight bytes of an id of ours are its variant and chance.
  writeUuid(bytes, event.customerId ?? event.organizationId, 0);
  const place = BigInt(event.sequence ?? event.position);
  // 48 bits before the version, 12 behind it.
  bytes.writeUIntBE(Number(place >> 12n), 0, 6);
  bytes[6] = VERSION_8 | Number((place >> 8n) & 0xfn);
  bytes[7] = Number(place & 0xffn);
  return fromUUID(uuidText(bytes), PREFIX);
}
