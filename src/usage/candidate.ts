import type { CatalogueSnapshot } from '../catalog/snapshot.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, invalid, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import { outsideWindow } from '../rating/accepted-window.ts';
import { rateEvent } from '../rating/rate.ts';
import type { Candidate, Outcome, UsageEventInput } from './event.ts';
import { readEvent } from './read-event.ts';

/** Reads and rates one event. What cannot be recorded whatever its price may be is refused here. */
export function toCandidate(
  organizationId: Id<'organization'>,
  input: UsageEventInput,
  customerId: Id<'customer'> | null,
  path: string,
  catalogue: CatalogueSnapshot,
  now: Date,
): Candidate | Outcome {
  const read = readEvent(input, path, now);
  if (isRefusal(read)) return read;
  if (!customerId) return unknownCustomer(input.customer, path);
  if (input.holdId != null) return notFound(`${path}holdId`, 'Hold', input.holdId);
  const event = {
    organizationId,
    customerId,
    eventId: read.eventId,
    type: read.type,
    subject: read.subject,
    occurredAt: read.occurredAt,
    receivedAt: now,
    properties: read.properties,
    propertiesJson: read.propertiesJson,
    contentHash: read.contentHash,
  };
  return rate(event, catalogue, now, path);
}

/** What an event costs by a catalogue, or why it cannot be recorded. */
export function rate(
  event: Candidate['event'],
  catalogue: CatalogueSnapshot,
  now: Date,
  path: string,
): Candidate {
  const rated = outsideWindow(event.occurredAt, now) ?? rateEvent(catalogue.book, event);
  const placed = isRefusal(rated) && rated.refusal === 'Invalid' ? below(path, rated) : rated;
  return { event, rated: placed, catalogueVersion: catalogue.book.version, path };
}

function below(path: string, { issues }: Invalid): Invalid {
  return invalid(...issues.map((issue) => ({ ...issue, path: path + issue.path })));
}

function unknownCustomer(ref: CustomerRef, path: string): NotFound {
  const field = ref.id == null ? 'externalId' : 'id';
  return notFound(`${path}customer.${field}`, 'Customer', ref[field] ?? '');
}
