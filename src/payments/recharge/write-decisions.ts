import type { Queryable } from '../../infra/db.ts';
import { fromEpochMs, HOUR_MS } from '../../kit/clock.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { firstLook } from '../next-look.ts';
import type { Decided } from './evaluate.ts';
import { START_RECHARGES, type StandingDraft, WRITE_STANDINGS } from './sql/write-rules.ts';

/**
 * When a recharge that its provider says nothing of is given up. Providers know an idempotency key for a day: what is asked
 * again is asked while asking twice charges once.
 */
const GIVEN_UP_AFTER_MS = 23 * HOUR_MS;

export interface Decisions {
  readonly decided: readonly Decided[];
  /** Wallets whose rule is gone. */
  readonly unruled: readonly WalletState[];
}

/** Writes what was decided, all of it at once. `now` is the server's. */
export async function writeDecisions(
  tx: Queryable,
  { decided, unruled }: Decisions,
  now: Date,
): Promise<void> {
  const standings = [...decided.map(({ standing }) => standing), ...unruled.map(withoutRule)];
  const starts = decided.flatMap(({ row, start }) =>
    start === null ? [] : { ...start, look_at: firstLook(row.provider_kind, now) },
  );
  await Promise.all([
    standings.length > 0 && tx.query(WRITE_STANDINGS, [JSON.stringify(standings)]),
    starts.length > 0 &&
      tx.query(START_RECHARGES, [
        JSON.stringify(starts),
        now,
        fromEpochMs(now.getTime() + GIVEN_UP_AFTER_MS),
      ]),
  ]);
}

function withoutRule({ id, customerId }: WalletState): StandingDraft {
  const nothing = { below: null, reason: null, due_at: null, started_at: null };
  return { rule_id: null, wallet_id: id, customer_id: customerId, status: 'DISABLED', ...nothing };
}
