import DataLoader from 'dataloader';
import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { inOrder } from '../infra/in-order.ts';

/** The recharge rules that the events of one request are about; also those that were deleted since. */
export function createRechargeRulesLoader({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer) {
  return new DataLoader(async (ids: readonly string[]) =>
    inOrder(
      ids,
      await prisma.autoRechargeRule.findMany({
        where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
      }),
    ),
  );
}

/** The payments that the events of one request are about. */
export function createPaymentsLoader({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer) {
  return new DataLoader(async (ids: readonly string[]) =>
    inOrder(
      ids,
      await prisma.payment.findMany({
        where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
      }),
    ),
  );
}

/** The methods that the events of one request are about. */
export function createPaymentMethodsLoader({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer) {
  return new DataLoader(async (ids: readonly string[]) =>
    inOrder(
      ids,
      await prisma.paymentMethod.findMany({
        where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
      }),
    ),
  );
}
