import DataLoader from 'dataloader';
import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Db } from '../../infra/db.ts';
import { NEWEST_VERSIONS, type NewestVersionRow } from './sql/newest-versions.ts';

/** The batch of one request: the draft of each plan and what was published last. */
export function createNewestVersionsLoader(
  { prisma, direct }: Pick<Db, 'prisma' | 'direct'>,
  viewer: Viewer,
) {
  async function load(planIds: readonly string[]) {
    const { organizationId } = viewer;
    const newest = await direct.query<NewestVersionRow>(NEWEST_VERSIONS, [organizationId, planIds]);
    const ids = newest.map(({ id }) => id);
    const versions = await prisma.planVersion.findMany({
      where: { ...inOrganization(viewer), id: { in: ids } },
    });
    return planIds.map((planId) => ({
      draft: versions.find((each) => each.planId === planId && each.status === 'DRAFT') ?? null,
      latest:
        versions.find((each) => each.planId === planId && each.status === 'PUBLISHED') ?? null,
    }));
  }
  return new DataLoader(load);
}
