import { doTogether } from '../../clocks/failed-work.ts';
import { readNow } from '../../clocks/now-of.ts';
import type { TimedWork } from '../../clocks/timed-work.ts';
import type { Queryable } from '../../infra/db.ts';
import { walletKeys, walletOf } from '../../ledger/lock.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsDeps } from '../deps.ts';
import { reconsiderRecharges } from './reconsider.ts';
import {
  type DueRuleRow,
  FIND_DUE_RULES,
  FIND_DUE_RULES_OF_CLOCK,
  NEXT_DUE_RULE,
} from './sql/due-rules.ts';

/** Rules in one transaction: as many as are not held for long. */
const BATCH = 50;

type TimedDeps = Pick<PaymentsDeps, 'db' | 'clock' | 'announce'>;

/** What time alone brings to rules: a cooldown or a pause after a decline is over, or the period that a cap is for. */
export function createRecharges(deps: TimedDeps): TimedWork {
  return {
    name: 'wallets that have waited to be recharged are looked at',
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_DUE_RULE, [testClockId]);
      return row?.at ?? null;
    },
    run: (testClockId) => rechargeDue(deps, testClockId),
  };
}

async function rechargeDue(deps: TimedDeps, testClockId: string | null): Promise<boolean> {
  const { db, clock, announce } = deps;
  const now = await readNow(db.direct, clock, testClockId);
  const rows = await findDue(db.direct, now, testClockId);
  await doTogether(db.direct, {
    work: 'recharge',
    rows,
    keyOf: ({ id }) => id,
    partOf: walletOf,
    now,
    testClockId,
    async run(due) {
      const updates = await db.backgroundTransaction(async (tx) => {
        const found = await reconsiderRecharges(tx, walletKeys(due), clock.now());
        await writeOutbox(tx, [...found.told], clock.now());
        return found.updates;
      });
      announce([...updates]);
    },
  });
  return rows.length === BATCH;
}

function findDue(direct: Queryable, now: Date, testClockId: string | null) {
  return testClockId === null
    ? direct.query<DueRuleRow>(FIND_DUE_RULES, [now, BATCH])
    : direct.query<DueRuleRow>(FIND_DUE_RULES_OF_CLOCK, [now, BATCH, testClockId]);
}
