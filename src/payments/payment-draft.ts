import type { Clock } from '../kit/clock.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { type Id, newId } from '../kit/ids.ts';
import { firstLook } from './next-look.ts';
import type { Offer } from './offer.ts';
import type { PaymentTerms } from './payment-terms.ts';
import type { ProviderRow } from './provider-store.ts';
import type { PaymentDraft } from './store.ts';

/** What a payment is about to be made of. */
export interface Wanted {
  readonly customerId: Id<'customer'>;
  readonly origin: PaymentDraft['origin'];
  readonly terms: PaymentTerms;
  readonly offer: Offer;
  readonly row: ProviderRow;
}

/** A payment that waits for its customer, as it begins. */
export function draftPayment(
  { clock }: { readonly clock: Clock },
  { customerId, origin, terms, offer, row }: Wanted,
): PaymentDraft {
  const now = clock.now();
  return {
    id: newId('payment'),
    organizationId: row.organizationId as Id<'organization'>,
    customerId,
    providerId: row.id as Id<'paymentProvider'>,
    origin,
    assetId: offer.asset.id as Id<'asset'>,
    amount: offer.amount,
    creditAssetId: offer.creditAsset.id as Id<'asset'>,
    walletName: terms.walletName,
    credit: offer.credit,
    bonus: offer.bonus,
    expiresAfterDays: offer.expiresAfterDays,
    exchangeRateId: offer.exchangeRateId,
    packId: offer.pack?.id ?? null,
    packQuantity: offer.pack?.quantity ?? null,
    methodId: null,
    savesMethod: terms.saveMethod,
    actionUrl: null,
    returnUrl: terms.returnUrl,
    failure: null,
    description: terms.description ?? offer.description,
    metadata: terms.metadata,
    expiresAt: fromEpochMs(now.getTime() + terms.openS * 1000),
    settledAt: null,
    looks: 0,
    lookAt: firstLook(row.kind, now),
    createdAt: now,
  };
}
