import type { Viewer } from '../../access/viewer.ts';
import { type Checker, createChecker } from '../../kit/check.ts';
import { type Exact, LIMIT, roundTo } from '../../kit/decimal.ts';
import { type Invalid, invalid, type NotFound } from '../../kit/refusal.ts';
import type { CatalogRoom } from '../change.ts';
import {
  type ExchangeAmount,
  type ExchangedAsset,
  type ExchangePurpose,
  placesOf,
  quoteExchange,
} from './quote.ts';
import type { ExchangeRateNotFound } from './refusals.ts';
import { type ResolvedPair, resolvePair } from './resolve-pair.ts';
import { findInForce } from './store.ts';

export interface QuoteExchangeInput {
  /** Codes or TypeIDs. */
  readonly from: string;
  readonly to: string;
  readonly amount: unknown;
  readonly purpose: ExchangePurpose;
  readonly at?: unknown;
}

export interface ExchangeQuote extends ExchangeAmount {
  readonly fromAssetId: string;
  readonly toAssetId: string;
  readonly exchangeRateId: string;
  readonly purpose: ExchangePurpose;
  readonly amount: Exact;
  readonly rate: Exact;
  readonly at: Date;
  readonly effectiveAt: Date;
  readonly validUntil: Date | null;
}

/** What an amount is worth in another asset, by the rate of exactly this pair that is in force. */
export async function findExchangeQuote(
  { db, clock }: CatalogRoom,
  viewer: Viewer,
  input: QuoteExchangeInput,
): Promise<ExchangeQuote | ExchangeRateNotFound | NotFound | Invalid> {
  const { purpose } = input;
  const pair = await resolvePair(db, viewer, input);
  if ('refusal' in pair) return pair;
  const check = createChecker();
  const amount = readAmount(check, input, pair.from);
  const at = check.instant('at', input.at) ?? clock.now();
  const fault = check.fault();
  if (fault) return fault;

  const ids = { fromAssetId: pair.from.id, toAssetId: pair.to.id };
  const [inForce] = await findInForce(db.direct, viewer, [{ ...ids, purpose, at }]);
  if (!inForce) return noRate(pair, purpose, at);
  const { id: exchangeRateId, rate, effectiveAt, validUntil } = inForce;
  const quoted = quoteExchange(amount, rate, placesOf(purpose, pair.to));
  if (quoted.worth >= LIMIT) return tooMuch();
  return {
    ...{ ...ids, exchangeRateId, purpose, amount, rate, at, effectiveAt, validUntil },
    ...quoted,
  };
}

/** Nobody pays half a cent, though a wallet may have it. */
function readAmount(
  check: Checker,
  { amount: given, purpose }: QuoteExchangeInput,
  from: ExchangedAsset & { readonly code: string },
): Exact {
  const amount = check.nonNegative('amount', given, from.scale);
  const places = placesOf(purpose, from);
  if (amount !== null && roundTo(amount, places) !== amount) {
    const message = `${from.code} is paid in ${places} decimal places.`;
    check.note('amount', 'SCALE_EXCEEDED', message);
  }
  return amount;
}

function noRate({ from, to }: ResolvedPair, purpose: ExchangePurpose, at: Date) {
  return {
    refusal: 'ExchangeRateNotFound',
    ...{ from: from.code, to: to.code, fromAssetId: from.id, toAssetId: to.id },
    ...{ purpose, at },
  } as const;
}

function tooMuch(): Invalid {
  const message = 'What it is worth has more than 26 digits before the decimal point.';
  return invalid({ path: 'amount', code: 'OUT_OF_RANGE', message });
}
