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
  /**
   * The catalogue of a version that somebody has seen. It is loaded only when the one that is remembered, or on its
   * way, turns out to be another.
   */
  atVersion(organizationId: string, version: number): Promise<CatalogueSnapshot>;
  /** The catalogue as of now, for one more small query than `snapshot`. */
  fresh(organizationId: string): Promise<CatalogueSnapshot>;
}

/** Organizations remembered at once; the one loaded longest ago goes first. */
const MAX_REMEMBERED = 1_000;

export function createPriceBooks({ direct }: { readonly direct: Queryable }): PriceBooks {
  const entries = new Map<string, Promise<CatalogueSnapshot>>();

  function forget(organizationId: string, loading: Promise<CatalogueSnapshot>): void {
    if (entries.get(organizationId) === loading) entries.delete(organizationId);
  }

  function snapshot(organizationId: string): Promise<CatalogueSnapshot> {
    const known = entries.get(organizationId);
    if (known) return known;
    const loading = loadSnapshot(direct, organizationId);
    entries.set(organizationId, loading);
    forgetOldest(entries);
    // A failed load is not remembered; its callers are told.
    loading.catch(() => forget(organizationId, loading));
    return loading;
  }

  async function atVersion(organizationId: string, version: number): Promise<CatalogueSnapshot> {
    const loading = snapshot(organizationId);
    const loaded = await loading;
    if (loaded.book.version === version) return loaded;
    forget(organizationId, loading);
    return snapshot(organizationId);
  }

  return {
    snapshot,
    atVersion,
    invalidate: (organizationId) => void entries.delete(organizationId),
    fresh: async (organizationId) =>
      atVersion(organizationId, await readVersion(direct, organizationId)),
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
