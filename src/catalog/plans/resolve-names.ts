import type { Viewer } from '../../access/viewer.ts';
import { createChecker } from '../../kit/check.ts';
import type { Invalid, NotFound } from '../../kit/refusal.ts';
import type { Models } from '../store.ts';
import { checkNamed } from './check-named.ts';
import type { PlanDefinition } from './definition.ts';
import { missingNames, type Names, referencesOf } from './names.ts';
import { findNames } from './store.ts';

/** Looks up what a plan names, and checks the plan against it. */
export async function resolveNames(
  db: Models,
  viewer: Viewer,
  path: string,
  plan: PlanDefinition,
): Promise<Names | NotFound | Invalid> {
  const references = referencesOf(path, plan);
  const codesOf = (noun: keyof Names) => [
    ...new Set(references.filter((each) => each.noun === noun).map(({ code }) => code)),
  ];
  const names = await findNames(db, viewer, {
    assets: codesOf('assets'),
    metrics: codesOf('metrics'),
    features: codesOf('features'),
  });
  const [missing] = missingNames(references, names);
  if (missing) return missing;
  const check = createChecker();
  checkNamed(check, path, plan, names);
  return check.fault() ?? names;
}
