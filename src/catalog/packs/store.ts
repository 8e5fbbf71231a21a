import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { isStorable } from '../../kit/check.ts';
import { fromTypeId, newId } from '../../kit/ids.ts';
import type { Models } from '../store.ts';
import type { PackDocument } from './definition.ts';

// Every query of credit packs.

/** `query` is what the graph selected and which page of it; it never widens `where`. */
type Selection = object;

export interface PackFilter {
  /** Also those that are archived; left out otherwise. */
  readonly archived?: boolean | null | undefined;
}

/** What the graph reads of packs. Lists are in the order of creation. */
export function createPackReads(db: Models) {
  const { prisma } = db;
  return {
    readPack: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.creditPack.findFirst({ ...query, where: { ...inOrganization(viewer), id } }),
    findPack: (viewer: Viewer, codeOrId: string, query: Selection = {}) =>
      findPack(db, viewer, codeOrId, query),
    listPacks: (viewer: Viewer, filter: PackFilter, query: Selection = {}) =>
      prisma.creditPack.findMany({
        orderBy: { id: 'asc' },
        ...query,
        where: packFilter(viewer, filter),
      }),
    countPacks: (viewer: Viewer, filter: PackFilter) =>
      prisma.creditPack.count({ where: packFilter(viewer, filter) }),
  };
}

function packFilter(viewer: Viewer, { archived }: PackFilter) {
  return { ...inOrganization(viewer), ...(archived ? {} : { archivedAt: null }) };
}

/** A pack by its code or its TypeID; null when there is none of that name. */
export async function findPack(
  { prisma }: Models,
  viewer: Viewer,
  codeOrId: string,
  query: Selection = {},
) {
  if (!isStorable(codeOrId)) return null;
  const id = fromTypeId('creditPack', codeOrId);
  const where = { ...inOrganization(viewer), ...(id ? { id } : { code: codeOrId }) };
  return prisma.creditPack.findFirst({ ...query, where });
}

export interface PackRow {
  readonly code: string;
  readonly name: string;
  readonly definition: PackDocument;
}

export async function insertPack({ prisma }: Tx, viewer: Viewer, row: PackRow, now: Date) {
  const data = { id: newId('creditPack'), ...inOrganization(viewer), ...row };
  return prisma.creditPack.create({ data: { ...data, createdAt: now, updatedAt: now } });
}

export async function updatePack(
  { prisma }: Tx,
  id: string,
  changes: Partial<Omit<PackRow, 'code'>> & { readonly archivedAt?: Date | null },
  now: Date,
): Promise<void> {
  await prisma.creditPack.update({ where: { id }, data: { ...changes, updatedAt: now } });
}
