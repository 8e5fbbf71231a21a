import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { createResolver, type Resolver } from './resolve.ts';
import { readCustomer, readCustomers } from './store.ts';
import { type CustomerWriter, createWriter } from './write.ts';

export interface Customers extends CustomerWriter, Resolver {
  readCustomer(viewer: Viewer, customerId: string, query?: object): ReturnType<typeof readCustomer>;
  listCustomers(
    viewer: Viewer,
    search: string | null,
    query: object,
  ): ReturnType<typeof readCustomers>;
}

/** Who buys, and how they are named. */
export function createCustomers({ db, clock }: { db: Db; clock: Clock }): Customers {
  const resolver = createResolver({ db });
  return {
    ...resolver,
    ...createWriter({ db, clock, resolver }),
    readCustomer: (viewer, customerId, query = {}) => readCustomer(db, viewer, customerId, query),
    listCustomers: (viewer, search, query) => readCustomers(db, viewer, search, query),
  };
}
