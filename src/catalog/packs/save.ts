import type { Viewer } from '../../access/viewer.ts';
import { canonicalJson } from '../../kit/canonical.ts';
import { createChecker } from '../../kit/check.ts';
import { fromTypeId } from '../../kit/ids.ts';
import {
  type Conflict,
  conflict,
  type Invalid,
  type NotFound,
  notFound,
} from '../../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import { findAssets } from '../store.ts';
import { checkPack } from './check-pack.ts';
import { packDocument, readPack } from './definition.ts';
import { findPack, insertPack, updatePack } from './store.ts';

export interface SaveCreditPackInput {
  readonly code: string;
  readonly name?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface CreditPackSaved {
  readonly packId: string;
  /** False when it was so already. */
  readonly changed: boolean;
}

/** Makes a pack what the input says, from now on. What was bought before stays as it was bought. */
export async function saveCreditPack(
  room: CatalogRoom,
  viewer: Viewer,
  input: SaveCreditPackInput,
) {
  const { code: given, name: called, idempotencyKey: _key, ...fields } = input;
  const check = createChecker();
  const code = check.code('code', given);
  if (fromTypeId('creditPack', code))
    check.note('code', 'NOT_ALLOWED', 'Must not look like an id.');
  const name = check.optionalText('name', called, 255);
  const pack = readPack(check, '', fields);
  const fault = check.fault();
  if (fault) return fault;
  const call = { operation: 'saveCreditPack', input };
  return changeCatalogue(
    room,
    viewer,
    call,
    async (tx, now): Promise<CreditPackSaved | Conflict | NotFound | Invalid> => {
      const assets = await findAssets(tx, viewer, [pack.asset, pack.priceAsset]);
      for (const path of ['asset', 'priceAsset'] as const) {
        if (!assets.has(pack[path])) return notFound(path, 'Asset', pack[path]);
      }
      const checkAssets = createChecker();
      checkPack(checkAssets, '', pack, assets);
      const wrong = checkAssets.fault();
      if (wrong) return wrong;

      const existing = await findPack(tx, viewer, code);
      if (existing?.archivedAt) return conflict('code', `Pack "${code}" is archived.`);
      const row = { code, name: name ?? existing?.name ?? code, definition: packDocument(pack) };
      if (!existing) return { packId: (await insertPack(tx, viewer, row, now)).id, changed: true };
      const { id, name: known, definition } = existing;
      const isSame =
        known === row.name && canonicalJson(definition) === canonicalJson(row.definition);
      if (!isSame) await updatePack(tx, id, row, now);
      return { packId: id, changed: !isSame };
    },
  );
}
