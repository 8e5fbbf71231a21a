import DataLoader from 'dataloader';
import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Db } from '../../infra/db.ts';
import { inOrder } from '../../infra/in-order.ts';
import { type ExchangeMoment, findInForce } from './store.ts';

/** The batches of one request about exchange rates. */
export function createExchangeLoaders(
  { prisma, direct }: Pick<Db, 'prisma' | 'direct'>,
  viewer: Viewer,
) {
  return {
    exchangeRates: new DataLoader(async (ids: readonly string[]) => {
      const where = { ...inOrganization(viewer), id: { in: [...ids] } };
      return inOrder(ids, await prisma.exchangeRate.findMany({ where }));
    }),
    /** Which rate is in force for a pair and purpose at an instant. Not remembered: hardly two instants are the same. */
    exchangeInForce: new DataLoader(
      (moments: readonly ExchangeMoment[]) => findInForce(direct, viewer, moments),
      { cache: false },
    ),
  };
}
