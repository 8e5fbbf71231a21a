import type { Viewer } from '../access/viewer.ts';
import { type Conflict, conflict, type NotFound, notFound } from '../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from './change.ts';
import { type CreateFeatureInput, readFeatureDefinition } from './feature.ts';
import { findFeature, insertFeature } from './feature-store.ts';
import { bumpCatalogue, findMetric } from './store.ts';

export interface FeatureCreated {
  readonly featureId: string;
  /** False when a feature of the same definition was there already. */
  readonly created: boolean;
}

export async function createFeature(room: CatalogRoom, viewer: Viewer, input: CreateFeatureInput) {
  const definition = readFeatureDefinition(input);
  if ('refusal' in definition) return definition;
  return changeCatalogue(
    room,
    viewer,
    { operation: 'createFeature', input },
    async (tx, now): Promise<FeatureCreated | Conflict | NotFound> => {
      const { metric: named, ...fields } = definition;
      const metric = named === null ? null : await findMetric(tx, viewer, named);
      if (named !== null && !metric) return notFound('metric', 'BillableMetric', named);
      const wanted = { ...fields, metricId: metric?.id ?? null };
      const existing = await findFeature(tx, viewer, wanted.code);
      if (existing) {
        return (
          differenceOf(existing, wanted, input.name == null) ?? {
            featureId: existing.id,
            created: false,
          }
        );
      }
      const feature = await insertFeature(tx, viewer, wanted, now);
      await bumpCatalogue(tx, viewer);
      return { featureId: feature.id, created: true };
    },
  );
}

interface Compared {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly metricId: string | null;
}

/** A name that was left out is not a claim about it. */
function differenceOf(existing: Compared, wanted: Compared, isUnnamed: boolean): Conflict | null {
  const about = `Feature "${existing.code}" exists`;
  if (existing.kind !== wanted.kind) return conflict('kind', `${about}, and is ${existing.kind}.`);
  if (existing.metricId !== wanted.metricId) {
    return conflict('metric', `${about}, with another metric.`);
  }
  if (isUnnamed || existing.name === wanted.name) return null;
  return conflict('name', `${about}, as ${JSON.stringify(existing.name)}.`);
}
