import { columns } from '../../infra/columns.ts';
import type { Queryable } from '../../infra/db.ts';
import { holdState } from '../../ledger/holds/read-holds.ts';
import { FIND_HOLDS } from '../../ledger/holds/sql/find-holds.ts';
import type { HoldRow } from '../../ledger/holds/sql/read-open-holds.ts';
import type { FoundHold } from './decision.ts';
import type { HoldOperation } from './operation.ts';

/** How a decision finds the hold of an operation, by its id or by its key. */
export type FindHold = (operation: HoldOperation) => FoundHold | undefined;

const NONE_ASKED: FindHold = () => undefined;

/** Looks up the holds of operations that may be there already, whatever became of them. */
export async function findHolds(
  tx: Queryable,
  suspects: readonly HoldOperation[],
): Promise<FindHold> {
  if (suspects.length === 0) return NONE_ASKED;
  const rows = await tx.query<HoldRow>(FIND_HOLDS, [
    columns.uuid(suspects, ({ customerId }) => customerId),
    columns.uuid(suspects, ({ holdId }) => holdId),
    columns.text(suspects, idempotencyKeyOf),
  ]);
  // Operations on one hold share its state, as those on an open one share what is in its wallet.
  const byName = new Map<string, FoundHold>();
  for (const row of rows) {
    if (byName.has(row.id)) continue;
    const { idempotency_key: idempotencyKey, content } = row;
    const found = { state: holdState(row), idempotencyKey, content };
    byName.set(row.id, found);
    if (idempotencyKey !== null) byName.set(nameOf(row.customer_id, idempotencyKey), found);
  }
  return (operation) => {
    const key = idempotencyKeyOf(operation);
    const byId = byName.get(operation.holdId);
    return byId ?? (key === null ? undefined : byName.get(nameOf(operation.customerId, key)));
  };
}

export function idempotencyKeyOf(operation: HoldOperation): string | null {
  return operation.kind === 'PLACE' ? operation.terms.idempotencyKey : null;
}

function nameOf(customerId: string, key: string): string {
  return `${customerId}/${key}`;
}
