import { randomUUID } from 'node:crypto';
import type { Api } from './api.ts';
import { CommandError } from './command-error.ts';
import {
  type AssetAnswer,
  CREATE_ASSET,
  CREATE_METRIC,
  IMPORT_RATES,
  IMPORT_STATE,
  type ImportAnswer,
  type ImportState,
  type MetricAnswer,
  type RatesDiff,
  type StoredMetric,
} from './documents/import-prices.ts';
import type { MarkedUpRate } from './markup.ts';
import { chunk, mergeDiffs } from './rates-diff.ts';
import { payloadOf } from './result.ts';
import { LLM_EVENT_TYPE, TOKEN_KINDS, type TokenKindMetric } from './token-kinds.ts';

export interface ImportTarget {
  readonly asset: string;
  readonly rateCard: string;
  readonly rates: readonly MarkedUpRate[];
}

/** What an import would do; nothing is written yet. */
export interface ImportPlan {
  readonly assetIsMissing: boolean;
  readonly missingMetrics: readonly TokenKindMetric[];
  readonly diff: RatesDiff;
}

/** The most rates that one `importRates` takes. */
const MAX_RATES = 2_000;

/** Asks the server what the rates would change. Those of what is not there yet are all new. */
export async function planImport(api: Api, target: ImportTarget): Promise<ImportPlan> {
  const state = await api.send<ImportState>(IMPORT_STATE, { asset: target.asset });
  const used = new Set(target.rates.map((rate) => rate.metric));
  const needed = TOKEN_KINDS.filter(({ metric }) => used.has(metric));
  for (const metric of needed) checkMetric(metric, state[metric.metric] ?? null);
  const missingMetrics = needed.filter(({ metric }) => !state[metric]);
  const assetIsMissing = state.asset === null;
  const missingCodes = new Set(missingMetrics.map(({ metric }) => metric));
  const isNew = (rate: MarkedUpRate) => assetIsMissing || missingCodes.has(rate.metric);
  const known = target.rates.filter((rate) => !isNew(rate));
  const diff = await sendRates(api, { ...target, rates: known }, { dryRun: true });
  const added = target.rates.filter(isNew).map((rate) => ({
    metric: rate.metric,
    dimensions: rate.dimensions,
    before: null,
    after: { unitAmount: rate.unitAmount, packageSize: '1' },
  }));
  return { assetIsMissing, missingMetrics, diff: { ...diff, added: [...added, ...diff.added] } };
}

/** Carries out a plan: the asset and the metrics first, then the rates. Answers what was changed. */
export async function applyImport(
  api: Api,
  target: ImportTarget,
  plan: ImportPlan,
): Promise<RatesDiff> {
  if (plan.assetIsMissing) {
    const input = { code: target.asset };
    payloadOf((await api.send<AssetAnswer>(CREATE_ASSET, { input })).createAsset);
  }
  for (const { metric, property, label } of plan.missingMetrics) {
    const input = {
      code: metric,
      name: `LLM ${label} tokens`,
      eventType: LLM_EVENT_TYPE,
      aggregation: 'SUM',
      property,
    };
    payloadOf((await api.send<MetricAnswer>(CREATE_METRIC, { input })).createBillableMetric);
  }
  return sendRates(api, target, { dryRun: false });
}

async function sendRates(
  api: Api,
  { asset, rateCard, rates }: ImportTarget,
  { dryRun }: { readonly dryRun: boolean },
): Promise<RatesDiff> {
  const diffs: RatesDiff[] = [];
  for (const part of chunk(rates, MAX_RATES)) {
    // The key makes a request that is sent again answer what the first one did.
    const idempotencyKey = `prices-import-${randomUUID()}`;
    const input = { asset, rateCard, rates: part, dryRun, idempotencyKey };
    const answer = await api.send<ImportAnswer>(IMPORT_RATES, { input });
    diffs.push(payloadOf(answer.importRates));
  }
  return mergeDiffs(diffs);
}

/** A metric of that code which counts something else would charge something else. */
function checkMetric(wanted: TokenKindMetric, stored: StoredMetric | null): void {
  if (!stored) return;
  const agrees =
    stored.eventType === LLM_EVENT_TYPE &&
    stored.aggregation === 'SUM' &&
    stored.property === wanted.property &&
    stored.filter.length === 0;
  if (agrees) return;
  throw new CommandError(
    `The metric ${wanted.metric} exists, but it is not the sum of ${wanted.property} of every ${LLM_EVENT_TYPE} event.`,
  );
}
