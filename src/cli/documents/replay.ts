import type { Result } from '../result.ts';

// The operations that `replay` sends, with the shapes of what they answer.

export const METRICS = `query Metrics($eventType: String!, $after: String) {
  billableMetrics(eventType: $eventType, first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { code aggregation property filter { property } } }
  }
}`;

export interface MetricsAnswer {
  readonly billableMetrics: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly edges: readonly { readonly node: MetricNode }[];
  };
}

export interface MetricNode {
  readonly code: string;
  readonly aggregation: string;
  readonly property: string | null;
  readonly filter: readonly object[];
}

export const EFFECTIVE_RATES = `query EffectiveRates($metric: String!, $dimensions: JSON) {
  effectiveRates(metric: $metric, dimensions: $dimensions) { price { asset { code } } }
}`;

export interface RatesAnswer {
  readonly effectiveRates: readonly {
    readonly price: { readonly asset: { readonly code: string } };
  }[];
}

const REFUSAL = '... on Error { __typename message retryable }';

export const CREATE_CUSTOMER = `mutation CreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) { ... on CreateCustomerPayload { __typename created } ${REFUSAL} }
}`;

export interface CustomerAnswer {
  readonly createCustomer: Result<{
    readonly __typename: 'CreateCustomerPayload';
    readonly created: boolean;
  }>;
}

export const PREFUND = `mutation Prefund($input: AdjustBalanceInput!) {
  adjustBalance(input: $input) { ... on AdjustBalancePayload { __typename created } ${REFUSAL} }
}`;

export interface PrefundAnswer {
  readonly adjustBalance: Result<{
    readonly __typename: 'AdjustBalancePayload';
    readonly created: boolean;
  }>;
}

export const RECORD_BATCH = `mutation RecordBatch($input: RecordUsageBatchInput!) {
  recordUsageBatch(input: $input) {
    ... on RecordUsageBatchPayload {
      __typename
      outcomes {
        ... on UsageRecorded { __typename duplicate charges { amount asset { code } } }
        ${REFUSAL}
      }
    }
    ${REFUSAL}
  }
}`;

export interface Recorded {
  readonly __typename: 'UsageRecorded';
  readonly duplicate: boolean;
  readonly charges: readonly {
    readonly amount: string;
    readonly asset: { readonly code: string };
  }[];
}

export interface Refused {
  readonly __typename: string;
  readonly message: string;
  readonly retryable: boolean;
}

export type Outcome = Recorded | Refused;

export interface BatchAnswer {
  readonly recordUsageBatch: Result<{
    readonly __typename: 'RecordUsageBatchPayload';
    readonly outcomes: readonly Outcome[];
  }>;
}
