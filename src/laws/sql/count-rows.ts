import type { Statement } from '../../infra/db.ts';

/** How much there is for the laws to judge. */
export const COUNT_ROWS: Statement = {
  name: 'laws.count_rows',
  text: `SELECT (SELECT count(*) FROM ledger_entries)::text AS entries,
    (SELECT count(*) FROM wallets)::text AS wallets,
    (SELECT count(*) FROM credit_grants)::text AS grants,
    (SELECT count(*) FROM usage_events)::text AS events,
    (SELECT count(*) FROM charges)::text AS charges,
    (SELECT count(*) FROM holds)::text AS holds,
    (SELECT count(*) FROM payments)::text AS payments`,
};

export interface RowCounts {
  entries: string;
  wallets: string;
  grants: string;
  events: string;
  charges: string;
  holds: string;
  payments: string;
}
