import { inOrganization, type Viewer } from '../../access/viewer.ts';
import { groupBy } from '../../kit/group-by.ts';
import type { Condition } from '../../rating/price-book.ts';
import { readAssetDefinition } from '../asset.ts';
import type { CatalogRoom } from '../change.ts';
import type { StoredConversion } from '../conversion.ts';
import { type Dimensions, dimensionsKey } from '../dimensions.ts';
import { packDocument, storedPack } from '../packs/definition.ts';
import { toDocument } from '../plans/document.ts';
import { priceDocument } from '../plans/prices.ts';
import { storedDefinition } from '../plans/read-definition.ts';
import { rateInForce } from '../rate.ts';
import { loadTerms } from '../stored-terms.ts';
import { compact } from './compact.ts';
import { exchangeRateDocuments } from './exchange-rates.ts';
import { readAll, type WholeCatalog } from './store.ts';

/** A catalogue as `applyCatalog` takes it. What would be filled in anyway is left out. */
export type CatalogDocument = Readonly<Record<string, readonly unknown[]>>;

/** What a catalogue is now: of prices those in force, of exchange rates those to come too, of plans their drafts or what was published last. */
export async function readCatalogDocument(
  { db, clock }: CatalogRoom,
  viewer: Viewer,
): Promise<CatalogDocument> {
  const now = clock.now();
  const [whole, exchangeRates] = await db.transaction(async (tx) => [
    await readAll(tx, inOrganization(viewer)),
    await exchangeRateDocuments(tx, viewer, now),
  ]);
  const sections = {
    assets: whole.assets.map(assetOf),
    exchangeRates,
    metrics: whole.metrics.map(metricOf),
    features: whole.features.map(({ code, name, kind, metric }) => ({
      code,
      name,
      kind,
      metric: metric?.code,
    })),
    prices: whole.prices.flatMap((price) => pricesOf(price, now)),
    packs: whole.packs.map(({ code, name, definition }) => ({
      code,
      name,
      ...packDocument(storedPack(definition)),
    })),
    plans: whole.plans.flatMap(planOf),
  };
  return compact(sections, '') as CatalogDocument;
}

/** What an asset of its code would not be anyway. */
function assetOf({ code, ...asset }: WholeCatalog['assets'][number]): object {
  const usual = readAssetDefinition({ code, kind: asset.kind, scale: asset.scale });
  const byCode = readAssetDefinition({ code });
  if ('refusal' in usual || 'refusal' in byCode) throw new Error(`Asset ${code} has a wrong code.`);
  const { name, kind, scale, minorUnits, burnOrder } = asset;
  return {
    code,
    name,
    kind: kind === byCode.kind ? null : kind,
    scale: scale === byCode.scale ? null : scale,
    minorUnits: minorUnits === usual.minorUnits ? null : minorUnits,
    burnOrder: burnOrder === byCode.burnOrder ? null : burnOrder,
  };
}

/** The database gives the fields of JSON back in an order of its own. */
function metricOf(metric: WholeCatalog['metrics'][number]): object {
  const { code, name, eventType, aggregation, property } = metric;
  const filter = (metric.filter as unknown as Condition[]).map(({ property, ...rest }) => ({
    property,
    ...rest,
  }));
  const conversion = metric.conversion as StoredConversion | null;
  const converted = conversion && {
    multiply: conversion.multiply,
    divide: conversion.divide,
    rounding: conversion.rounding,
  };
  return { code, name, eventType, aggregation, property, filter, conversion: converted };
}

function pricesOf(price: WholeCatalog['prices'][number], now: Date): object[] {
  const byDimensions = groupBy(price.rates, (rate) => dimensionsKey(rate.dimensions));
  return [...byDimensions.values()].flatMap((rates) => {
    const rate = rateInForce(rates, now);
    if (!rate) return [];
    const dimensions = rate.dimensions as Dimensions;
    const { metric, asset } = price;
    const terms = loadTerms(rate);
    return [priceDocument({ metric: metric.code, asset: asset.code, dimensions, terms })];
  });
}

function planOf({ code, name, description, versions }: WholeCatalog['plans'][number]): object[] {
  const [newest] = versions;
  if (!newest) return [];
  const definition = toDocument(storedDefinition(newest.definition));
  return [{ code, name, description, definition }];
}
