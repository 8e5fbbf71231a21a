import type { Queryable } from '../../infra/db.ts';
import { fromTypeId, type Id } from '../../kit/ids.ts';
import { createRecent } from '../../kit/recent.ts';
import { type HoldRefRow, READ_HOLD_REFS } from '../../ledger/holds/sql/find-holds.ts';
import type { HoldRef } from './operation.ts';

/** Whose holds are whose. It never changes, so it is remembered for ever. */
export interface HoldRefs {
  /** The holds of these TypeIDs, in order, with at most one query; null for one the organization does not have. */
  resolveMany(
    organizationId: Id<'organization'>,
    typeIds: readonly string[],
  ): Promise<(HoldRef | null)[]>;
  keep(ref: HoldRef): void;
}

/** Holds are captured soon after they were placed. */
const CAPACITY = 20_000;

export function createHoldRefs(db: Queryable): HoldRefs {
  const known = createRecent<HoldRef>(CAPACITY);
  const keep = ({ holdId, organizationId, customerId, assetId, testClockId }: HoldRef) =>
    known.set(holdId, { holdId, organizationId, customerId, assetId, testClockId });

  return {
    keep,
    async resolveMany(organizationId, typeIds) {
      const ids = typeIds.map((typeId) => fromTypeId('hold', typeId));
      const missing = ids.filter((id) => id !== null && known.get(id) === undefined);
      if (missing.length > 0) {
        const rows = await db.query<HoldRefRow>(READ_HOLD_REFS, [[...new Set(missing)]]);
        for (const row of rows) keep(toRef(row));
      }
      return ids.map((id) => {
        const ref = id === null ? undefined : known.get(id);
        return ref?.organizationId === organizationId ? ref : null;
      });
    },
  };
}

function toRef(row: HoldRefRow): HoldRef {
  return {
    holdId: row.id as Id<'hold'>,
    organizationId: row.organization_id as Id<'organization'>,
    customerId: row.customer_id as Id<'customer'>,
    assetId: row.asset_id as Id<'asset'>,
    testClockId: row.test_clock_id as Id<'testClock'> | null,
  };
}
