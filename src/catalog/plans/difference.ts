import { canonicalJson } from '../../kit/canonical.ts';

/** One place in which two documents differ. */
export interface Difference {
  /** `fees.base.amount`: where in the document; an item of a list goes by its name there. */
  readonly path: string;
  /** Null where there was nothing. */
  readonly before: unknown;
  /** Null where there is nothing any more. */
  readonly after: unknown;
}

/** What an item of a list goes by. Two items of one name never stand in one list. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  fees: ['code'],
  prices: ['metric', 'asset', 'dimensions'],
  credits: ['code'],
  entitlements: ['feature'],
  windows: ['per'],
  addOns: ['code'],
};

/** How two documents differ, place by place. The order of items that go by a name says nothing. */
export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const names = KEYS[/[^.]*$/.exec(path)?.[0] ?? ''];
  if (names && Array.isArray(before) && Array.isArray(after)) {
    return differencesIn(keyed(before, names), keyed(after, names), path);
  }
  if (isRecord(before) && isRecord(after)) {
    return differencesIn(new Map(Object.entries(before)), new Map(Object.entries(after)), path);
  }
  return [{ path, before: before ?? null, after: after ?? null }];
}

type Named = ReadonlyMap<string, unknown>;

function differencesIn(before: Named, after: Named, path: string): Difference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) =>
    differencesOf(before.get(name), after.get(name), path === '' ? name : `${path}.${name}`),
  );
}

function keyed(items: readonly unknown[], names: readonly string[]): Named {
  return new Map(items.map((item) => [nameOf(item as Record<string, unknown>, names), item]));
}

/** `base`, `images CREDIT {"size":"large"}` */
function nameOf(item: Record<string, unknown>, names: readonly string[]): string {
  return names
    .map((name) => item[name])
    .filter((value) => !isRecord(value) || Object.keys(value).length > 0)
    .map((value) => (typeof value === 'string' ? value : canonicalJson(value)))
    .join(' ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
