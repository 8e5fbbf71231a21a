import { inOrganization, type Viewer } from '../../access/viewer.ts';
import { fromTypeId } from '../../kit/ids.ts';
import { type Invalid, type NotFound, notFound } from '../../kit/refusal.ts';
import type { Models } from '../store.ts';
import type { PlanDefinition } from './definition.ts';
import type { Names } from './names.ts';
import { storedDefinition } from './read-definition.ts';
import { resolveWhole } from './resolve-whole.ts';
import { findPlan } from './store.ts';

/** A version that is, or could be, published, with what its codes stand for. */
export interface WholeVersion {
  readonly id: string;
  readonly definition: PlanDefinition;
  readonly names: Names;
}

/**
 * What a name stands for: the TypeID of a version, or the code or TypeID of a plan, of which it is the draft and,
 * without one, the version that was published last. A draft must be as good as for publishing it.
 */
export async function findWholeVersion(
  db: Models,
  viewer: Viewer,
  path: string,
  name: string,
): Promise<WholeVersion | NotFound | Invalid> {
  const versionId = fromTypeId('planVersion', name);
  const version = versionId
    ? await db.prisma.planVersion.findFirst({ where: { ...inOrganization(viewer), id: versionId } })
    : await newestOf(db, viewer, name);
  if (!version) return notFound(path, 'PlanVersion', name);
  const definition = storedDefinition(version.definition);
  const names = await resolveWhole(db, viewer, path, definition);
  return 'refusal' in names ? names : { id: version.id, definition, names };
}

async function newestOf(db: Models, viewer: Viewer, codeOrId: string) {
  const plan = await findPlan(db, viewer, codeOrId);
  return plan && (plan.draft ?? plan.latest);
}
