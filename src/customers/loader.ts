import DataLoader from 'dataloader';
import { type Viewer, visibleCustomers } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { inOrder } from '../infra/in-order.ts';

/** The customers of one request by stored id, as far as its viewer may see. */
export function createCustomersLoader({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer) {
  return new DataLoader(async (ids: readonly string[]) =>
    inOrder(
      ids,
      await prisma.customer.findMany({
        where: { AND: [visibleCustomers(viewer), { id: { in: [...ids] } }] },
      }),
    ),
  );
}
