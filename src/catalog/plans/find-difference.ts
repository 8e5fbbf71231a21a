import type { Viewer } from '../../access/viewer.ts';
import { fromTypeId } from '../../kit/ids.ts';
import { type Difference, differencesOf } from './difference.ts';
import { toDocument } from './document.ts';
import { storedDefinition } from './read-definition.ts';
import type { createPlanReads } from './read-store.ts';

export interface PlanDifference {
  readonly fromId: string;
  readonly toId: string;
  readonly changes: readonly Difference[];
}

/** How one version of a plan differs from another, of the same plan or not; null when either is not there. */
export async function findDifference(
  { readPlanVersion }: Pick<ReturnType<typeof createPlanReads>, 'readPlanVersion'>,
  viewer: Viewer,
  given: { readonly from: string; readonly to: string },
): Promise<PlanDifference | null> {
  const find = async (text: string) => {
    const id = fromTypeId('planVersion', text);
    return id && readPlanVersion(viewer, id);
  };
  const [from, to] = await Promise.all([find(given.from), find(given.to)]);
  if (!from || !to) return null;
  const documentOf = ({ definition }: typeof from) => toDocument(storedDefinition(definition));
  const changes = differencesOf(documentOf(from), documentOf(to));
  return { fromId: from.id, toId: to.id, changes };
}
