import type { Queryable } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { createRecent } from '../kit/recent.ts';
import { type Promised, readTerms, toTerms } from './read-terms.ts';
import { type CustomerTerms, NO_TERMS } from './terms.ts';

/**
 * The terms that this process remembers. What they answer may be old: a charge compares their version again in
 * its own transaction.
 */
export interface TermsBook {
  /** The terms of customers, in order, with at most one query; `NO_TERMS` where there is no customer. */
  of(customers: readonly (Named | null)[]): Promise<readonly CustomerTerms[]>;
  /** Forgets those of these customers: they have changed. */
  forget(customerIds: readonly string[]): void;
}

interface Named {
  readonly id: string;
}

/** A customer without subscriptions takes little more than its place here. */
const REMEMBERED_CUSTOMERS = 50_000;

export function createTermsBook(
  { db, clock }: { readonly db: { readonly direct: Queryable }; readonly clock: Clock },
  promised: Promised,
): TermsBook {
  const remembered = createRecent<CustomerTerms | null>(REMEMBERED_CUSTOMERS);

  const known = (customer: Named | null) =>
    customer === null ? NO_TERMS : (remembered.get(customer.id) ?? null);

  async function load(customerIds: readonly string[]): Promise<Map<string, CustomerTerms>> {
    const ids = [...new Set(customerIds)];
    const loaded = await toTerms(await readTerms(db.direct, ids, clock.now()), promised);
    for (const id of ids) remembered.set(id, loaded.get(id) ?? NO_TERMS);
    return loaded;
  }

  return {
    async of(customers) {
      const terms = customers.map(known);
      const missing = customers.filter((_, index) => terms[index] === null) as Named[];
      if (missing.length === 0) return terms as CustomerTerms[];
      const loaded = await load(missing.map(({ id }) => id));
      return customers.map((it, index) => terms[index] ?? loaded.get(it?.id ?? '') ?? NO_TERMS);
    },
    forget: (customerIds) => {
      for (const id of customerIds) remembered.set(id, null);
    },
  };
}
