import { createRecent } from '../../kit/recent.ts';
import type { PlanDefinition } from './definition.ts';
import { storedDefinition } from './read-definition.ts';

/** A plan has a thousand prices at the most, and mostly a handful. */
const REMEMBERED_VERSIONS = 500;

/** Ids are told apart everywhere: it does not matter which database a version is of. */
const remembered = createRecent<PlanDefinition>(REMEMBERED_VERSIONS);

/**
 * What a published version of a plan says. It never changes, so that it is read once, and not by each renewal of
 * each subscriber. Not for drafts, nor for a version whose publishing has not committed yet.
 */
export function publishedDefinition({
  id,
  definition: document,
}: {
  readonly id: string;
  readonly definition: unknown;
}): PlanDefinition {
  const known = remembered.get(id);
  if (known) return known;
  const definition = storedDefinition(document);
  remembered.set(id, definition);
  return definition;
}
