/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation CreateCustomer($input: CreateCustomerInput!) {\n  createCustomer(input: $input) {\n    __typename\n    ... on CreateCustomerPayload {\n      created\n      customer {\n        id\n        externalId\n        name\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": typeof types.CreateCustomerDocument,
    "mutation CreateAsset($input: CreateAssetInput!) {\n  createAsset(input: $input) {\n    __typename\n    ... on CreateAssetPayload {\n      created\n      asset {\n        id\n        code\n        kind\n        scale\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": typeof types.CreateAssetDocument,
    "mutation GrantCredit($input: GrantCreditInput!) {\n  grantCredit(input: $input) {\n    __typename\n    ... on GrantCreditPayload {\n      grant {\n        id\n        amount\n        remaining\n        purpose\n      }\n      wallet {\n        id\n        balance {\n          settled\n          available\n        }\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on ValidationError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}": typeof types.GrantCreditDocument,
    "mutation CreateBillableMetric($input: CreateBillableMetricInput!) {\n  createBillableMetric(input: $input) {\n    __typename\n    ... on CreateBillableMetricPayload {\n      created\n      metric {\n        id\n        code\n        eventType\n        aggregation\n        property\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": typeof types.CreateBillableMetricDocument,
    "mutation CreatePrice($input: CreatePriceInput!) {\n  createPrice(input: $input) {\n    __typename\n    ... on CreatePricePayload {\n      created\n      rate {\n        id\n        dimensions\n        unitAmount\n        effectiveFrom\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": typeof types.CreatePriceDocument,
    "mutation RecordUsage($input: UsageEventInput!) {\n  recordUsage(input: $input) {\n    __typename\n    ... on UsageRecorded {\n      duplicate\n      event {\n        id\n        occurredAt\n      }\n      charges {\n        quantity\n        amount\n        asset {\n          code\n        }\n        draws {\n          amount\n          grant {\n            id\n          }\n        }\n      }\n      balances {\n        version\n        balance {\n          available\n        }\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n      required\n      shortfall\n    }\n    ... on Error {\n      code\n      message\n      retryable\n    }\n  }\n}": typeof types.RecordUsageDocument,
    "mutation RecordUsageBatch($input: RecordUsageBatchInput!) {\n  recordUsageBatch(input: $input) {\n    __typename\n    ... on RecordUsageBatchPayload {\n      recorded\n      duplicates\n      refused\n      outcomes {\n        __typename\n        ... on UsageRecorded {\n          duplicate\n          charges {\n            amount\n          }\n        }\n        ... on Error {\n          code\n          message\n        }\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": typeof types.RecordUsageBatchDocument,
    "query CustomerWallets($ref: CustomerRef!) {\n  customer(ref: $ref) {\n    id\n    name\n    wallets {\n      id\n      name\n      version\n      asset {\n        code\n      }\n      balance {\n        settled\n        held\n        available\n        pending\n      }\n      grants(first: 5, openOnly: true) {\n        edges {\n          node {\n            id\n            purpose\n            remaining\n            expiresAt\n          }\n        }\n      }\n    }\n  }\n}": typeof types.CustomerWalletsDocument,
    "query ExplainCharges($filter: UsageEventFilter) {\n  usageEvents(first: 10, filter: $filter) {\n    edges {\n      node {\n        eventId\n        type\n        occurredAt\n        properties\n        charges {\n          metric {\n            code\n          }\n          quantity\n          rate {\n            unitAmount\n            packageSize\n            dimensions\n            effectiveFrom\n          }\n          amount\n          draws {\n            amount\n            grant {\n              id\n              purpose\n            }\n          }\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.ExplainChargesDocument,
    "subscription WatchBalance($walletId: ID!) {\n  balanceChanged(walletId: $walletId) {\n    version\n    at\n    balance {\n      settled\n      available\n    }\n    wallet {\n      asset {\n        code\n      }\n    }\n  }\n}": typeof types.WatchBalanceDocument,
    "mutation CreateAlertRule($input: CreateAlertRuleInput!) {\n  createAlertRule(input: $input) {\n    __typename\n    ... on CreateAlertRulePayload {\n      alertRule {\n        id\n        name\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on ValidationError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}": typeof types.CreateAlertRuleDocument,
    "query ReadEvents($last: Int!) {\n  events(last: $last) {\n    edges {\n      cursor\n      node {\n        type\n        at\n        customer {\n          externalId\n        }\n        ... on AlertRaisedEvent {\n          alert {\n            kind\n            threshold\n            observed\n          }\n        }\n        ... on BalanceChangedEvent {\n          cause\n          balance {\n            available\n          }\n        }\n      }\n    }\n  }\n}": typeof types.ReadEventsDocument,
    "subscription FollowEvents($after: String, $types: [EventType!]) {\n  events(after: $after, types: $types) {\n    id\n    type\n    cursor\n    sequence\n    customer {\n      externalId\n    }\n  }\n}": typeof types.FollowEventsDocument,
    "query CanConsume($input: CanConsumeInput!) {\n  canConsume(input: $input) {\n    outcome\n    reason\n    required\n    available\n    shortfall\n    asset {\n      code\n    }\n    asOf\n  }\n}": typeof types.CanConsumeDocument,
};
const documents: Documents = {
    "mutation CreateCustomer($input: CreateCustomerInput!) {\n  createCustomer(input: $input) {\n    __typename\n    ... on CreateCustomerPayload {\n      created\n      customer {\n        id\n        externalId\n        name\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": types.CreateCustomerDocument,
    "mutation CreateAsset($input: CreateAssetInput!) {\n  createAsset(input: $input) {\n    __typename\n    ... on CreateAssetPayload {\n      created\n      asset {\n        id\n        code\n        kind\n        scale\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": types.CreateAssetDocument,
    "mutation GrantCredit($input: GrantCreditInput!) {\n  grantCredit(input: $input) {\n    __typename\n    ... on GrantCreditPayload {\n      grant {\n        id\n        amount\n        remaining\n        purpose\n      }\n      wallet {\n        id\n        balance {\n          settled\n          available\n        }\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on ValidationError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}": types.GrantCreditDocument,
    "mutation CreateBillableMetric($input: CreateBillableMetricInput!) {\n  createBillableMetric(input: $input) {\n    __typename\n    ... on CreateBillableMetricPayload {\n      created\n      metric {\n        id\n        code\n        eventType\n        aggregation\n        property\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": types.CreateBillableMetricDocument,
    "mutation CreatePrice($input: CreatePriceInput!) {\n  createPrice(input: $input) {\n    __typename\n    ... on CreatePricePayload {\n      created\n      rate {\n        id\n        dimensions\n        unitAmount\n        effectiveFrom\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": types.CreatePriceDocument,
    "mutation RecordUsage($input: UsageEventInput!) {\n  recordUsage(input: $input) {\n    __typename\n    ... on UsageRecorded {\n      duplicate\n      event {\n        id\n        occurredAt\n      }\n      charges {\n        quantity\n        amount\n        asset {\n          code\n        }\n        draws {\n          amount\n          grant {\n            id\n          }\n        }\n      }\n      balances {\n        version\n        balance {\n          available\n        }\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n      required\n      shortfall\n    }\n    ... on Error {\n      code\n      message\n      retryable\n    }\n  }\n}": types.RecordUsageDocument,
    "mutation RecordUsageBatch($input: RecordUsageBatchInput!) {\n  recordUsageBatch(input: $input) {\n    __typename\n    ... on RecordUsageBatchPayload {\n      recorded\n      duplicates\n      refused\n      outcomes {\n        __typename\n        ... on UsageRecorded {\n          duplicate\n          charges {\n            amount\n          }\n        }\n        ... on Error {\n          code\n          message\n        }\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}": types.RecordUsageBatchDocument,
    "query CustomerWallets($ref: CustomerRef!) {\n  customer(ref: $ref) {\n    id\n    name\n    wallets {\n      id\n      name\n      version\n      asset {\n        code\n      }\n      balance {\n        settled\n        held\n        available\n        pending\n      }\n      grants(first: 5, openOnly: true) {\n        edges {\n          node {\n            id\n            purpose\n            remaining\n            expiresAt\n          }\n        }\n      }\n    }\n  }\n}": types.CustomerWalletsDocument,
    "query ExplainCharges($filter: UsageEventFilter) {\n  usageEvents(first: 10, filter: $filter) {\n    edges {\n      node {\n        eventId\n        type\n        occurredAt\n        properties\n        charges {\n          metric {\n            code\n          }\n          quantity\n          rate {\n            unitAmount\n            packageSize\n            dimensions\n            effectiveFrom\n          }\n          amount\n          draws {\n            amount\n            grant {\n              id\n              purpose\n            }\n          }\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.ExplainChargesDocument,
    "subscription WatchBalance($walletId: ID!) {\n  balanceChanged(walletId: $walletId) {\n    version\n    at\n    balance {\n      settled\n      available\n    }\n    wallet {\n      asset {\n        code\n      }\n    }\n  }\n}": types.WatchBalanceDocument,
    "mutation CreateAlertRule($input: CreateAlertRuleInput!) {\n  createAlertRule(input: $input) {\n    __typename\n    ... on CreateAlertRulePayload {\n      alertRule {\n        id\n        name\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on ValidationError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}": types.CreateAlertRuleDocument,
    "query ReadEvents($last: Int!) {\n  events(last: $last) {\n    edges {\n      cursor\n      node {\n        type\n        at\n        customer {\n          externalId\n        }\n        ... on AlertRaisedEvent {\n          alert {\n            kind\n            threshold\n            observed\n          }\n        }\n        ... on BalanceChangedEvent {\n          cause\n          balance {\n            available\n          }\n        }\n      }\n    }\n  }\n}": types.ReadEventsDocument,
    "subscription FollowEvents($after: String, $types: [EventType!]) {\n  events(after: $after, types: $types) {\n    id\n    type\n    cursor\n    sequence\n    customer {\n      externalId\n    }\n  }\n}": types.FollowEventsDocument,
    "query CanConsume($input: CanConsumeInput!) {\n  canConsume(input: $input) {\n    outcome\n    reason\n    required\n    available\n    shortfall\n    asset {\n      code\n    }\n    asOf\n  }\n}": types.CanConsumeDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateCustomer($input: CreateCustomerInput!) {\n  createCustomer(input: $input) {\n    __typename\n    ... on CreateCustomerPayload {\n      created\n      customer {\n        id\n        externalId\n        name\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').CreateCustomerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateAsset($input: CreateAssetInput!) {\n  createAsset(input: $input) {\n    __typename\n    ... on CreateAssetPayload {\n      created\n      asset {\n        id\n        code\n        kind\n        scale\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').CreateAssetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation GrantCredit($input: GrantCreditInput!) {\n  grantCredit(input: $input) {\n    __typename\n    ... on GrantCreditPayload {\n      grant {\n        id\n        amount\n        remaining\n        purpose\n      }\n      wallet {\n        id\n        balance {\n          settled\n          available\n        }\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on ValidationError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').GrantCreditDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateBillableMetric($input: CreateBillableMetricInput!) {\n  createBillableMetric(input: $input) {\n    __typename\n    ... on CreateBillableMetricPayload {\n      created\n      metric {\n        id\n        code\n        eventType\n        aggregation\n        property\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').CreateBillableMetricDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreatePrice($input: CreatePriceInput!) {\n  createPrice(input: $input) {\n    __typename\n    ... on CreatePricePayload {\n      created\n      rate {\n        id\n        dimensions\n        unitAmount\n        effectiveFrom\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').CreatePriceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RecordUsage($input: UsageEventInput!) {\n  recordUsage(input: $input) {\n    __typename\n    ... on UsageRecorded {\n      duplicate\n      event {\n        id\n        occurredAt\n      }\n      charges {\n        quantity\n        amount\n        asset {\n          code\n        }\n        draws {\n          amount\n          grant {\n            id\n          }\n        }\n      }\n      balances {\n        version\n        balance {\n          available\n        }\n      }\n    }\n    ... on InsufficientFundsError {\n      available\n      required\n      shortfall\n    }\n    ... on Error {\n      code\n      message\n      retryable\n    }\n  }\n}"): typeof import('./graphql.ts').RecordUsageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RecordUsageBatch($input: RecordUsageBatchInput!) {\n  recordUsageBatch(input: $input) {\n    __typename\n    ... on RecordUsageBatchPayload {\n      recorded\n      duplicates\n      refused\n      outcomes {\n        __typename\n        ... on UsageRecorded {\n          duplicate\n          charges {\n            amount\n          }\n        }\n        ... on Error {\n          code\n          message\n        }\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').RecordUsageBatchDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query CustomerWallets($ref: CustomerRef!) {\n  customer(ref: $ref) {\n    id\n    name\n    wallets {\n      id\n      name\n      version\n      asset {\n        code\n      }\n      balance {\n        settled\n        held\n        available\n        pending\n      }\n      grants(first: 5, openOnly: true) {\n        edges {\n          node {\n            id\n            purpose\n            remaining\n            expiresAt\n          }\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').CustomerWalletsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ExplainCharges($filter: UsageEventFilter) {\n  usageEvents(first: 10, filter: $filter) {\n    edges {\n      node {\n        eventId\n        type\n        occurredAt\n        properties\n        charges {\n          metric {\n            code\n          }\n          quantity\n          rate {\n            unitAmount\n            packageSize\n            dimensions\n            effectiveFrom\n          }\n          amount\n          draws {\n            amount\n            grant {\n              id\n              purpose\n            }\n          }\n        }\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): typeof import('./graphql.ts').ExplainChargesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription WatchBalance($walletId: ID!) {\n  balanceChanged(walletId: $walletId) {\n    version\n    at\n    balance {\n      settled\n      available\n    }\n    wallet {\n      asset {\n        code\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').WatchBalanceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreateAlertRule($input: CreateAlertRuleInput!) {\n  createAlertRule(input: $input) {\n    __typename\n    ... on CreateAlertRulePayload {\n      alertRule {\n        id\n        name\n      }\n    }\n    ... on Error {\n      code\n      message\n    }\n    ... on ValidationError {\n      issues {\n        path\n        message\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').CreateAlertRuleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ReadEvents($last: Int!) {\n  events(last: $last) {\n    edges {\n      cursor\n      node {\n        type\n        at\n        customer {\n          externalId\n        }\n        ... on AlertRaisedEvent {\n          alert {\n            kind\n            threshold\n            observed\n          }\n        }\n        ... on BalanceChangedEvent {\n          cause\n          balance {\n            available\n          }\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ReadEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription FollowEvents($after: String, $types: [EventType!]) {\n  events(after: $after, types: $types) {\n    id\n    type\n    cursor\n    sequence\n    customer {\n      externalId\n    }\n  }\n}"): typeof import('./graphql.ts').FollowEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query CanConsume($input: CanConsumeInput!) {\n  canConsume(input: $input) {\n    outcome\n    reason\n    required\n    available\n    shortfall\n    asset {\n      code\n    }\n    asOf\n  }\n}"): typeof import('./graphql.ts').CanConsumeDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
