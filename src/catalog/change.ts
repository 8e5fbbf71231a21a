import type { Viewer } from '../access/viewer.ts';
import type { Db, Tx } from '../infra/db.ts';
import { type KeyedCall, once } from '../infra/idempotency.ts';
import type { Clock } from '../kit/clock.ts';
import type { IdempotencyMismatch, Invalid } from '../kit/refusal.ts';
import type { PriceBooks } from './price-books.ts';
import { lockCatalogue } from './store.ts';

/** What the verbs of this room work with. */
export interface CatalogRoom {
  readonly db: Db;
  readonly clock: Clock;
  readonly books: PriceBooks;
}

/**
 * Changes the catalogue in one transaction: once per idempotency key, one change of an organization after
 * the other. This process forgets what it remembered after the commit; others notice the new version.
 */
export async function changeCatalogue<Outcome extends object>(
  { db, clock, books }: CatalogRoom,
  viewer: Viewer,
  call: Omit<KeyedCall, 'organizationId'>,
  work: (tx: Tx, now: Date) => Promise<Outcome>,
): Promise<Outcome | IdempotencyMismatch | Invalid> {
  const { organizationId } = viewer;
  const outcome = await db.transaction((tx) =>
    once(tx, clock, { ...call, organizationId }, async () => {
      await lockCatalogue(tx, viewer);
      return work(tx, clock.now());
    }),
  );
  books.invalidate(organizationId);
  return outcome;
}
