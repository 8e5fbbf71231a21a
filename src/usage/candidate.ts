import type { CatalogueSnapshot } from '../catalog/snapshot.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { KnownCustomer } from '../customers/store.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, invalid, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import { outsideWindow } from '../rating/accepted-window.ts';
import { type RatedCharge, rateEvent } from '../rating/rate.ts';
import type { CustomerTerms } from '../subscriptions/terms.ts';
import { type Counted, countedOf, NOTHING_COUNTED } from './counted.ts';
import type { Candidate, Outcome, UsageEventInput } from './event.ts';
import { featuresCounted } from './features-counted.ts';
import { readEvent } from './read-event.ts';

/** What an event is rated by. */
export interface RatingRules {
  readonly catalogue: CatalogueSnapshot;
  /** Of its customer: prices, and the rights whose use is counted. */
  readonly terms: CustomerTerms;
}

/** Reads and rates one event. What cannot be recorded whatever its price may be is refused here. */
export function toCandidate(
  organizationId: Id<'organization'>,
  input: UsageEventInput,
  customer: KnownCustomer | null,
  path: string,
  rules: RatingRules,
  /** By the customer's time. */
  now: Date,
  holdId: Id<'hold'> | null = null,
): Candidate | Outcome {
  const read = readEvent(input, path, now);
  if (isRefusal(read)) return read;
  if (!customer) return unknownCustomer(input.customer, path);
  const event = {
    organizationId,
    customerId: customer.id,
    eventId: read.eventId,
    type: read.type,
    subject: read.subject,
    occurredAt: read.occurredAt,
    receivedAt: now,
    properties: read.properties,
    propertiesJson: read.propertiesJson,
    contentHash: read.contentHash,
    holdId,
  };
  return rate(event, rules, path);
}

/** What an event costs by a catalogue, or why it could not be recorded when it was received. */
export function rate(event: Candidate['event'], rules: RatingRules, path: string): Candidate {
  const { occurredAt, receivedAt } = event;
  const { catalogue, terms } = rules;
  const cards = terms.pricesAt(occurredAt);
  const rated = outsideWindow(occurredAt, receivedAt) ?? rateEvent(catalogue.book, event, cards);
  const placed = isRefusal(rated) && rated.refusal === 'Invalid' ? below(path, rated) : rated;
  const counted = isRefusal(placed) ? NOTHING_COUNTED : allCounted(event, placed, rules);
  const { version: catalogueVersion } = catalogue.book;
  const { version: termsVersion } = terms;
  return { kind: 'USAGE', event, rated: placed, counted, catalogueVersion, termsVersion, path };
}

/** The counters that an event moves: mostly none, and no list is made then. */
function allCounted(
  event: Candidate['event'],
  rated: readonly RatedCharge[],
  rules: RatingRules,
): readonly Counted[] {
  const byCharges = countedOf(event, rated, rules.terms);
  const byFeatures = featuresCounted(event, rated, rules);
  if (byFeatures.length === 0) return byCharges;
  return byCharges.length === 0 ? byFeatures : [...byCharges, ...byFeatures];
}

/** The same issues, at their place in the input. */
export function below(path: string, { issues }: Invalid): Invalid {
  return invalid(...issues.map((issue) => ({ ...issue, path: path + issue.path })));
}

function unknownCustomer(ref: CustomerRef, path: string): NotFound {
  const field = ref.id == null ? 'externalId' : 'id';
  return notFound(`${path}customer.${field}`, 'Customer', ref[field] ?? '');
}
