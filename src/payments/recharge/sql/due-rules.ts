import { isReady, readyAt } from '../../../clocks/sql/failed-work.ts';
import type { Statement } from '../../../infra/db.ts';
import type { WalletKeyRow } from '../../../ledger/lock.ts';

const FROM = `FROM auto_recharge_rules r JOIN wallets w ON w.id = r.wallet_id AND w.customer_id = r.customer_id
    WHERE r.deleted_at IS NULL`;

function findDue(whose: string): string {
  return `SELECT r.id, w.customer_id, w.asset_id, w.name ${FROM} AND r.due_at <= $1::timestamptz AND ${whose}
      AND ${isReady('recharge', 'r.id', '$1::timestamptz')}
    ORDER BY r.due_at, r.id LIMIT $2::int`;
}

/**
 * The wallets of rules that have waited long enough, the longest first. Not locked. Those of customers with a test clock are
 * left to that clock. Parameters: now, how many at most.
 */
export const FIND_DUE_RULES: Statement = {
  name: 'recharge.find_due_rules',
  text: findDue('w.test_clock_id IS NULL'),
};

/** The same for customers of a test clock, which is the third parameter. */
export const FIND_DUE_RULES_OF_CLOCK: Statement = {
  name: 'recharge.find_due_rules_of_clock',
  text: findDue('w.test_clock_id = $3::uuid'),
};

/** When the next rule of a clock's customers has waited long enough. Parameter: clock. */
export const NEXT_DUE_RULE: Statement = {
  name: 'recharge.next_due_rule',
  text: `SELECT min(${readyAt('recharge', 'r.id', 'r.due_at')}) AS at ${FROM} AND r.due_at IS NOT NULL
      AND w.test_clock_id = $1::uuid`,
};

export interface DueRuleRow extends WalletKeyRow {
  readonly id: string;
}
