import { type Exact, ONE } from '../../kit/decimal.ts';
import { type ExchangedAsset, placesOf, quoteExchange } from './quote.ts';
import type { ExchangeInForce } from './store.ts';

/** What a wallet holds, in another asset. */
export interface Worth {
  readonly assetId: string;
  readonly settled: Exact;
  readonly available: Exact;
  /** Null in the wallet's own asset, in which it is worth what it is. */
  readonly exchangeRateId: string | null;
  readonly rate: Exact;
  readonly at: Date;
}

/** What is in a wallet was not sold again: it is worth what it counts for when it is spent. Null without a rate. */
export function worthOf(
  balance: { readonly settled: Exact; readonly available: Exact },
  asset: ExchangedAsset & { readonly id: string },
  inForce: ExchangeInForce | 'OWN' | null,
  at: Date,
): Worth | null {
  if (inForce === null) return null;
  const rate = inForce === 'OWN' ? ONE : inForce.rate;
  const places = placesOf('SPEND', asset);
  return {
    assetId: asset.id,
    settled: quoteExchange(balance.settled, rate, places).worth,
    available: quoteExchange(balance.available, rate, places).worth,
    exchangeRateId: inForce === 'OWN' ? null : inForce.id,
    rate,
    at,
  };
}
