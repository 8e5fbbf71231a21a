import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import {
  beginTopUp,
  type OfferRefusal,
  type TopUpMade,
  type TopUpRefusal,
} from './begin-top-up.ts';
import type { PaymentsRoom } from './deps.ts';
import { type MakeOffer, type OfferInput, offerNames } from './make-offer.ts';
import { draftPayment } from './payment-draft.ts';
import { readTerms, type TermsInput } from './payment-terms.ts';
import type { PaymentDraft } from './store.ts';

export interface CreateTopUpInput extends OfferInput, TermsInput {
  readonly idempotencyKey?: string | null | undefined;
}

/** What verbs that sell go by. */
export interface SellingRoom extends PaymentsRoom {
  readonly makeOffer: MakeOffer;
}

/**
 * Asks a customer for money: a payment, and the page of a provider where it is paid. Nothing is credited yet. Where the provider
 * does not answer the payment waits for it: the same call with its idempotency key goes on with it.
 */
export async function createTopUp(
  room: SellingRoom,
  viewer: Viewer,
  customerId: Id<'customer'>,
  input: CreateTopUpInput,
): Promise<TopUpMade | TopUpRefusal> {
  const check = createChecker();
  const terms = readTerms(check, input);
  offerNames(check, input);
  const fault = check.fault();
  if (fault) return fault;
  return beginTopUp(room, {
    viewer,
    operation: 'createTopUp',
    input: { ...input, customerId },
    async draft(): Promise<PaymentDraft | OfferRefusal> {
      const offer = await room.makeOffer(viewer, input);
      if (isRefusal(offer)) return offer;
      const row = await room.providers.choose(viewer, input.provider ?? null);
      if (isRefusal(row)) return row;
      return draftPayment(room, { customerId, origin: 'TOP_UP', terms, offer, row });
    },
  });
}
