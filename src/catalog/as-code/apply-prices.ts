import { canonicalJson } from '../../kit/canonical.ts';
import { groupBy } from '../../kit/group-by.ts';
import { isRefusal } from '../../kit/refusal.ts';
import type { RateChange } from '../diff-rates.ts';
import { importRates } from '../import-rates.ts';
import { differencesOf } from '../plans/difference.ts';
import type { ImportRateInput } from '../rate-import.ts';
import type { Whereabouts } from './apply-items.ts';
import type { CatalogChange, CatalogName } from './change.ts';
import { movePaths } from './move-paths.ts';

export type CatalogPriceInput = ImportRateInput & { readonly asset: string };

export interface PricesApplied {
  readonly changes: readonly CatalogChange[];
  /** In force for the same metrics and assets, but not named. */
  readonly missing: readonly CatalogName[];
}

/** Gives the default card the rates that it lacks, asset by asset. */
export async function applyPrices(
  { room, viewer }: Whereabouts,
  prices: readonly CatalogPriceInput[],
) {
  const changes: CatalogChange[] = [];
  const missing: CatalogName[] = [];
  const byAsset = groupBy(prices.entries(), ([, price]) => price.asset);
  for (const [asset, group] of byAsset) {
    const rates = group.map(([, { asset: _, ...rate }]) => rate);
    const imported = await importRates(room, viewer, { asset, rates });
    if (isRefusal(imported)) return movePaths(imported, (path) => pathOf(path, group));
    const named = (change: RateChange) => nameOf(change, asset);
    changes.push(
      ...imported.added.map((change): CatalogChange => created(named(change))),
      ...imported.changed.map(
        (change): CatalogChange => ({
          ...named(change),
          action: 'CHANGE',
          differences: differencesOf(change.before, change.after),
        }),
      ),
    );
    missing.push(...imported.missing.map(named));
  }
  return { changes, missing };
}

function created(name: CatalogName): CatalogChange {
  return { ...name, action: 'CREATE', differences: [] };
}

function nameOf({ metric, dimensions }: RateChange, asset: string): CatalogName {
  const of = Object.keys(dimensions).length > 0 ? ` ${canonicalJson(dimensions)}` : '';
  return { noun: 'PRICE', name: `${metric} ${asset}${of}` };
}

/** The same place in the list of all prices. */
function pathOf(path: string, group: readonly (readonly [number, unknown])[]): string {
  const [, place, rest = ''] = /^rates\.(\d+)(.*)$/.exec(path) ?? [];
  const at = (index: number) => group[index]?.[0] ?? 0;
  return place === undefined ? `prices.${at(0)}.${path}` : `prices.${at(Number(place))}${rest}`;
}
