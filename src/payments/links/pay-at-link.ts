import type { Viewer } from '../../access/viewer.ts';
import { createChecker } from '../../kit/check.ts';
import { plain } from '../../kit/decimal.ts';
import { toTypeId } from '../../kit/ids.ts';
import { type Conflict, conflict, invalid, isRefusal } from '../../kit/refusal.ts';
import {
  beginTopUp,
  type OfferRefusal,
  type TopUpMade,
  type TopUpRefusal,
} from '../begin-top-up.ts';
import type { SellingRoom } from '../create-top-up.ts';
import { draftPayment } from '../payment-draft.ts';
import { readTerms } from '../payment-terms.ts';
import type { PaymentDraft } from '../store.ts';
import { boughtAt, type LinkStanding, type LinkState, PAY_PATH, standingOf } from './link.ts';
import { countUses, lockLink } from './link-store.ts';

/** What was sent with the form of a link's page. */
export interface PaidAtLink {
  /** What was chosen; null where nothing is to be chosen. */
  readonly amount: string | null;
  /** Of the form: what is sent with the same one twice is one payment. */
  readonly token: string;
  /** From where it was sent; null when that is not known. */
  readonly ip: string | null;
}

/** Makes a payment for the customer of a link, the way that every top-up is made. */
export function payAtLink(
  room: SellingRoom,
  viewer: Viewer,
  link: LinkState,
  { amount, token, ip }: PaidAtLink,
): Promise<TopUpMade | TopUpRefusal> {
  const { id, customerId, description, walletName, metadata, providerId } = link;
  return beginTopUp(room, {
    viewer,
    ip,
    operation: 'payAtLink',
    // Who goes back and chooses another amount pays for that.
    input: { link: id, amount, idempotencyKey: `${id} ${token} ${amount ?? ''}`.slice(0, 255) },
    async draft(): Promise<PaymentDraft | OfferRefusal> {
      const offer = await room.makeOffer(viewer, boughtAt(link, amount));
      if (isRefusal(offer)) return offer;
      const { bounds } = link;
      if (bounds !== null && (offer.amount < bounds.min || offer.amount > bounds.max)) {
        const message = `From ${plain(bounds.min)} to ${plain(bounds.max)} ${offer.asset.code}.`;
        return invalid({ path: 'amount', code: 'OUT_OF_RANGE', message });
      }
      const name = providerId && toTypeId('paymentProvider', providerId);
      const row = await room.providers.choose(viewer, name);
      if (isRefusal(row)) return row;
      const terms = readTerms(createChecker(), { walletName, description, metadata });
      const wanted = { customerId, origin: 'PAYMENT_LINK' as const, terms, offer, row };
      const draft = draftPayment(room, wanted);
      return { ...draft, linkId: id, returnUrl: addressOf(room, link, draft.id) };
    },
    // Of those who pay at once at a link that may be used once, one does.
    async refuse(tx): Promise<Conflict | null> {
      const locked = await lockLink(tx, link);
      const standing = standingOf(locked, await countUses(tx, locked), room.clock.now());
      return standing === 'OPEN' ? null : conflict('link', STANDING_WORDS[standing]);
    },
  });
}

/** Why nobody can pay at a link, for whoever wanted to. */
export const STANDING_WORDS: Readonly<Record<Exclude<LinkStanding, 'OPEN'>, string>> = {
  INACTIVE: 'This link is not in use any more. Ask whoever sent it to you for another one.',
  EXPIRED: 'The time to pay at this link is over. Ask whoever sent it to you for another one.',
  USED_UP: 'What was to be paid at this link is paid, or is being paid.',
};

/** The page of a link; of one of its payments. */
export function addressOf(
  { settings }: Pick<SellingRoom, 'settings'>,
  { slug }: Pick<LinkState, 'slug'>,
  paymentId?: string,
): string {
  const page = `${settings.publicUrl()}${PAY_PATH}${slug}`;
  return paymentId === undefined ? page : `${page}/${toTypeId('payment', paymentId)}`;
}
