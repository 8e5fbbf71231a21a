import type { Difference } from '../plans/difference.ts';

/** What a catalogue consists of, in the order in which one thing may name another. */
const CATALOG_NOUNS = [
  'ASSET',
  'EXCHANGE_RATE',
  'METRIC',
  'FEATURE',
  'PRICE',
  'PACK',
  'PLAN',
] as const;
export type CatalogNoun = (typeof CATALOG_NOUNS)[number];

/** Something of a catalogue, as people call it: its code, of a price `images CREDIT {"size":"large"}`, of an exchange rate `CREDIT USD 2026-01-01T00:00:00.000Z`. */
export interface CatalogName {
  readonly noun: CatalogNoun;
  readonly name: string;
}

export interface CatalogChange extends CatalogName {
  readonly action: 'CREATE' | 'CHANGE' | 'PUBLISH';
  /** Of a CHANGE: place by place. */
  readonly differences: readonly Difference[];
}
