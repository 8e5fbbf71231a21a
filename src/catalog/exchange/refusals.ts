import type { Refusal } from '../../kit/refusal.ts';
import type { ExchangePurpose } from './quote.ts';
import type { ExchangePair } from './store.ts';

/** No rate says what one asset is worth in the other, for this purpose at this instant. */
export interface ExchangeRateNotFound extends Refusal<'ExchangeRateNotFound'>, ExchangePair {
  /** The codes of the pair's assets, in the direction that was asked for. */
  readonly from: string;
  readonly to: string;
  readonly purpose: ExchangePurpose;
  readonly at: Date;
}
