import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { isStorable } from '../kit/check.ts';
import { fromTypeId, newId } from '../kit/ids.ts';
import type { FeatureKind } from './feature.ts';
import type { Models } from './store.ts';

/** The filter for a feature that was named by its code or its TypeID. */
function named(viewer: Viewer, codeOrId: string) {
  const id = fromTypeId('feature', codeOrId);
  return { ...inOrganization(viewer), ...(id ? { id } : { code: codeOrId }) };
}

export async function findFeature(
  db: Models,
  viewer: Viewer,
  codeOrId: string,
  query: object = {},
) {
  if (!isStorable(codeOrId)) return null;
  return db.prisma.feature.findFirst({ ...query, where: named(viewer, codeOrId) });
}

export function readFeature(db: Models, viewer: Viewer, id: string, query: object = {}) {
  return db.prisma.feature.findFirst({ ...query, where: { ...inOrganization(viewer), id } });
}

/** In the order of creation. */
export function listFeatures(db: Models, viewer: Viewer, query: object = {}) {
  const where = inOrganization(viewer);
  return db.prisma.feature.findMany({ orderBy: { id: 'asc' }, ...query, where });
}

export function countFeatures(db: Models, viewer: Viewer) {
  return db.prisma.feature.count({ where: inOrganization(viewer) });
}

export interface FeatureFields {
  readonly code: string;
  readonly name: string;
  readonly kind: FeatureKind;
  readonly metricId: string | null;
}

export function insertFeature(tx: Tx, viewer: Viewer, fields: FeatureFields, createdAt: Date) {
  const id = newId('feature');
  return tx.prisma.feature.create({
    data: { ...fields, id, ...inOrganization(viewer), createdAt },
  });
}
