import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Db } from '../infra/db.ts';
import { type Clock, MINUTE_MS } from '../kit/clock.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { Announce } from '../live/publish.ts';
import { expiryOf } from './method-expiry.ts';
import {
  CLAIM_EXPIRING,
  CLAIM_EXPIRING_OF_CLOCK,
  type ExpiringMethodRow,
  NEXT_EXPIRING_METHOD,
} from './sql/expiring-methods.ts';
import { toldOfExpiring } from './tell-method.ts';

/** Told in one transaction. */
const BATCH = 100;

/** Tells of cards that expire, once for each: 30 days before the end of the month that it is good until. */
export function createMethodExpiry({
  db,
  clock,
  announce,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly announce: Announce;
}): TimedWork {
  return {
    name: 'cards about to expire are told',
    everyMs: MINUTE_MS,
    async nextDue(queryable, testClockId) {
      const [row] = await queryable.query<{ at: Date | null }>(NEXT_EXPIRING_METHOD, [testClockId]);
      return row?.at ?? null;
    },
    async run(testClockId) {
      const now = await readNow(db.direct, clock, testClockId);
      const rows = await db.transaction(async (tx) => {
        const claimed = await (testClockId === null
          ? tx.query<ExpiringMethodRow>(CLAIM_EXPIRING, [now, BATCH])
          : tx.query<ExpiringMethodRow>(CLAIM_EXPIRING_OF_CLOCK, [now, BATCH, testClockId]));
        await writeOutbox(tx, claimed.flatMap(toldOf), clock.now());
        return claimed;
      });
      if (rows.length > 0) announce([]);
      return rows.length === BATCH;
    },
  };
}

function toldOf(row: ExpiringMethodRow) {
  const expiresAt = expiryOf(row.exp_year, row.exp_month);
  if (expiresAt === null) return [];
  const { organization_id: organizationId, customer_id: customerId, ...method } = row;
  return [toldOfExpiring({ ...method, organizationId, customerId }, expiresAt)];
}
