import type { Viewer } from '../../access/viewer.ts';
import { type NotFound, notFound } from '../../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import { findPack, updatePack } from './store.ts';

export interface ArchiveCreditPackInput {
  readonly pack: string;
  readonly archived?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface CreditPackArchived {
  readonly packId: string;
}

/** Takes a pack out of what is offered, or puts it back. What was bought stays. */
export async function archiveCreditPack(
  room: CatalogRoom,
  viewer: Viewer,
  input: ArchiveCreditPackInput,
) {
  const call = { operation: 'archiveCreditPack', input };
  return changeCatalogue(
    room,
    viewer,
    call,
    async (tx, now): Promise<CreditPackArchived | NotFound> => {
      const pack = await findPack(tx, viewer, input.pack);
      if (!pack) return notFound('pack', 'CreditPack', input.pack);
      const archived = input.archived ?? true;
      if (archived !== (pack.archivedAt !== null)) {
        await updatePack(tx, pack.id, { archivedAt: archived ? now : null }, now);
      }
      return { packId: pack.id };
    },
  );
}
