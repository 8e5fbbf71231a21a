import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { createChecker } from '../../kit/check.ts';
import { fromEpochMs, SECOND_MS } from '../../kit/clock.ts';
import {
  type Conflict,
  conflict,
  type Invalid,
  isRefusal,
  type NotFound,
  notFound,
} from '../../kit/refusal.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { refuseCardNumbers } from '../refuse-card-numbers.ts';
import { readSettings } from '../settings.ts';
import { callOff } from './call-off.ts';
import type { WithdrawalChanged } from './cancel-withdrawal.ts';
import { isRightCode, MAX_WRONG_CODES, readCode } from './code.ts';
import type { WrongCode } from './refusals.ts';
import { findWithdrawalKey, lockWithdrawal, timeOfWithdrawal, updateWithdrawal } from './store.ts';
import { toldOfWithdrawal } from './tell.ts';
import type { WithdrawalState } from './withdrawal.ts';

export interface ConfirmWithdrawalInput {
  readonly withdrawal: string;
  readonly code: string;
}

/** What a try came to. One that was wrong is no refusal yet: it is counted, and a refused transaction leaves no row. */
interface Tried {
  readonly triesLeft: number | null;
  readonly updates: BalanceUpdate[];
}

const RIGHT: Tried = { triesLeft: null, updates: [] };

/**
 * Confirms a withdrawal by its code: from now on it waits for its hold period. A code that is wrong counts, also where several are
 * tried at once, and the last that may be calls the withdrawal off.
 */
export async function confirmWithdrawal(
  room: PaymentsRoom,
  viewer: Viewer,
  { withdrawal: typeId, code: raw }: ConfirmWithdrawalInput,
): Promise<WithdrawalChanged | Invalid | NotFound | Conflict | WrongCode> {
  const check = createChecker();
  refuseCardNumbers(check, { code: raw });
  const code = readCode(raw);
  if (code === null) check.note('code', 'BAD_FORMAT', 'Eight digits.');
  const fault = check.fault();
  if (fault) return fault;
  const found = await findWithdrawalKey(room.db, viewer, typeId);
  if (!found) return notFound('withdrawal', 'Withdrawal', typeId);
  const { cipher } = room.settings;
  if (cipher === null) throw new Error('The key that the codes of withdrawals go by is gone.');
  const tried = await room.db.transaction(async (tx) => {
    const withdrawal = await lockWithdrawal(tx, found);
    return tryCode(tx, room, withdrawal, isRightCode(cipher, withdrawal, code ?? ''));
  });
  if (isRefusal(tried)) return tried;
  const { triesLeft, updates } = tried;
  room.announce(updates);
  return triesLeft === null ? { withdrawalId: found.id } : { refusal: 'WrongCode', triesLeft };
}

async function tryCode(
  tx: Tx,
  room: PaymentsRoom,
  withdrawal: WithdrawalState,
  isRight: boolean,
): Promise<Tried | Conflict> {
  const { status, confirmBy } = withdrawal;
  // Whoever did not hear that it was confirmed may say it again.
  if (status === 'HELD' && isRight) return RIGHT;
  if (status !== 'AWAITING_CONFIRMATION') return conflict('withdrawal', `It is ${status} already.`);
  const now = await timeOfWithdrawal(tx, room.clock, withdrawal);
  if (now >= confirmBy) return conflict('withdrawal', 'Its code is not good any more.');
  if (isRight) {
    await confirm(tx, room, withdrawal, now);
    return RIGHT;
  }
  const wrongCodes = withdrawal.wrongCodes + 1;
  await updateWithdrawal(tx, withdrawal, { wrongCodes }, now);
  const triesLeft = MAX_WRONG_CODES - wrongCodes;
  const updates = triesLeft === 0 ? await callOff(tx, room, withdrawal, 'CANCELED') : [];
  return { triesLeft, updates };
}

async function confirm(
  tx: Tx,
  { clock }: PaymentsRoom,
  withdrawal: WithdrawalState,
  now: Date,
): Promise<void> {
  const { withdrawalHoldSeconds } = await readSettings(tx, withdrawal.organizationId);
  const releasesAt = fromEpochMs(now.getTime() + withdrawalHoldSeconds * SECOND_MS);
  const change = { status: 'HELD' as const, confirmedAt: now, releasesAt, dueAt: releasesAt };
  await updateWithdrawal(tx, withdrawal, change, now);
  await writeOutbox(tx, [toldOfWithdrawal(withdrawal, 'HELD')], clock.now());
}
