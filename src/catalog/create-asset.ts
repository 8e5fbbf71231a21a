import type { Viewer } from '../access/viewer.ts';
import { type Conflict, conflict } from '../kit/refusal.ts';
import { type AssetDefinition, type CreateAssetInput, readAssetDefinition } from './asset.ts';
import { type CatalogRoom, changeCatalogue } from './change.ts';
import { bumpCatalogue, findAsset, insertAsset } from './store.ts';

export interface AssetCreated {
  readonly assetId: string;
  /** False when an asset of the same definition was there already. */
  readonly created: boolean;
}

export async function createAsset(room: CatalogRoom, viewer: Viewer, input: CreateAssetInput) {
  const definition = readAssetDefinition(input);
  if ('refusal' in definition) return definition;
  return changeCatalogue(
    room,
    viewer,
    { operation: 'createAsset', input },
    async (tx, now): Promise<AssetCreated | Conflict> => {
      const existing = await findAsset(tx, viewer, definition.code);
      if (existing) {
        return (
          differenceOf(existing, definition, input) ?? { assetId: existing.id, created: false }
        );
      }
      const asset = await insertAsset(tx, viewer, definition, now);
      await bumpCatalogue(tx, viewer);
      return { assetId: asset.id, created: true };
    },
  );
}

/** A name that was left out is not a claim about it. */
function differenceOf(
  existing: AssetDefinition,
  wanted: AssetDefinition,
  input: CreateAssetInput,
): Conflict | null {
  const compared = ['kind', 'scale', 'minorUnits', 'burnOrder'] as const;
  const fields = input.name == null ? compared : (['name', ...compared] as const);
  const field = fields.find((name) => existing[name] !== wanted[name]);
  return field
    ? conflict(field, `Asset "${existing.code}" exists, with ${JSON.stringify(existing[field])}.`)
    : null;
}
