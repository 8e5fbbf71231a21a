import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { type ApplyCatalogInput, applyCatalog } from './as-code/apply.ts';
import { readCatalogDocument } from './as-code/document.ts';
import type { CreateAssetInput } from './asset.ts';
import { createCards } from './cards.ts';
import type { CatalogRoom } from './change.ts';
import { createAsset } from './create-asset.ts';
import { createBillableMetric } from './create-billable-metric.ts';
import { createFeature } from './create-feature.ts';
import { type CreatePriceInput, createPrice } from './create-price.ts';
import { type EffectiveRatesQuery, findEffectiveRates } from './effective-rates.ts';
import { createExchange } from './exchange/service.ts';
import type { CreateFeatureInput } from './feature.ts';
import * as features from './feature-store.ts';
import { type ImportRatesInput, importRates } from './import-rates.ts';
import type { CreateBillableMetricInput } from './metric.ts';
import { createPacks } from './packs/service.ts';
import { createPlans } from './plans/service.ts';
import { createPriceBooks } from './price-books.ts';
import { createCatalogReads } from './read-store.ts';

export type Catalog = ReturnType<typeof createCatalog>;

/** What is sold and what it costs: assets, metrics, rate cards, prices and their dated rates. */
export function createCatalog({ db, clock }: { readonly db: Db; readonly clock: Clock }) {
  const books = createPriceBooks(db);
  const room: CatalogRoom = { db, clock, books };
  return {
    ...createCatalogReads(db),
    /** What this process remembers of the catalogues, for the rooms that charge. */
    books,
    /** The same of the prices that only some customers have. */
    cardsOf: createCards(db),
    plans: createPlans(room),
    packs: createPacks(room),
    exchange: createExchange(room),
    applyCatalog: (viewer: Viewer, input: ApplyCatalogInput) => applyCatalog(room, viewer, input),
    readCatalogDocument: (viewer: Viewer) => readCatalogDocument(room, viewer),
    createAsset: (viewer: Viewer, input: CreateAssetInput) => createAsset(room, viewer, input),
    createBillableMetric: (viewer: Viewer, input: CreateBillableMetricInput) =>
      createBillableMetric(room, viewer, input),
    createPrice: (viewer: Viewer, input: CreatePriceInput) => createPrice(room, viewer, input),
    createFeature: (viewer: Viewer, input: CreateFeatureInput) =>
      createFeature(room, viewer, input),
    readFeature: (viewer: Viewer, id: string, query?: object) =>
      features.readFeature(db, viewer, id, query),
    findFeature: (viewer: Viewer, codeOrId: string, query?: object) =>
      features.findFeature(db, viewer, codeOrId, query),
    listFeatures: (viewer: Viewer, query?: object) => features.listFeatures(db, viewer, query),
    countFeatures: (viewer: Viewer) => features.countFeatures(db, viewer),
    importRates: (viewer: Viewer, input: ImportRatesInput) => importRates(room, viewer, input),
    findEffectiveRates: (viewer: Viewer, query: EffectiveRatesQuery) =>
      findEffectiveRates(room, viewer, query),
  };
}
