import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { type Conflict, type Invalid, type NotFound, notFound } from '../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from './change.ts';
import { dimensionsKey } from './dimensions.ts';
import { modelFault } from './observed-models.ts';
import {
  decideRate,
  type RateDraft,
  type RateFields,
  readEffectiveFrom,
  readRateDraft,
} from './rate.ts';
import { readRateCard, resolveRateCard } from './rate-card.ts';
import {
  bumpCatalogue,
  findAsset,
  findMetric,
  findPrice,
  insertPrices,
  insertRates,
  type PriceKey,
  type StoredPrice,
} from './store.ts';
import { storeTerms } from './stored-terms.ts';

export interface CreatePriceInput extends RateFields {
  readonly metric: string;
  readonly asset: string;
  readonly effectiveFrom?: unknown;
  readonly rateCard?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface PriceCreated {
  readonly priceId: string;
  readonly rateId: string;
  /** False when the price already had this rate. */
  readonly created: boolean;
}

/** Finds or makes the price of a metric in an asset on a rate card, and gives it a rate. */
export async function createPrice(room: CatalogRoom, viewer: Viewer, input: CreatePriceInput) {
  const check = createChecker();
  const draft = readRateDraft(check, '', input);
  const effectiveFrom = readEffectiveFrom(check, 'effectiveFrom', input.effectiveFrom);
  const rateCard = readRateCard(check, input.rateCard);
  const fault = check.fault();
  if (fault) return fault;
  return changeCatalogue(
    room,
    viewer,
    { operation: 'createPrice', input },
    async (tx, now): Promise<PriceCreated | NotFound | Conflict | Invalid> => {
      const key = await resolveKey(tx, viewer, { ...input, rateCard }, draft, now);
      if ('refusal' in key) return key;
      const price = await findPrice(tx, viewer, key);
      return addRate(tx, viewer, { key, price, draft, effectiveFrom, now });
    },
  );
}

async function resolveKey(
  tx: Tx,
  viewer: Viewer,
  input: { readonly metric: string; readonly asset: string; readonly rateCard: string },
  draft: RateDraft,
  now: Date,
): Promise<PriceKey | NotFound | Conflict | Invalid> {
  const metric = await findMetric(tx, viewer, input.metric);
  if (!metric) return notFound('metric', 'BillableMetric', input.metric);
  const misfit = modelFault('model', metric.aggregation, draft.terms);
  if (misfit) return misfit;
  const asset = await findAsset(tx, viewer, input.asset);
  if (!asset) return notFound('asset', 'Asset', input.asset);
  const card = await resolveRateCard(tx, viewer, input.rateCard, now);
  if ('refusal' in card) return card;
  return { rateCardId: card.id, metricId: metric.id, assetId: asset.id };
}

interface RateToAdd {
  readonly key: PriceKey;
  readonly price: StoredPrice | null;
  readonly draft: RateDraft;
  readonly effectiveFrom: Date | null;
  readonly now: Date;
}

async function addRate(
  tx: Tx,
  viewer: Viewer,
  { key, price, draft, effectiveFrom, now }: RateToAdd,
): Promise<PriceCreated | Conflict> {
  const wanted = dimensionsKey(draft.dimensions);
  const existing = price?.rates.filter((rate) => dimensionsKey(rate.dimensions) === wanted) ?? [];
  const decision = decideRate(existing, draft, effectiveFrom, now);
  if ('refusal' in decision) return decision;
  if (price && decision.kind === 'SAME') {
    return { priceId: price.id, rateId: decision.rate.id, created: false };
  }
  const priceId = price?.id ?? (await insertPrices(tx, viewer, key.rateCardId, [key], now))[0];
  if (!priceId) throw new Error('A price was inserted without an id.');
  const row = {
    priceId,
    dimensions: draft.dimensions,
    ...storeTerms(draft.terms),
    effectiveFrom: decision.kind === 'ADD' ? decision.effectiveFrom : null,
  };
  const [rateId] = await insertRates(tx, viewer, [row], now);
  if (!rateId) throw new Error('A rate was inserted without an id.');
  await bumpCatalogue(tx, viewer);
  return { priceId, rateId, created: true };
}
