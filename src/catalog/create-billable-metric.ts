import type { Viewer } from '../access/viewer.ts';
import { canonicalJson } from '../kit/canonical.ts';
import { type Conflict, conflict } from '../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from './change.ts';
import { type CreateBillableMetricInput, readMetricDefinition } from './metric.ts';
import { bumpCatalogue, findMetric, insertMetric } from './store.ts';

export interface MetricCreated {
  readonly metricId: string;
  /** False when a metric of the same definition was there already. */
  readonly created: boolean;
}

export async function createBillableMetric(
  room: CatalogRoom,
  viewer: Viewer,
  input: CreateBillableMetricInput,
) {
  const definition = readMetricDefinition(input);
  if ('refusal' in definition) return definition;
  return changeCatalogue(
    room,
    viewer,
    { operation: 'createBillableMetric', input },
    async (tx, now): Promise<MetricCreated | Conflict> => {
      const existing = await findMetric(tx, viewer, definition.code);
      if (existing) {
        const wanted = input.name == null ? { ...definition, name: existing.name } : definition;
        return differenceOf(existing, wanted) ?? { metricId: existing.id, created: false };
      }
      const metric = await insertMetric(tx, viewer, definition, now);
      await bumpCatalogue(tx, viewer);
      return { metricId: metric.id, created: true };
    },
  );
}

const COMPARED = ['name', 'eventType', 'aggregation', 'property', 'filter', 'conversion'] as const;
type Compared = Readonly<Record<(typeof COMPARED)[number], unknown>>;

function differenceOf(
  existing: Compared & { readonly code: string },
  wanted: Compared,
): Conflict | null {
  const field = COMPARED.find(
    (name) => canonicalJson(existing[name]) !== canonicalJson(wanted[name]),
  );
  return field
    ? conflict(field, `Metric "${existing.code}" exists, with ${canonicalJson(existing[field])}.`)
    : null;
}
