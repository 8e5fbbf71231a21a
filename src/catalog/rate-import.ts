import type { Viewer } from '../access/viewer.ts';
import type { Checker } from '../kit/check.ts';
import { type Invalid, invalid, type NotFound, notFound } from '../kit/refusal.ts';
import { dimensionsKey } from './dimensions.ts';
import { modelFault } from './observed-models.ts';
import { type RateDraft, type RateFields, readRateDraft } from './rate.ts';
import { findMetrics, type Models } from './store.ts';

export interface ImportRateInput extends RateFields {
  readonly metric: string;
}

/** One rate of an import, once checked; `metric` is a code or a TypeID. */
export interface RateImport {
  readonly metric: string;
  readonly draft: RateDraft;
}

/** The same, when the metric was found. */
export interface ResolvedRate {
  readonly metricId: string;
  readonly metricCode: string;
  readonly draft: RateDraft;
}

/** So many that a whole price book fits in one transaction, so few that it stays a short one. */
export const MAX_IMPORTED_RATES = 2_000;

export function readRateImports(
  check: Checker,
  rates: readonly ImportRateInput[],
): readonly RateImport[] {
  if (rates.length === 0) check.note('rates', 'TOO_FEW', 'Give at least one rate.');
  if (rates.length > MAX_IMPORTED_RATES) {
    check.note('rates', 'TOO_MANY', `At most ${MAX_IMPORTED_RATES} rates at once.`);
    return [];
  }
  return rates.map((rate, at) => ({
    metric: check.text(`rates.${at}.metric`, rate.metric, 255),
    draft: readRateDraft(check, `rates.${at}.`, rate),
  }));
}

/** Finds the metrics. Two rates for the same usage would leave it to chance which one holds. */
export async function resolveRates(
  db: Models,
  viewer: Viewer,
  rates: readonly RateImport[],
): Promise<readonly ResolvedRate[] | NotFound | Invalid> {
  const metrics = await findMetrics(db, viewer, new Set(rates.map((rate) => rate.metric)));
  const seen = new Map<string, number>();
  const resolved: ResolvedRate[] = [];
  for (const [at, { metric: given, draft }] of rates.entries()) {
    const metric = metrics.get(given);
    if (!metric) return notFound(`rates.${at}.metric`, 'BillableMetric', given);
    const misfit = modelFault(`rates.${at}.model`, metric.aggregation, draft.terms);
    if (misfit) return misfit;
    const key = `${metric.id} ${dimensionsKey(draft.dimensions)}`;
    const first = seen.get(key);
    if (first !== undefined) return repeated(at, first);
    seen.set(key, at);
    resolved.push({ metricId: metric.id, metricCode: metric.code, draft });
  }
  return resolved;
}

function repeated(at: number, first: number): Invalid {
  return invalid({
    path: `rates.${at}`,
    code: 'NOT_ALLOWED',
    message: `Has the metric and the dimensions of rates.${first}.`,
  });
}
