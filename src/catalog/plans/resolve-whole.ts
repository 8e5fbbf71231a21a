import type { Viewer } from '../../access/viewer.ts';
import { type Invalid, invalid, type NotFound } from '../../kit/refusal.ts';
import type { Models } from '../store.ts';
import { isEmpty } from './check-whole.ts';
import type { PlanDefinition } from './definition.ts';
import type { Names } from './names.ts';
import { resolveNames } from './resolve-names.ts';

/** The same as `resolveNames` for a plan that is to be sold: there must be something in it. */
export async function resolveWhole(
  db: Models,
  viewer: Viewer,
  path: string,
  definition: PlanDefinition,
): Promise<Names | NotFound | Invalid> {
  if (isEmpty(definition)) {
    const message = 'The draft is empty: give it a fee, a price, credits or an entitlement first.';
    return invalid({ path, code: 'TOO_FEW', message });
  }
  return resolveNames(db, viewer, path, definition);
}
