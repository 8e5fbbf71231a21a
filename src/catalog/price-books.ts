import type { Queryable } from '../infra/db.ts';
import { type CatalogueSnapshot, toSnapshot } from './snapshot.ts';
import { READ_CATALOGUE_VERSION } from './sql/change-catalogue.ts';
import { type CatalogueRow, LOAD_CATALOGUE } from './sql/load-catalogue.ts';

/**
 * The catalogues that this process remembers. What they answer may be old: a charge compares the version
 * again in its own transaction, and everything that is not a charge uses `fresh`.
 */
export interface PriceBooks {
  /** The remembered catalogue, or a newly loaded one; concurrent callers share one load. */
  snapshot(organizationId: string): Promise<CatalogueSnapshot>;
  /** Forgets the catalogue, so that the next `snapshot` loads it. */
  invalidate(organizationId: string): void;
  /** The remembered catalogue when it is of this version; null otherwise. */
  currentIfFresh(organizationId: string, version: number): CatalogueSnapshot | null;
  /** The catalogue as of now, for one more small query than `snapshot`. */
  fresh(organizationId: string): Promise<CatalogueSnapshot>;
}

/** Organizations remembered at once; the one loaded longest ago goes first. */
const MAX_REMEMBERED = 1_000;

interface Entry {
  readonly loading: Promise<CatalogueSnapshot>;
  snapshot: CatalogueSnapshot | null;
}

export function createPriceBooks({ direct }: { readonly direct: Queryable }): PriceBooks {
  const entries = new Map<string, Entry>();

  function remember(organizationId: string): Entry {
    const entry: Entry = { loading: loadSnapshot(direct, organizationId), snapshot: null };
    entries.set(organizationId, entry);
    forgetOldest(entries);
    entry.loading.then(
      (snapshot) => {
        entry.snapshot = snapshot;
      },
      () => {
        // A failed load is not remembered; its callers were told.
        if (entries.get(organizationId) === entry) entries.delete(organizationId);
      },
    );
    return entry;
  }

  const snapshot = (organizationId: string): Promise<CatalogueSnapshot> =>
    (entries.get(organizationId) ?? remember(organizationId)).loading;

  function currentIfFresh(organizationId: string, version: number): CatalogueSnapshot | null {
    const known = entries.get(organizationId)?.snapshot;
    return known?.book.version === version ? known : null;
  }

  return {
    snapshot,
    currentIfFresh,
    invalidate: (organizationId) => void entries.delete(organizationId),
    async fresh(organizationId) {
      const version = await readVersion(direct, organizationId);
      const current = currentIfFresh(organizationId, version);
      if (current) return current;
      entries.delete(organizationId);
      return snapshot(organizationId);
    },
  };
}

async function loadSnapshot(db: Queryable, organizationId: string): Promise<CatalogueSnapshot> {
  const [row] = await db.query<CatalogueRow>(LOAD_CATALOGUE, [organizationId]);
  if (!row) throw new Error(`There is no organization ${organizationId}.`);
  return toSnapshot(row);
}

async function readVersion(db: Queryable, organizationId: string): Promise<number> {
  const [row] = await db.query<{ version: string }>(READ_CATALOGUE_VERSION, [organizationId]);
  if (!row) throw new Error(`There is no organization ${organizationId}.`);
  return Number(row.version);
}

function forgetOldest(entries: Map<string, unknown>): void {
  for (const organizationId of entries.keys()) {
    if (entries.size <= MAX_REMEMBERED) return;
    entries.delete(organizationId);
  }
}
