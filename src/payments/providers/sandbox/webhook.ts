import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { SECOND_MS } from '../../../kit/clock.ts';
import type { RawWebhook, WebhookFault, WebhookNotice } from '../../provider.ts';

/** `t=<seconds>,v1=<hex>`: the HMAC of `<seconds>.<body>` with SHA-256. */
const SIGNATURE_HEADER = 'sandbox-signature';
/** Older ones may be somebody's who kept them, and those from the future are somebody's whose clock is wrong. */
const TOLERANCE_MS = 300 * SECOND_MS;

const BODY = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.iso.datetime(),
  data: z.object({ ref: z.string().nullable(), paymentId: z.string().nullish() }),
});

export interface SandboxEvent {
  readonly id: string;
  readonly type: string;
  readonly at: Date;
  readonly ref: string;
}

/** Signed as others sign theirs. The payment's own id is in the object, which is looked at anyway. */
export function writeSandboxWebhook(secret: string, { id, type, at, ref }: SandboxEvent) {
  const created = at.toISOString();
  const body = Buffer.from(JSON.stringify({ id, type, created, data: { ref } }));
  const seconds = String(Math.floor(at.getTime() / SECOND_MS));
  const signature = `t=${seconds},v1=${sign(secret, seconds, body).toString('hex')}`;
  const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature };
  return { headers, body, receivedAt: at } satisfies RawWebhook;
}

/** The signature first: of what others wrote nothing is read. */
export function readSandboxWebhook(secret: string, raw: RawWebhook): WebhookNotice | WebhookFault {
  const { seconds, signatures } = readSignature(raw.headers[SIGNATURE_HEADER] ?? '');
  if (seconds === null || signatures.length === 0) return 'NO_SIGNATURE';
  const expected = sign(secret, seconds, raw.body);
  if (!signatures.some((given) => isSame(given, expected))) return 'BAD_SIGNATURE';
  const ageMs = raw.receivedAt.getTime() - Number(seconds) * SECOND_MS;
  if (Math.abs(ageMs) > TOLERANCE_MS) return 'TOO_OLD';
  return readBody(raw.body) ?? 'MALFORMED';
}

function readBody(body: Buffer): WebhookNotice | null {
  const read = BODY.safeParse(parseJson(body.toString('utf8')));
  if (!read.success) return null;
  const { id, type, data } = read.data;
  return { eventId: id, type, ref: data.ref, paymentId: data.paymentId ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readSignature(header: string) {
  const parts = header.split(',').map((part) => part.trim());
  const valuesOf = (name: string) =>
    parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  const seconds = valuesOf('t').find((text) => /^\d{1,12}$/.test(text)) ?? null;
  return { seconds, signatures: valuesOf('v1') };
}

function sign(secret: string, seconds: string, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}

function isSame(hex: string, expected: Buffer): boolean {
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
