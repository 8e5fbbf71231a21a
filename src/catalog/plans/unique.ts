import type { Checker } from '../../kit/check.ts';

/** Notes every item of a list that has the key of one before it. */
export function checkUnique<Item>(
  check: Checker,
  path: string,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const first = seen.get(keyOf(item));
    if (first === undefined) seen.set(keyOf(item), index);
    else check.note(`${path}.${index}`, 'NOT_ALLOWED', `Says again what ${path}.${first} says.`);
  }
}
