import { canonicalJson, sha256Hex } from '../kit/canonical.ts';
import { createChecker, isStorable, isTooLarge, shapeProblem } from '../kit/check.ts';
import { parseInstant } from '../kit/clock.ts';
import type { Invalid } from '../kit/refusal.ts';
import type { RecordedEvent, UsageEventInput } from './event.ts';

/** An event that is well formed; whose customer it is remains to be found. */
export type ReadEvent = Pick<
  RecordedEvent,
  'eventId' | 'type' | 'subject' | 'occurredAt' | 'properties' | 'propertiesJson' | 'contentHash'
>;

/** Checks an event's form. Paths are below `path`, which is empty for a single event. */
export function readEvent(input: UsageEventInput, path: string, now: Date): ReadEvent | Invalid {
  const { eventId, type, subject = null, occurredAt: rawTime = null } = input;
  const properties = input.properties ?? {};
  const occurredAt = rawTime === null ? now : parseInstant(rawTime);
  const sound =
    isName(eventId) &&
    isName(type) &&
    (subject === null || isName(subject)) &&
    occurredAt !== null &&
    shapeProblem(properties) === null;
  const propertiesJson = sound ? canonicalJson(properties) : '';
  if (!sound || isTooLarge(propertiesJson)) return explain(input, path);
  const contentHash = hashOf(type, subject, rawTime === null ? null : occurredAt, propertiesJson);
  return {
    eventId,
    type,
    subject,
    occurredAt,
    properties: properties as Record<string, unknown>,
    propertiesJson,
    contentHash,
  };
}

const NAME_MAX = 255;

function isName(text: string): boolean {
  return text.length > 0 && text.length <= NAME_MAX && isStorable(text);
}

/** The hashes that a stored event may have: sent with its time, or without one. */
export function contentHashes(
  event: Pick<RecordedEvent, 'type' | 'subject' | 'properties'>,
  occurredAt: Date,
): [string, string] {
  const json = canonicalJson(event.properties);
  return [
    hashOf(event.type, event.subject, occurredAt, json),
    hashOf(event.type, event.subject, null, json),
  ];
}

/**
 * The first 128 bits of a SHA-256 of the content as sent. A time that was left out stays out of it: the
 * retry of such an event leaves it out again.
 */
function hashOf(
  type: string,
  subject: string | null,
  occurredAt: Date | null,
  propertiesJson: string,
): string {
  const time = occurredAt === null ? null : occurredAt.toISOString();
  return sha256Hex(JSON.stringify([type, subject, time, propertiesJson])).slice(0, 32);
}

/** Says everything that is wrong with an event that was found not to be sound. */
function explain(input: UsageEventInput, path: string): Invalid {
  const check = createChecker();
  check.text(`${path}eventId`, input.eventId, NAME_MAX);
  check.text(`${path}type`, input.type, NAME_MAX);
  check.optionalText(`${path}subject`, input.subject, NAME_MAX);
  check.instant(`${path}occurredAt`, input.occurredAt);
  check.object(`${path}properties`, input.properties);
  const fault = check.fault();
  if (!fault)
    throw new Error('An event was found unsound, and then nothing was found wrong with it.');
  return fault;
}
