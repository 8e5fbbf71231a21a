import { sha256Hex } from '../kit/canonical.ts';
import { hasCardNumber, redactCardNumbers } from '../kit/card-numbers.ts';
import { fromTypeId, newId } from '../kit/ids.ts';
import type { PaymentsRoom } from './deps.ts';
import { findPaymentByRef } from './event-store.ts';
import type { ProviderKind, RawWebhook, WebhookFault, WebhookNotice } from './provider.ts';
import { type ProviderRow, readProvidersOfKind } from './provider-store.ts';
import type { OpenProvider } from './providers.ts';
import { QUEUE_EVENT } from './sql/add-jobs.ts';
import { TAKE_IN_EVENT } from './sql/take-in-event.ts';

/** What a webhook is answered. */
export type Received =
  | { readonly kind: 'TAKEN'; readonly isNew: boolean }
  | { readonly kind: 'REFUSED'; readonly fault: WebhookFault }
  | { readonly kind: 'NOBODY' };

const KINDS: Readonly<Record<string, ProviderKind>> = {
  sandbox: 'SANDBOX',
  stripe: 'STRIPE',
  crypto: 'CRYPTO',
  onchain: 'ONCHAIN',
  manual: 'MANUAL',
};

/**
 * Takes in a webhook: checks its signature, and keeps it with a job that looks at what it tells of, in one transaction. It is
 * answered then, before anything is looked at. One that came before, also at the same moment in another process, is nothing new.
 */
export async function receiveWebhook(
  room: PaymentsRoom,
  to: string,
  raw: RawWebhook,
): Promise<Received> {
  let fault: WebhookFault | null = null;
  for await (const { row, provider } of addresseesOf(room, to)) {
    const read = provider.readWebhook(raw);
    if (typeof read !== 'string')
      return { kind: 'TAKEN', isNew: await takeIn(room, row, read, raw) };
    // Of several the one that got furthest says why.
    if (fault === null || read === 'TOO_OLD' || read === 'MALFORMED') fault = read;
  }
  return fault === null ? { kind: 'NOBODY' } : { kind: 'REFUSED', fault };
}

/** One by its id, or those of a kind, of whom the signature tells who is meant. */
async function* addresseesOf(
  { db, log, providers }: PaymentsRoom,
  to: string,
): AsyncGenerator<OpenProvider> {
  const id = fromTypeId('paymentProvider', to);
  if (id) {
    const opened = await providers.openById(id);
    if (opened && opened.row.disabledAt === null) yield opened;
    return;
  }
  const kind = KINDS[to];
  if (!kind) return;
  for await (const row of readProvidersOfKind(db, kind)) {
    try {
      yield await providers.open(row);
    } catch (error) {
      // What keeps one from being read is no reason for the others.
      log.warn({ provider: row.id, error }, 'A payment provider could not be opened.');
    }
  }
}

async function takeIn(
  room: PaymentsRoom,
  { id: providerId, organizationId }: ProviderRow,
  notice: WebhookNotice,
  { body, receivedAt }: RawWebhook,
): Promise<boolean> {
  const named = await withoutCardNumbers(room, providerId, notice);
  const [eventId, type, ref, paymentId] = [
    named.eventId,
    named.type,
    named.ref,
    named.paymentId,
  ].map((name) => name && storable(name));
  const text = redactCardNumbers(storable(body.toString('utf8')));
  return room.db.transaction(async (tx) => {
    const id = newId('paymentEvent');
    const of = [id, organizationId, providerId, eventId, type, ref, paymentId];
    const [row] = await tx.query<{ id: string }>(TAKE_IN_EVENT, [...of, text, receivedAt]);
    if (row) await tx.query(QUEUE_EVENT, [row.id]);
    return row !== undefined;
  });
}

/** PostgreSQL keeps no text with a NUL in it. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}

/**
 * Names that a provider gives are no numbers of cards, unless somebody puts one there. One that looks like it is kept as a hash
 * where it only has to be the same again, and not at all as the name of an object that nobody here has heard of.
 */
async function withoutCardNumbers(
  { db }: PaymentsRoom,
  providerId: string,
  { eventId, type, ref, paymentId }: WebhookNotice,
): Promise<WebhookNotice> {
  const isHeardOf = async (name: string) =>
    !hasCardNumber(name) || (await findPaymentByRef(db, providerId, name)) !== null;
  return {
    eventId: hasCardNumber(eventId) ? `sha256:${sha256Hex(eventId)}` : eventId,
    type: redactCardNumbers(type),
    ref: ref !== null && (await isHeardOf(ref)) ? ref : null,
    paymentId: paymentId && redactCardNumbers(paymentId),
  };
}
