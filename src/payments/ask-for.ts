import type { Viewer } from '../access/viewer.ts';
import type { ExchangeRateNotFound } from '../catalog/exchange/refusals.ts';
import type { Catalog } from '../catalog/service.ts';
import { type Exact, ONE, plain, roundTo, ZERO } from '../kit/decimal.ts';
import { type Id, toTypeId } from '../kit/ids.ts';
import { type CommonRefusal, isRefusal } from '../kit/refusal.ts';
import type { MakeOffer } from './make-offer.ts';
import { type Offer, paidScale } from './offer.ts';

/** So much credit at least, and what it is paid in: the code of an asset; the credited one when left out. */
export interface WantedCredit {
  readonly assetId: Id<'asset'>;
  readonly credit: Exact;
  readonly currency?: string | null | undefined;
}

export type AskFor = (
  viewer: Viewer,
  wanted: WantedCredit,
) => Promise<Offer | CommonRefusal | ExchangeRateNotFound>;

/** What is to be paid to have so much credit: as little as can be paid for it. */
export function createAskFor(
  catalog: Pick<Catalog, 'exchange' | 'resolveAsset'>,
  makeOffer: MakeOffer,
): AskFor {
  return async (viewer, { assetId, credit, currency }) => {
    const name = toTypeId('asset', assetId);
    const asset = await catalog.resolveAsset(viewer, currency ?? name, 'currency');
    if (isRefusal(asset)) return asset;
    const places = paidScale(asset);
    const offerFor = (amount: Exact) =>
      makeOffer(viewer, { asset: name, currency: asset.code, amount: plain(amount) });
    if (asset.id === assetId) return offerFor(roundUp(credit, places));
    const names = { from: asset.code, to: name, amount: '1', purpose: 'TOP_UP' as const };
    const quote = await catalog.exchange.quoteExchange(viewer, names);
    if (isRefusal(quote)) return quote;
    const amount = roundUp(divideUp(credit, quote.rate), places);
    const offer = await offerFor(amount);
    // What is credited is rounded, which may be down.
    if (isRefusal(offer) || offer.credit >= credit) return offer;
    return offerFor(amount + stepOf(places));
  };
}

/** The smallest that is paid: a cent. */
function stepOf(places: number): Exact {
  return ONE / 10n ** BigInt(places);
}

function roundUp(amount: Exact, places: number): Exact {
  const rounded = roundTo(amount, places);
  return rounded >= amount ? rounded : rounded + stepOf(places);
}

function divideUp(amount: Exact, by: Exact): Exact {
  const product = amount * ONE;
  return product / by + (product % by === ZERO ? ZERO : 1n);
}
