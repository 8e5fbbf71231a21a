import type { Viewer } from '../access/viewer.ts';
import { createResolver, type Resolver } from './resolve.ts';
import { readCustomer, readCustomers } from './store.ts';
import { type CustomerWriter, type CustomerWriterDeps, createWriter } from './write.ts';

export interface Customers extends CustomerWriter, Resolver {
  readCustomer(viewer: Viewer, customerId: string, query?: object): ReturnType<typeof readCustomer>;
  listCustomers(
    viewer: Viewer,
    search: string | null,
    query: object,
  ): ReturnType<typeof readCustomers>;
}

/** Who buys, and how they are named. */
export function createCustomers({
  db,
  clock,
  wake,
}: Omit<CustomerWriterDeps, 'resolver'>): Customers {
  const resolver = createResolver({ db });
  return {
    ...resolver,
    ...createWriter({ db, clock, resolver, wake }),
    readCustomer: (viewer, customerId, query = {}) => readCustomer(db, viewer, customerId, query),
    listCustomers: (viewer, search, query) => readCustomers(db, viewer, search, query),
  };
}
