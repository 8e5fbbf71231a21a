import type { Result } from '../result.ts';
import { TOKEN_KINDS, type TokenKindMetric } from '../token-kinds.ts';

// The operations that `prices import` sends, with the shapes of what they answer.

const REFUSAL = '... on Error { __typename message retryable }';

/** What the server has already; one field for each kind of token, under the metric's own code. */
export const IMPORT_STATE = `query ImportState($asset: String!) {
  asset(asset: $asset) { code }
  ${TOKEN_KINDS.map(
    ({ metric }) =>
      `${metric}: billableMetric(metric: "${metric}") { eventType aggregation property filter { property } }`,
  ).join('\n  ')}
}`;

export interface StoredMetric {
  readonly eventType: string;
  readonly aggregation: string;
  readonly property: string | null;
  readonly filter: readonly object[];
}

export type ImportState = { readonly asset: { readonly code: string } | null } & Readonly<
  Record<TokenKindMetric['metric'], StoredMetric | null>
>;

export const CREATE_ASSET = `mutation CreateAsset($input: CreateAssetInput!) {
  createAsset(input: $input) { ... on CreateAssetPayload { __typename created } ${REFUSAL} }
}`;

export interface AssetAnswer {
  readonly createAsset: Result<{ readonly __typename: 'CreateAssetPayload' }>;
}

export const CREATE_METRIC = `mutation CreateMetric($input: CreateBillableMetricInput!) {
  createBillableMetric(input: $input) {
    ... on CreateBillableMetricPayload { __typename created } ${REFUSAL}
  }
}`;

export interface MetricAnswer {
  readonly createBillableMetric: Result<{ readonly __typename: 'CreateBillableMetricPayload' }>;
}

export const IMPORT_RATES = `mutation ImportRates($input: ImportRatesInput!) {
  importRates(input: $input) {
    ... on ImportRatesPayload {
      __typename
      added { ...Change }
      changed { ...Change }
      unchanged
      missing { ...Change }
    }
    ${REFUSAL}
  }
}
fragment Change on RateChange {
  metric
  dimensions
  before { unitAmount packageSize }
  after { unitAmount packageSize }
}`;

export interface Amount {
  /** Null for what is not priced per unit. */
  readonly unitAmount: string | null;
  readonly packageSize: string;
}

export interface Change {
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly before: Amount | null;
  readonly after: Amount | null;
}

export interface RatesDiff {
  readonly added: readonly Change[];
  readonly changed: readonly Change[];
  readonly unchanged: number;
  readonly missing: readonly Change[];
}

export interface ImportAnswer {
  readonly importRates: Result<RatesDiff & { readonly __typename: 'ImportRatesPayload' }>;
}
