import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { type Conflict, type Invalid, type NotFound, notFound } from '../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from './change.ts';
import { diffRates, type PlannedRate, type RatesDiff } from './diff-rates.ts';
import { readRateCard, resolveRateCard } from './rate-card.ts';
import {
  type ImportRateInput,
  type RateImport,
  readRateImports,
  resolveRates,
} from './rate-import.ts';
import {
  bumpCatalogue,
  findAsset,
  findPrices,
  findRateCard,
  insertPrices,
  insertRates,
  type StoredPrice,
} from './store.ts';

export interface ImportRatesInput {
  readonly asset: string;
  readonly rateCard?: string | null | undefined;
  readonly rates: readonly ImportRateInput[];
  readonly dryRun?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface RatesImported extends RatesDiff {
  /** False for a dry run, and when nothing differed. */
  readonly written: boolean;
}

/**
 * Compares many rates with those that are in force on a card, and gives the card what differs, in one
 * transaction. New dimensions are covered from the beginning of time, others change from now on.
 */
export async function importRates(room: CatalogRoom, viewer: Viewer, input: ImportRatesInput) {
  const check = createChecker();
  const rateCard = readRateCard(check, input.rateCard);
  const rates = readRateImports(check, input.rates);
  const fault = check.fault();
  if (fault) return fault;
  const wanted = { asset: input.asset, rateCard, rates };
  // A dry run writes nothing, so there is nothing that an idempotency key could protect.
  if (input.dryRun) {
    return room.db.transaction(async (tx) => {
      const comparison = await compare(tx, viewer, wanted, room.clock.now());
      return 'refusal' in comparison ? comparison : { ...comparison.diff, written: false };
    });
  }
  return changeCatalogue(room, viewer, { operation: 'importRates', input }, async (tx, now) => {
    const comparison = await compare(tx, viewer, wanted, now);
    return 'refusal' in comparison ? comparison : apply(tx, viewer, comparison, rateCard, now);
  });
}

interface Comparison {
  readonly assetId: string;
  readonly prices: readonly StoredPrice[];
  readonly diff: RatesDiff;
  readonly planned: readonly PlannedRate[];
}

async function compare(
  tx: Tx,
  viewer: Viewer,
  wanted: {
    readonly asset: string;
    readonly rateCard: string;
    readonly rates: readonly RateImport[];
  },
  now: Date,
): Promise<Comparison | NotFound | Invalid> {
  const asset = await findAsset(tx, viewer, wanted.asset);
  if (!asset) return notFound('asset', 'Asset', wanted.asset);
  const rates = await resolveRates(tx, viewer, wanted.rates);
  if ('refusal' in rates) return rates;
  const card = await findRateCard(tx, viewer, wanted.rateCard);
  const metricIds = [...new Set(rates.map((rate) => rate.metricId))];
  const prices = card
    ? await findPrices(tx, viewer, { rateCardId: card.id, assetId: asset.id, metricIds })
    : [];
  return { assetId: asset.id, prices, ...diffRates(prices, rates, now) };
}

async function apply(
  tx: Tx,
  viewer: Viewer,
  { assetId, prices, diff, planned }: Comparison,
  rateCard: string,
  now: Date,
): Promise<RatesImported | NotFound | Conflict> {
  if (planned.length === 0) return { ...diff, written: false };
  const card = await resolveRateCard(tx, viewer, rateCard, now);
  if ('refusal' in card) return card;
  const priceIds = new Map(prices.map((price) => [price.metricId, price.id]));
  const lacking = new Set(
    planned.map(({ metricId }) => metricId).filter((id) => !priceIds.has(id)),
  );
  const keys = [...lacking].map((metricId) => ({ metricId, assetId }));
  const ids = await insertPrices(tx, viewer, card.id, keys, now);
  for (const [at, id] of ids.entries()) priceIds.set(keys[at]?.metricId ?? '', id);
  const rows = planned.map(({ metricId, ...rate }) => {
    const priceId = priceIds.get(metricId);
    if (!priceId) throw new Error('A planned rate has no price.');
    return { priceId, ...rate };
  });
  await insertRates(tx, viewer, rows, now);
  await bumpCatalogue(tx, viewer);
  return { ...diff, written: true };
}
