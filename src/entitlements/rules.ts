import type { PriceBooks } from '../catalog/price-books.ts';
import type { CatalogueSnapshot } from '../catalog/snapshot.ts';
import type { Db } from '../infra/db.ts';
import { isOutage } from '../infra/outage.ts';
import { SECOND_MS } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import { createRecent } from '../kit/recent.ts';
import { READ_RULES, type RulesRow } from './sql/read-rules.ts';

/** What every check of an organization is decided by. */
export interface Rules {
  readonly catalogue: CatalogueSnapshot;
  readonly settlementWindowMs: number;
}

export type RulesOf = (organizationId: Id<'organization'>) => Promise<Rules>;

interface Known {
  readonly row: Promise<RulesRow>;
  readonly readMs: number;
}

/** Changes in other processes are seen so late at the most. Our own forget the catalogue at once. */
const MAX_AGE_MS = SECOND_MS;
const MAX_ORGANIZATIONS = 1_000;

/** The rules of organizations; of one that is asked for all the time they are read once a second. */
export function createRules(deps: { readonly db: Db; readonly priceBooks: PriceBooks }): RulesOf {
  const { db, priceBooks } = deps;
  const recent = createRecent<Known>(MAX_ORGANIZATIONS);

  async function readRow(organizationId: string, before: Known | undefined): Promise<RulesRow> {
    try {
      const [row] = await db.direct.query<RulesRow>(READ_RULES, [organizationId]);
      if (!row) throw new Error(`There is no organization ${organizationId}.`);
      // Another process may have changed the catalogue since it was loaded here.
      await priceBooks.atVersion(organizationId, row.catalogue_version);
      return row;
    } catch (error) {
      if (before && isOutage(error)) return before.row;
      throw error;
    }
  }

  function read(organizationId: string, before: Known | undefined): Known {
    const known = { row: readRow(organizationId, before), readMs: performance.now() };
    recent.set(organizationId, known);
    known.row.catch(() => recent.set(organizationId, { ...known, readMs: 0 }));
    return known;
  }

  return async (organizationId) => {
    const before = recent.get(organizationId);
    const isFresh = before && performance.now() - before.readMs < MAX_AGE_MS;
    const { row } = isFresh ? before : read(organizationId, before);
    const { settlement_window_seconds: seconds } = await row;
    const catalogue = await priceBooks.snapshot(organizationId);
    return { catalogue, settlementWindowMs: seconds * SECOND_MS };
  };
}
