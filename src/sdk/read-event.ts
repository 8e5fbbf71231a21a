import { createChecker } from '../kit/check.ts';
import { wordsOf } from '../kit/refusal.ts';
import { LeaseError } from './lease-error.ts';
import type { LeasedEvent } from './sdk.js';

/**
 * The event as it is now, whatever its owner does to the object afterwards. One whose form is not that of the API is
 * refused here: among others it would keep them all from being read.
 */
export function readEvent(event: LeasedEvent): LeasedEvent {
  const check = createChecker();
  const { eventId, type, subject, occurredAt, properties } = copyOf(event);
  for (const [path, text] of Object.entries({ eventId, type, subject: subject ?? 'none' })) {
    if (typeof text !== 'string') check.note(path, 'BAD_FORMAT', 'Must be text.');
  }
  check.instant('occurredAt', occurredAt);
  check.object('properties', properties);
  const fault = check.fault();
  if (fault) throw new LeaseError('BAD_EVENT', wordsOf(fault.issues));
  return {
    eventId,
    type,
    ...(subject != null && { subject }),
    ...(occurredAt != null && { occurredAt }),
    ...(properties != null && { properties }),
  };
}

function copyOf(event: LeasedEvent): LeasedEvent {
  try {
    return JSON.parse(JSON.stringify(event ?? {})) as LeasedEvent;
  } catch (error) {
    throw new LeaseError('BAD_EVENT', `It is not JSON: ${(error as Error).message}.`);
  }
}
