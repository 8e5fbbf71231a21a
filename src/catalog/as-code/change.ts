import type { Difference } from '../plans/difference.ts';

/** What a catalogue consists of, in the order in which one thing may name another. */
export const CATALOG_NOUNS = ['ASSET', 'METRIC', 'FEATURE', 'PRICE', 'PACK', 'PLAN'] as const;
export type CatalogNoun = (typeof CATALOG_NOUNS)[number];

/** Something of a catalogue, as people call it: its code, or of a price `images CREDIT {"size":"large"}`. */
export interface CatalogName {
  readonly noun: CatalogNoun;
  readonly name: string;
}

export interface CatalogChange extends CatalogName {
  readonly action: 'CREATE' | 'CHANGE' | 'PUBLISH';
  /** Of a CHANGE: place by place. */
  readonly differences: readonly Difference[];
}
