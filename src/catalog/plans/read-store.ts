import { inOrganization, type Viewer } from '../../access/viewer.ts';
import { isStorable } from '../../kit/check.ts';
import type { Models } from '../store.ts';
import { namedPlan } from './store.ts';

/** `query` is what the graph selected and which page of it; it never widens `where`. */
type Selection = object;

export interface PlanFilter {
  /** Also those that are archived; left out otherwise. */
  readonly archived?: boolean | null | undefined;
}

/** What the graph reads of plans. Lists are in the order of creation. */
export function createPlanReads({ prisma }: Models) {
  const inOrder = { orderBy: { id: 'asc' } } as const;
  const byId = (viewer: Viewer, id: string) => ({ where: { ...inOrganization(viewer), id } });

  return {
    readPlan: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.plan.findFirst({ ...query, ...byId(viewer, id) }),
    readPlans: (viewer: Viewer, ids: readonly string[]) =>
      prisma.plan.findMany({
        ...inOrder,
        where: { ...inOrganization(viewer), id: { in: [...ids] } },
      }),
    readPlanVersion: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.planVersion.findFirst({ ...query, ...byId(viewer, id) }),
    async findPlan(viewer: Viewer, codeOrId: string, query: Selection = {}) {
      if (!isStorable(codeOrId)) return null;
      return prisma.plan.findFirst({ ...query, where: namedPlan(viewer, codeOrId) });
    },
    listPlans: (viewer: Viewer, filter: PlanFilter, query: Selection = {}) =>
      prisma.plan.findMany({ ...inOrder, ...query, where: planFilter(viewer, filter) }),
    countPlans: (viewer: Viewer, filter: PlanFilter) =>
      prisma.plan.count({ where: planFilter(viewer, filter) }),
  };
}

function planFilter(viewer: Viewer, { archived }: PlanFilter) {
  return { ...inOrganization(viewer), ...(archived ? {} : { archivedAt: null }) };
}
