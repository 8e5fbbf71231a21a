import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';
import { createRecent } from '../kit/recent.ts';
import { type NotFound, notFound } from '../kit/refusal.ts';
import { type CustomerName, type CustomerRef, givenIn, nameOf } from './customer-ref.ts';
import { findCustomers } from './store.ts';

const CACHE_CAPACITY = 50_000;

type CustomerId = Id<'customer'>;

export interface Resolver {
  /** Whom the input names, if the viewer may see them; `path` is where the input names them. */
  resolveCustomer(viewer: Viewer, ref: CustomerRef, path?: string): Promise<CustomerId | NotFound>;
  /**
   * The same for many, in order, with at most one query; null for a name that the organization does
   * not have. For the hot path: the caller sees to it that the viewer may see every customer.
   */
  resolveMany(
    organizationId: Id<'organization'>,
    refs: readonly CustomerRef[],
  ): Promise<(CustomerId | null)[]>;
}

export function createResolver({ db }: { db: Db }): Resolver {
  // Positive answers only, for ever: a customer's external id and organization never change, and a name
  // that is not known yet may be created in the next moment.
  const cache = createRecent<CustomerId>(CACHE_CAPACITY);

  async function lookUp(organizationId: Id<'organization'>, names: readonly CustomerName[]) {
    const valuesBy = (by: CustomerName['by']) => [
      ...new Set(names.filter((name) => name.by === by).map((name) => name.value)),
    ];
    const ids = valuesBy('ID');
    const externalIds = valuesBy('EXTERNAL_ID');
    const found = new Map<string, CustomerId>();
    for (const row of await findCustomers(db.direct, organizationId, externalIds, ids)) {
      const key =
        row.externalId === null
          ? keyOf(organizationId, 'ID', row.id)
          : keyOf(organizationId, 'EXTERNAL_ID', row.externalId);
      found.set(key, row.id);
      cache.set(key, row.id);
    }
    return found;
  }

  async function resolveMany(organizationId: Id<'organization'>, refs: readonly CustomerRef[]) {
    const names = refs.map(nameOf);
    const keys = names.map((name) => name && keyOf(organizationId, name.by, name.value));
    const answers = keys.map((key) => (key === null ? null : (cache.get(key) ?? null)));
    const unknown = names.filter((name, index) => name !== null && answers[index] === null);
    if (unknown.length === 0) return answers;
    const found = await lookUp(organizationId, unknown as CustomerName[]);
    return answers.map((answer, index) => answer ?? found.get(keys[index] ?? '') ?? null);
  }

  return {
    resolveMany,
    async resolveCustomer(viewer, ref, path = 'customer') {
      const [id] = await resolveMany(viewer.organizationId, [ref]);
      const isVisible = id && (viewer.customerId === null || viewer.customerId === id);
      return isVisible ? id : notFound(path, 'Customer', givenIn(ref));
    },
  };
}

function keyOf(organizationId: string, by: CustomerName['by'], value: string): string {
  return `${organizationId}${by === 'ID' ? '#' : '='}${value}`;
}
