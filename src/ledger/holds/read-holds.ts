import { columns } from '../../infra/columns.ts';
import type { Queryable } from '../../infra/db.ts';
import { exact } from '../../kit/decimal.ts';
import { groupBy } from '../../kit/group-by.ts';
import type { Id } from '../../kit/ids.ts';
import type { WalletState } from '../wallet-state.ts';
import { type HoldState, type HoldStatus, noHolds, type WalletHolds } from './hold-state.ts';
import { nextLapseOf } from './lapse.ts';
import { setAside } from './set-aside.ts';
import { type HoldRow, READ_OPEN_HOLDS } from './sql/read-open-holds.ts';

/** Reads the open holds of wallets; what is returned puts those of one into its state. */
export async function readHolds(
  tx: Queryable,
  wallets: readonly { readonly id: string }[],
): Promise<(wallet: WalletState) => WalletHolds> {
  const rows = await tx.query<HoldRow>(READ_OPEN_HOLDS, [columns.uuid(wallets, ({ id }) => id)]);
  const rowsOf = groupBy(rows, (row) => row.wallet_id);
  return (wallet) => attach(wallet, rowsOf.get(wallet.id) ?? []);
}

function attach(wallet: WalletState, rows: readonly HoldRow[]): WalletHolds {
  const holds = noHolds();
  wallet.holds = holds;
  for (const row of rows) {
    const hold = holdState(row);
    for (const [grantId, amount] of row.allocations) {
      const grant = wallet.grants.find(({ id }) => id === grantId);
      if (!grant) throw new Error(`Hold ${row.id} sets a grant aside that has nothing left.`);
      setAside(wallet, hold, grant, exact(amount));
    }
    setAside(wallet, hold, null, exact(row.overdraft));
    holds.open.set(hold.id, hold);
  }
  holds.nextLapseMs = nextLapseOf(holds.open.values());
  return holds;
}

/** A hold as its row says, apart from what it sets aside, which is put into its wallet. */
export function holdState(row: HoldRow): HoldState {
  return {
    id: row.id as Id<'hold'>,
    organizationId: row.organization_id as Id<'organization'>,
    customerId: row.customer_id as Id<'customer'>,
    walletId: row.wallet_id as Id<'wallet'>,
    metricId: row.metric_id as Id<'metric'> | null,
    metricCode: row.metric_code,
    maxCaptures: row.max_captures,
    createdAt: row.created_at,
    status: row.status as HoldStatus,
    amount: exact(row.amount),
    captured: exact(row.captured),
    captures: row.captures,
    allocations: [],
    overdraft: 0n,
    unwritten: [],
    expiresAt: row.expires_at,
    isLapsed: false,
    closedAt: row.closed_at,
    closedSequence: row.closed_sequence === null ? null : Number(row.closed_sequence),
    terms: null,
  };
}
