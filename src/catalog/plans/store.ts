import type { Prisma } from '../../../prisma/generated/client/client.ts';
import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { isStorable } from '../../kit/check.ts';
import { fromTypeId, newId } from '../../kit/ids.ts';
import { findAssets, type Models } from '../store.ts';
import type { PlanDocument } from './document.ts';
import type { Names } from './names.ts';

// Every query of plans that a write needs.

/** The things behind some codes; each code that names something is in the answer. */
export async function findNames(
  db: Models,
  viewer: Viewer,
  codes: Readonly<Record<keyof Names, string[]>>,
): Promise<Names> {
  const { prisma } = db;
  const coded = (those: string[]) => ({
    where: { ...inOrganization(viewer), code: { in: those } },
  });
  const assets = await findAssets(db, viewer, codes.assets);
  const metrics = await prisma.billableMetric.findMany(coded(codes.metrics));
  const features = await prisma.feature.findMany(coded(codes.features));
  return { assets, metrics: byCode(metrics), features: byCode(features) };
}

function byCode<Row extends { readonly code: string }>(rows: readonly Row[]) {
  return new Map(rows.map((row) => [row.code, row]));
}

/** The filter for a plan that was named by its code or its TypeID. */
export function namedPlan(viewer: Viewer, codeOrId: string) {
  const id = fromTypeId('plan', codeOrId);
  return { ...inOrganization(viewer), ...(id ? { id } : { code: codeOrId }) };
}

const DRAFT_AND_LATEST = {
  versions: { orderBy: { number: 'desc' }, take: 2 },
} as const satisfies Prisma.PlanInclude;

/** A plan with its draft and what was published last; null when there is none of that name. */
export async function findPlan({ prisma }: Models, viewer: Viewer, codeOrId: string) {
  if (!isStorable(codeOrId)) return null;
  const where = namedPlan(viewer, codeOrId);
  const plan = await prisma.plan.findFirst({ where, include: DRAFT_AND_LATEST });
  if (!plan) return null;
  const { versions, ...fields } = plan;
  return {
    ...fields,
    draft: versions.find(({ status }) => status === 'DRAFT') ?? null,
    latest: versions.find(({ status }) => status === 'PUBLISHED') ?? null,
  };
}

export type StoredPlan = NonNullable<Awaited<ReturnType<typeof findPlan>>>;

export interface PlanFields {
  readonly code: string;
  readonly name: string;
  readonly description: string | null;
}

export async function insertPlan(
  { prisma }: Tx,
  viewer: Viewer,
  fields: PlanFields,
  now: Date,
): Promise<StoredPlan> {
  const data = { id: newId('plan'), ...inOrganization(viewer), ...fields };
  const plan = await prisma.plan.create({ data: { ...data, createdAt: now, updatedAt: now } });
  return { ...plan, draft: null, latest: null };
}

export async function updatePlan(
  { prisma }: Tx,
  plan: StoredPlan,
  changes: Partial<Omit<PlanFields, 'code'>> & { readonly archivedAt?: Date | null },
  now: Date,
): Promise<void> {
  await prisma.plan.update({ where: { id: plan.id }, data: { ...changes, updatedAt: now } });
}

export async function insertDraft(
  { prisma }: Tx,
  plan: StoredPlan,
  definition: PlanDocument,
  now: Date,
) {
  return prisma.planVersion.create({
    data: {
      id: newId('planVersion'),
      organizationId: plan.organizationId,
      planId: plan.id,
      number: (plan.latest?.number ?? 0) + 1,
      definition: definition as object,
      createdAt: now,
      updatedAt: now,
    },
  });
}

export async function updateDraft(
  { prisma }: Tx,
  id: string,
  definition: PlanDocument,
  now: Date,
): Promise<void> {
  await prisma.planVersion.update({
    where: { id },
    data: { definition: definition as object, updatedAt: now },
  });
}

export async function publishDraft(
  { prisma }: Tx,
  id: string,
  rateCardId: string | null,
  now: Date,
): Promise<void> {
  const data = { status: 'PUBLISHED', rateCardId, publishedAt: now, updatedAt: now } as const;
  await prisma.planVersion.update({ where: { id }, data });
}

export async function deleteDraft({ prisma }: Tx, id: string): Promise<void> {
  await prisma.planVersion.delete({ where: { id } });
}
