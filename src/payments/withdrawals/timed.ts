import { doApart } from '../../clocks/failed-work.ts';
import { readNow } from '../../clocks/now-of.ts';
import type { TimedWork } from '../../clocks/timed-work.ts';
import type { Queryable } from '../../infra/db.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import type { PaymentsRoom } from '../deps.ts';
import { callOff } from './call-off.ts';
import { release, send } from './release.ts';
import { settle } from './settle.ts';
import {
  type DueWithdrawalRow,
  FIND_DONE_WITHDRAWALS,
  FIND_DUE_WITHDRAWALS,
  FIND_DUE_WITHDRAWALS_OF_CLOCK,
  NEXT_DUE_WITHDRAWAL,
} from './sql/due-withdrawals.ts';
import { lockWithdrawal, timeOfWithdrawal } from './store.ts';
import type { WithdrawalKey } from './withdrawal.ts';

/** In one run: each may ask several providers. */
const BATCH = 20;

/** What time alone brings to withdrawals: one that nobody has confirmed is over, and one whose hold period is over is paid out. */
export function createWithdrawalWork(room: PaymentsRoom): TimedWork {
  return {
    name: 'withdrawals that were not confirmed are over, and those that were held are paid out',
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_DUE_WITHDRAWAL, [testClockId]);
      return row?.at ?? null;
    },
    async run(testClockId) {
      const isMoreDone = testClockId === null && (await settleDone(room));
      const isMoreDue = await runDue(room, testClockId);
      return isMoreDone || isMoreDue;
    },
  };
}

/** Providers go by no test clock: what they have closed is over, whoever's it is. */
async function settleDone(room: PaymentsRoom): Promise<boolean> {
  const { db, clock } = room;
  const now = clock.now();
  const rows = await db.direct.query<DueWithdrawalRow>(FIND_DONE_WITHDRAWALS, [now, BATCH]);
  await doEach(room, rows, now, null, (key) => settle(room, key));
  return rows.length === BATCH;
}

async function runDue(room: PaymentsRoom, testClockId: string | null): Promise<boolean> {
  const { db, clock } = room;
  const now = await readNow(db.direct, clock, testClockId);
  const rows = await findDue(db.direct, now, testClockId);
  await doEach(room, rows, now, testClockId, (key) => doDue(room, key));
  return rows.length === BATCH;
}

function doEach(
  { db }: PaymentsRoom,
  rows: readonly DueWithdrawalRow[],
  now: Date,
  testClockId: string | null,
  run: (key: WithdrawalKey) => Promise<void>,
): Promise<void> {
  return doApart(db.direct, {
    work: 'withdrawal',
    ...{ rows, now, testClockId },
    keyOf: ({ id }) => id,
    partOf: ({ id }) => id,
    async run(due) {
      for (const { id, customer_id } of due) await run({ id, customerId: customer_id });
    },
  });
}

/** Behind its lock, where it may have been called off or released by now. */
async function doDue(room: PaymentsRoom, key: WithdrawalKey): Promise<void> {
  const { db, clock, announce } = room;
  const done = await db.transaction(async (tx) => {
    const withdrawal = await lockWithdrawal(tx, key);
    const now = await timeOfWithdrawal(tx, clock, withdrawal);
    if (withdrawal.dueAt === null || withdrawal.dueAt > now) return null;
    const isReleased = withdrawal.status === 'HELD';
    const updates: BalanceUpdate[] = isReleased
      ? await release(tx, room, withdrawal, now)
      : await callOff(tx, room, withdrawal, 'EXPIRED');
    return { isReleased, updates };
  });
  if (done === null) return;
  announce(done.updates);
  if (done.isReleased) await send(room, key);
}

function findDue(direct: Queryable, now: Date, testClockId: string | null) {
  return testClockId === null
    ? direct.query<DueWithdrawalRow>(FIND_DUE_WITHDRAWALS, [now, BATCH])
    : direct.query<DueWithdrawalRow>(FIND_DUE_WITHDRAWALS_OF_CLOCK, [now, BATCH, testClockId]);
}
