import { SECOND_MS } from '../../../kit/clock.ts';
import type { RawWebhook, WebhookFault, WebhookNotice } from '../../provider.ts';
import type { StripeClient } from './client.ts';

/** A signature counts for so long. */
const TOLERANCE_SECONDS = 300;
const HOWEVER_OLD = Number.MAX_SAFE_INTEGER;

/** By Stripe's own rules, and measured against when it came: a queue may keep it for longer than it counts. */
export function readWebhook(client: StripeClient, raw: RawWebhook): WebhookNotice | WebhookFault {
  const header = raw.headers['stripe-signature'];
  if (!header) return 'NO_SIGNATURE';
  if (!isSigned(client, raw, header, HOWEVER_OLD)) return 'BAD_SIGNATURE';
  if (!isSigned(client, raw, header, TOLERANCE_SECONDS) || isAhead(raw, header)) return 'TOO_OLD';
  return readEvent(raw.body) ?? 'MALFORMED';
}

/** The SDK lets pass what was signed at a time that is still to come. */
function isAhead({ receivedAt }: RawWebhook, header: string): boolean {
  const [, seconds] = /(?:^|,)t=(\d+)/.exec(header) ?? [];
  return Number(seconds) * SECOND_MS > receivedAt.getTime() + TOLERANCE_SECONDS * SECOND_MS;
}

function isSigned(
  { stripe, webhookSecret }: StripeClient,
  { body, receivedAt }: RawWebhook,
  header: string,
  toleranceSeconds: number,
): boolean {
  const { signature } = stripe.webhooks;
  try {
    signature?.verifyHeader(
      body,
      header,
      webhookSecret,
      toleranceSeconds,
      undefined,
      receivedAt.getTime(),
    );
    return signature !== null;
  } catch {
    // The SDK trips over some headers that are none: whatever it throws, nothing was verified.
    return false;
  }
}

/** As much of any event as is read, whatever version of the API the endpoint was made for. */
interface EventBody {
  readonly object?: unknown;
  readonly id?: unknown;
  readonly type?: unknown;
  readonly data?: { readonly object?: EventObject | null } | null;
}

interface EventObject {
  readonly object?: unknown;
  readonly id?: unknown;
  readonly payment_intent?: unknown;
  readonly metadata?: { readonly paymentId?: unknown } | null;
}

/** Null for what is no event. */
function readEvent(body: Buffer): WebhookNotice | null {
  const { object, id, type, data } = parse(body) ?? {};
  if (object !== 'event' || typeof id !== 'string' || typeof type !== 'string') return null;
  if (typeof data?.object !== 'object' || !data.object) return null;
  const ref = refOf(data.object);
  const paymentId = data.object.metadata?.paymentId;
  const isOurs = ref !== null && typeof paymentId === 'string';
  return { eventId: id, type, ref, paymentId: isOurs ? paymentId : null };
}

function parse(body: Buffer): EventBody | null {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function refOf({ object, id, payment_intent }: EventObject): string | null {
  switch (object) {
    case 'checkout.session':
    case 'payment_intent':
      return textOf(id);
    case 'charge':
    case 'refund':
    case 'dispute':
      return textOf(payment_intent);
    default:
      return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
