/** Keeps the `size` largest of what is added, largest first, and counts all. */
export interface Largest<Item> {
  add(item: Item): void;
  items(): Item[];
  /** How many were added and are not among them. */
  leftOut(): number;
}

/** Sorted once in so many items. */
const SLACK = 1_000;

export function createLargest<Item>(
  size: number,
  compare: (a: Item, b: Item) => number,
): Largest<Item> {
  let kept: Item[] = [];
  let added = 0;
  const cut = () => {
    kept = kept.sort(compare).slice(0, size);
    return kept;
  };
  return {
    add(item) {
      added += 1;
      kept.push(item);
      if (kept.length >= size + SLACK) cut();
    },
    items: cut,
    leftOut: () => added - cut().length,
  };
}
