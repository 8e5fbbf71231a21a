import { createHmac, timingSafeEqual } from 'node:crypto';
import { SECOND_MS } from '../../../kit/clock.ts';
import type { RawWebhook, WebhookFault, WebhookNotice } from '../../provider.ts';
import { isServiceId } from './payment-request.ts';

const HEADER = 'x-signature';
const TOLERANCE_MS = 300 * SECOND_MS;
/** A secret that is being replaced, and the one that replaces it; nobody needs more. */
const MAX_SIGNATURES = 5;
const TYPE_MAX = 128;

/** Checks who signed a webhook, then when, and only then what it says. */
export function readWebhook(secret: string, raw: RawWebhook): WebhookNotice | WebhookFault {
  const header = raw.headers[HEADER];
  if (header === undefined || header === '') return 'NO_SIGNATURE';
  const given = readHeader(header);
  if (given === null) return 'BAD_SIGNATURE';
  const right = createHmac('sha256', secret).update(`${given.seconds}.`).update(raw.body).digest();
  if (!given.signatures.some((signature) => timingSafeEqual(signature, right))) {
    return 'BAD_SIGNATURE';
  }
  const ageMs = raw.receivedAt.getTime() - Number(given.seconds) * SECOND_MS;
  // From the future too: a clock that far ahead would let it be sent again for longer than we say.
  if (Math.abs(ageMs) > TOLERANCE_MS) return 'TOO_OLD';
  return readNotice(raw.body);
}

/** `t=1700000000,v1=<64 hex digits>`; the text of the time is what was signed. */
function readHeader(header: string) {
  const parts = header.split(',').map((part) => part.trim());
  const seconds = parts.flatMap((part) => /^t=(\d{1,12})$/.exec(part)?.[1] ?? []);
  const signatures = parts.flatMap((part) => {
    const hex = /^v1=([0-9a-f]{64})$/i.exec(part)?.[1];
    return hex === undefined ? [] : [Buffer.from(hex, 'hex')];
  });
  const [only] = seconds;
  if (only === undefined || seconds.length > 1) return null;
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) return null;
  return { seconds: only, signatures };
}

function readNotice(body: Buffer): WebhookNotice | WebhookFault {
  const event = parse(body);
  if (!isObject(event) || !isServiceId(event.id)) return 'MALFORMED';
  const { id, type, data } = event;
  if (typeof type !== 'string' || type === '' || type.length > TYPE_MAX) return 'MALFORMED';
  if (data == null) return { eventId: id, type, ref: null, paymentId: null };
  if (!isObject(data) || !isIdOrNothing(data.id) || !isIdOrNothing(data.reference)) {
    return 'MALFORMED';
  }
  return { eventId: id, type, ref: data.id ?? null, paymentId: data.reference ?? null };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIdOrNothing(value: unknown): value is string | null | undefined {
  return value == null || isServiceId(value);
}
