import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import type { Id } from '../kit/ids.ts';
import { ipNetwork } from '../kit/ip-network.ts';
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
import { refuseCardNumbers } from './refuse-card-numbers.ts';
import type { PaymentDraft } from './store.ts';

export interface CreateTopUpInput extends OfferInput, TermsInput {
  /** From where the customer pays. Not a part of what is asked: the same call may come from elsewhere. */
  readonly ipAddress?: string | null | undefined;
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
  { ipAddress, ...input }: CreateTopUpInput,
): Promise<TopUpMade | TopUpRefusal> {
  const check = createChecker();
  const terms = readTerms(check, input);
  if (ipAddress != null && ipNetwork(ipAddress) === null) {
    check.note('ipAddress', 'BAD_FORMAT', 'Write an address such as 203.0.113.7 or 2001:db8::7.');
  }
  offerNames(check, input);
  // Amounts are no text, and are read as amounts.
  const { amount: _amount, bonus: _bonus, ...texts } = input;
  refuseCardNumbers(check, { ...texts, ipAddress });
  const fault = check.fault();
  if (fault) return fault;
  return beginTopUp(room, {
    viewer,
    ip: ipAddress ?? null,
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
