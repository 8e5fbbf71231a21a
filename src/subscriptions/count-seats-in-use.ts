import type { Tx } from '../infra/db.ts';
import { COUNT_SUBJECTS } from './sql/read-usage.ts';

/** How many subjects have used something since an instant, `seats` at the most. */
export async function countSeatsInUse(
  tx: Tx,
  customerId: string,
  since: Date,
  seats: number,
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(COUNT_SUBJECTS, [customerId, since, seats]);
  return row?.count ?? 0;
}
