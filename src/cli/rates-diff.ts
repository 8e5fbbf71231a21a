import type { Change, RatesDiff } from './documents/import-prices.ts';

/** Consecutive parts of at most `size` items. */
export function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

/** The diff of an import that was sent in parts: only what no part names is missing from the whole. */
export function mergeDiffs(diffs: readonly RatesDiff[]): RatesDiff {
  const [first, ...others] = diffs;
  const otherKeys = others.map((diff) => new Set(diff.missing.map(keyOf)));
  return {
    added: diffs.flatMap((diff) => diff.added),
    changed: diffs.flatMap((diff) => diff.changed),
    unchanged: diffs.reduce((sum, diff) => sum + diff.unchanged, 0),
    missing: (first?.missing ?? []).filter((change) =>
      otherKeys.every((keys) => keys.has(keyOf(change))),
    ),
  };
}

function keyOf({ metric, dimensions }: Change): string {
  return `${metric} ${JSON.stringify(Object.entries(dimensions).sort())}`;
}
