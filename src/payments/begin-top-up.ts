import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { ExchangeRateNotFound } from '../catalog/exchange/refusals.ts';
import type { Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import type { Id } from '../kit/ids.ts';
import { type CommonRefusal, isRefusal, type Refusal } from '../kit/refusal.ts';
import { writeOutbox } from '../live/outbox.ts';
import { beginCheckout } from './begin-payment.ts';
import type { PaymentsRoom } from './deps.ts';
import type { Attempt } from './limits/attempt.ts';
import { checkVelocity } from './limits/check-velocity.ts';
import { hashNetwork } from './limits/hash-network.ts';
import { readLimits } from './limits/limits.ts';
import { noteAsked } from './limits/note-attempt.ts';
import { tellLimited } from './limits/tell-limited.ts';
import type { ProviderRefused, ProviderUnavailable, VelocityLimit } from './refusals.ts';
import { readSettings } from './settings.ts';
import { insertPayment, type PaymentDraft, readState } from './store.ts';
import { toldOfNewPayment } from './tell.ts';

export interface TopUpMade {
  readonly paymentId: Id<'payment'>;
  readonly customerId: Id<'customer'>;
}

/** Why there is nothing to pay. */
export type OfferRefusal = CommonRefusal | ExchangeRateNotFound;

export type TopUpRefusal = OfferRefusal | ProviderUnavailable | ProviderRefused | VelocityLimit;

/** Who asks, for what, and what the payment is made of. */
export interface Beginning {
  readonly viewer: Viewer;
  /** From where the customer pays; null when nobody has said. */
  readonly ip: string | null;
  readonly operation: string;
  /** All that was asked for; a key names the call. */
  readonly input: Readonly<Record<string, unknown>> & {
    readonly idempotencyKey?: string | null | undefined;
  };
  /** Asked only where the call was not answered before. */
  draft(): Promise<PaymentDraft | OfferRefusal>;
  /** Looked at within the transaction that keeps the payment, before it is kept. */
  readonly refuse?: (tx: Tx) => Promise<OfferRefusal | null>;
}

/** Makes the transaction roll back: nobody has made this call before. */
interface Unanswered extends Refusal<'Unanswered'> {}

/**
 * Keeps a payment, and has its provider make the page for it. The same call with its idempotency key is answered with the same
 * payment, whatever has become of what it was made of; where the provider did not answer, it goes on with it.
 */
export async function beginTopUp(
  room: PaymentsRoom,
  beginning: Beginning,
): Promise<TopUpMade | TopUpRefusal> {
  const made = (await recall(room, beginning)) ?? (await makeAnew(room, beginning));
  if (isRefusal(made)) return made;
  const payment = await readState(room.db, { id: made.paymentId, customerId: made.customerId });
  if (payment.ref === null && payment.status === 'PENDING') {
    const refusal = await beginCheckout(room, payment);
    if (refusal) return refusal;
  }
  return made;
}

/** What the call was answered before; null when it was not. */
async function recall(room: PaymentsRoom, { viewer, operation, input }: Beginning) {
  if (input.idempotencyKey == null) return null;
  const call = { ...inOrganization(viewer), operation, input };
  const answer = await room.db.transaction((tx) =>
    once<TopUpMade | Unanswered>(tx, room.clock, call, async () => ({ refusal: 'Unanswered' })),
  );
  return isRefusal(answer) && answer.refusal === 'Unanswered' ? null : answer;
}

async function makeAnew(room: PaymentsRoom, beginning: Beginning) {
  const { viewer, ip, operation, input, refuse } = beginning;
  const draft = await beginning.draft();
  if (isRefusal(draft)) return draft;
  const { id: paymentId, customerId } = draft;
  const call = { ...inOrganization(viewer), operation, input };
  const attempt = attemptOf(room, draft, ip);
  const made = await room.db.transaction((tx) =>
    once<TopUpMade | OfferRefusal | VelocityLimit>(tx, room.clock, call, async () => {
      const { limits } = await readSettings(tx, draft.organizationId);
      const limited = await checkVelocity(tx, readLimits(limits), attempt, draft.createdAt);
      if (limited) return limited;
      const refusal = await refuse?.(tx);
      if (refusal) return refusal;
      await noteAsked(tx, attempt, draft.createdAt);
      await insertPayment(tx, draft);
      await writeOutbox(tx, toldOfNewPayment({ ...draft, status: 'PENDING' }), draft.createdAt);
      return { paymentId, customerId };
    }),
  );
  if (isRefusal(made) && made.refusal === 'VelocityLimit') await tellLimited(room, attempt, made);
  room.announce([]);
  return made;
}

function attemptOf({ settings }: PaymentsRoom, draft: PaymentDraft, ip: string | null): Attempt {
  const { id: paymentId, organizationId, customerId, assetId, amount } = draft;
  const ipHash = hashNetwork(settings.cipher, organizationId, ip);
  const of = { paymentId, organizationId, customerId, assetId, amount, ipHash };
  return { ...of, byRule: false, fingerprintHash: null };
}
