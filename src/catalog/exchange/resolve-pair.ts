import type { Viewer } from '../../access/viewer.ts';
import { type Invalid, invalid, type NotFound, notFound } from '../../kit/refusal.ts';
import { findAsset, type Models } from '../store.ts';

/** Two assets of the organization, by code or TypeID. Nothing says what an asset is worth in itself. */
export async function resolvePair(
  db: Models,
  viewer: Viewer,
  names: { readonly from: string; readonly to: string },
) {
  const from = await findAsset(db, viewer, names.from);
  if (!from) return notFound('from', 'Asset', names.from);
  const to = await findAsset(db, viewer, names.to);
  if (!to) return notFound('to', 'Asset', names.to);
  return from.id === to.id ? sameAsset() : { from, to };
}

function sameAsset(): Invalid {
  return invalid({ path: 'to', code: 'NOT_ALLOWED', message: 'Must be another asset than from.' });
}

export type ResolvedPair = Exclude<Awaited<ReturnType<typeof resolvePair>>, Invalid | NotFound>;
