import type { Api } from './api.ts';
import { CommandError } from './command-error.ts';
import {
  CREATE_CUSTOMER,
  type CustomerAnswer,
  EFFECTIVE_RATES,
  METRICS,
  type MetricNode,
  type MetricsAnswer,
  PREFUND,
  type PrefundAnswer,
  type RatesAnswer,
} from './documents/replay.ts';
import { payloadOf } from './result.ts';
import { LLM_EVENT_TYPE } from './token-kinds.ts';

/** The properties that the events of a trace carry. */
const COUNTED = new Set(['input_tokens', 'output_tokens']);

/**
 * The asset that a model is charged in. Refuses a model that the server could not charge for, before
 * anything is sent.
 */
export async function findAssetOf(api: Api, model: string, wanted?: string): Promise<string> {
  const metrics = await metricsOf(api);
  if (metrics.length === 0) {
    throw new CommandError(`No metric counts ${LLM_EVENT_TYPE} events: import prices first.`);
  }
  const assets = new Set<string>();
  for (const metric of metrics) {
    const variables = { metric, dimensions: { model } };
    const { effectiveRates } = await api.send<RatesAnswer>(EFFECTIVE_RATES, variables);
    if (effectiveRates.length === 0) {
      throw new CommandError(
        `The model "${model}" has no rate for ${metric}: import its prices first.`,
      );
    }
    for (const { price } of effectiveRates) assets.add(price.asset.code);
  }
  return chooseAsset(model, [...assets], wanted);
}

/** Makes the customer when there is none of that external id. */
export async function ensureCustomer(api: Api, externalId: string): Promise<void> {
  const input = { externalId };
  payloadOf((await api.send<CustomerAnswer>(CREATE_CUSTOMER, { input })).createCustomer);
}

export interface Prefund {
  readonly customer: string;
  readonly asset: string;
  readonly amount: string;
  /** SHA-256 of the trace. */
  readonly hash: string;
}

/** Books the prefund once for a file and customer, for ever; false when it was booked before. */
export async function prefund(
  api: Api,
  { customer, asset, amount, hash }: Prefund,
): Promise<boolean> {
  const input = {
    customer: { externalId: customer },
    asset,
    amount,
    transactionId: `replay-${hash.slice(0, 32)}-${asset}-${amount}`,
    reason: 'EXTERNAL_TOPUP',
    description: 'Prefund of a replayed trace',
  };
  return payloadOf((await api.send<PrefundAnswer>(PREFUND, { input })).adjustBalance).created;
}

async function metricsOf(api: Api): Promise<string[]> {
  const codes: string[] = [];
  let after: string | null = null;
  do {
    const variables: object = { eventType: LLM_EVENT_TYPE, after };
    const { billableMetrics } = await api.send<MetricsAnswer>(METRICS, variables);
    codes.push(
      ...billableMetrics.edges.filter(({ node }) => counts(node)).map(({ node }) => node.code),
    );
    after = billableMetrics.pageInfo.hasNextPage ? billableMetrics.pageInfo.endCursor : null;
  } while (after);
  return codes;
}

/** Whether every event of a trace is counted; of a metric with a filter that is not known here. */
function counts({ aggregation, property, filter }: MetricNode): boolean {
  if (filter.length > 0) return false;
  return aggregation === 'COUNT' || COUNTED.has(property ?? '');
}

function chooseAsset(model: string, assets: readonly string[], wanted?: string): string {
  const [only, ...others] = assets;
  if (wanted && !assets.includes(wanted)) {
    throw new CommandError(`The model "${model}" is not charged in ${wanted}.`);
  }
  if (wanted) return wanted;
  if (only && others.length === 0) return only;
  throw new CommandError(
    `The model "${model}" is charged in ${assets.join(', ')}: say which with --asset.`,
  );
}
