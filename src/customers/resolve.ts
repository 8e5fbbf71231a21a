import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';
import { createRecent } from '../kit/recent.ts';
import { type NotFound, notFound } from '../kit/refusal.ts';
import { type CustomerName, type CustomerRef, givenIn, nameOf } from './customer-ref.ts';
import { findCustomers, type KnownCustomer } from './store.ts';

const CACHE_CAPACITY = 50_000;

type CustomerId = Id<'customer'>;

export interface Resolver {
  /** Whom the input names, if the viewer may see them; `path` is where the input names them. */
  resolveCustomer(viewer: Viewer, ref: CustomerRef, path?: string): Promise<CustomerId | NotFound>;
  /**
   * Many, in order, with at most one query, and whose time each goes by; null for a name that the
   * organization does not have. For the hot path: the caller sees to it that the viewer may see every customer.
   */
  resolveMany(
    organizationId: Id<'organization'>,
    refs: readonly CustomerRef[],
  ): Promise<(KnownCustomer | null)[]>;
}

export function createResolver({ db }: { db: Db }): Resolver {
  // Positive answers only, for ever: a customer's external id, organization and test clock never change,
  // and a name that is not known yet may be created in the next moment.
  const cache = createRecent<KnownCustomer>(CACHE_CAPACITY);

  async function lookUp(organizationId: Id<'organization'>, names: readonly CustomerName[]) {
    const valuesBy = (by: CustomerName['by']) => [
      ...new Set(names.filter((name) => name.by === by).map((name) => name.value)),
    ];
    const ids = valuesBy('ID');
    const externalIds = valuesBy('EXTERNAL_ID');
    const found = new Map<string, KnownCustomer>();
    const rows = await findCustomers(db.direct, organizationId, externalIds, ids);
    for (const { externalId, ...customer } of rows) {
      const key =
        externalId === null
          ? keyOf(organizationId, 'ID', customer.id)
          : keyOf(organizationId, 'EXTERNAL_ID', externalId);
      found.set(key, customer);
      cache.set(key, customer);
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
      const [found] = await resolveMany(viewer.organizationId, [ref]);
      const isVisible = found && (viewer.customerId === null || viewer.customerId === found.id);
      return isVisible ? found.id : notFound(path, 'Customer', givenIn(ref));
    },
  };
}

function keyOf(organizationId: string, by: CustomerName['by'], value: string): string {
  return `${organizationId}${by === 'ID' ? '#' : '='}${value}`;
}
