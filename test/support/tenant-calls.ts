import { type Noun, PREFIXES } from '../../src/kit/ids.ts';
import { PAYMENT_CALLS } from './tenant-payment-calls.ts';
import { PLAN_CALLS } from './tenant-plan-calls.ts';
import { code, customer, id, input, named, pagesOf } from './tenant-reference.ts';
import { SUBSCRIPTION_CALLS } from './tenant-subscription-calls.ts';

const usage = {
  customer,
  eventId: 'walked',
  type: code('eventType'),
  subject: 'walker',
  properties: { model: 'walked' },
};
const { customer: _, ...captured } = usage;
const consumptions = [
  { event: { type: code('eventType'), properties: { model: 'walked' } } },
  { metric: named('metric'), quantity: '1' },
  { asset: named('asset'), amount: '1' },
  { feature: named('feature') },
];
const rate = { metric: named('metric'), unitAmount: '2' };

/**
 * How to call every root field and every field with arguments: with what belongs to one world, so that it
 * succeeds there. `of` is the object that a field with arguments is asked of.
 */
export const CALLS: Readonly<Record<string, readonly object[]>> = {
  ...PLAN_CALLS,
  ...PAYMENT_CALLS,
  ...SUBSCRIPTION_CALLS,
  'Query.alertRules': [{ customer }, ...pagesOf('alertRule')],
  'Query.apiKeys': pagesOf('apiKey'),
  'Query.asset': [{ asset: named('asset') }],
  'Query.assets': pagesOf('asset'),
  'Query.billableMetric': [{ metric: named('metric') }],
  'Query.billableMetrics': [{ eventType: code('eventType') }, ...pagesOf('metric')],
  'Query.canConsume': consumptions.map((each) => input({ customer, ...each })),
  'Query.canConsumeMany': consumptions.flatMap((each) => [
    input({ checks: [{ customer, ...each }] }),
    input({ customers: [customer], consumptions: [each] }),
  ]),
  'DecisionBatch.decisions': [],
  'Query.feature': [{ feature: named('feature') }],
  'Query.features': pagesOf('feature'),
  'Query.customer': [{ ref: customer }],
  'Query.customers': [{ search: code('customer') }, ...pagesOf('customer')],
  'Query.effectiveRates': [{ metric: named('metric'), dimensions: {} }],
  'Query.eventCursor': [{}],
  'Query.events': [{}, { first: 5 }, { last: 5 }],
  'Query.node': (Object.keys(PREFIXES) as Noun[]).map((noun) => ({ id: id(noun) })),
  'Query.nodes': [{ ids: [id('wallet'), id('customer')] }],
  'Query.organization': [{}],
  'Query.prices': [{ metric: named('metric'), rateCard: named('rateCard') }, ...pagesOf('price')],
  'Query.rateCards': pagesOf('rateCard'),
  'Query.testClocks': pagesOf('testClock'),
  'Query.usageEvents': [
    { filter: { customer } },
    { filter: { eventId: code('usageEvent') } },
    { filter: { type: code('eventType') } },
    { filter: { subject: code('subject') } },
    ...pagesOf('usageEvent'),
  ],
  'Query.wallet': [{ id: id('wallet') }],
  'Query.webhookEndpoints': pagesOf('webhookEndpoint'),

  'Wallet.balanceAt': [{ of: id('wallet'), at: '2024-01-01T00:00:00Z' }],
  'Wallet.entries': [
    { of: id('wallet'), first: 5, after: '3' },
    { of: id('wallet'), last: 5, before: '1' },
  ],
  'Wallet.grants': pagesOf('grant', { of: id('wallet'), openOnly: false }),
  'Wallet.alerts': pagesOf('alert', { of: id('wallet'), activeOnly: false }),
  'Wallet.holds': pagesOf('hold', { of: id('wallet'), openOnly: false }),
  'Customer.holds': pagesOf('hold', { of: id('customer'), openOnly: true }),
  'Hold.captures': [
    { of: id('hold'), first: 5 },
    { of: id('hold'), last: 5 },
  ],
  'Customer.usage': [{ of: id('customer'), metric: named('metric') }],
  'Customer.alerts': pagesOf('alert', { of: id('customer'), activeOnly: true }),
  'CreditGrant.entries': [
    { of: id('grant'), first: 5, after: '3' },
    { of: id('grant'), last: 5, before: '1' },
  ],
  'Price.rates': pagesOf('rate', { of: id('price') }),
  'WebhookEndpoint.deliveries': pagesOf('webhookDelivery', { of: id('webhookEndpoint') }),

  'Mutation.advanceTestClock': [input({ clock: id('testClock'), to: '2020-02-01T00:00:00Z' })],
  'Mutation.adjustBalance': [
    input({
      customer,
      asset: named('asset'),
      amount: '1',
      transactionId: 'walked',
      reason: 'GOODWILL',
    }),
  ],
  'Mutation.captureHold': [
    input({ hold: id('spareHold'), events: [{ ...captured, eventId: 'captured' }] }),
  ],
  'Mutation.correctUsage': [input({ event: id('usageEvent') })],
  'Mutation.createAlertRule': [
    input({ customer, asset: named('asset'), condition: { belowAmount: '3' } }),
    input({ wallet: id('wallet'), condition: { depleted: true } }),
  ],
  'Mutation.createApiKey': [input({ name: 'Walked', scopes: ['usage:read'] })],
  'Mutation.createAsset': [input({ code: 'WALKED' })],
  'Mutation.createBillableMetric': [
    input({
      code: 'walked',
      eventType: 'walked',
      aggregation: 'COUNT',
      filter: [{ property: 'a', equals: 'b' }],
    }),
  ],
  'Mutation.createFeature': [input({ code: 'walked', kind: 'METERED', metric: named('metric') })],
  'Mutation.createCustomer': [input({ externalId: 'walked', testClock: id('testClock') })],
  'Mutation.createCustomerToken': [input({ customer })],
  'Mutation.createPrice': [
    input({
      ...rate,
      asset: named('asset'),
      rateCard: id('rateCard'),
      dimensions: { model: 'walked' },
    }),
  ],
  'Mutation.createTestClock': [input({ name: 'Walked' })],
  'Mutation.createWebhookEndpoint': [input({ url: 'http://127.0.0.1:9/walked' })],
  'Mutation.deleteWebhookEndpoint': [input({ endpoint: id('spareEndpoint') })],
  'Mutation.deleteTestClock': [input({ clock: id('spareClock') })],
  'Mutation.deleteAlertRule': [input({ rule: id('spareRule') })],
  'Mutation.extendHold': [input({ hold: id('hold'), ttlSeconds: 1000 })],
  'Mutation.grantCredit': [
    input({ customer, asset: named('asset'), amount: '1', scope: { metrics: [named('metric')] } }),
  ],
  'Mutation.importRates': [
    input({
      asset: named('asset'),
      rateCard: id('rateCard'),
      rates: [{ ...rate, dimensions: { model: 'imported' } }],
    }),
  ],
  'Mutation.openWallet': [input({ customer, asset: named('asset'), name: 'walked' })],
  'Mutation.pingWebhookEndpoint': [input({ endpoint: id('webhookEndpoint') })],
  'Mutation.placeHold': [
    input({ customer, metric: named('metric'), quantity: '1' }),
    input({ customer, asset: named('asset'), amount: '1' }),
  ],
  'Mutation.recordUsage': [input(usage), input({ ...usage, eventId: 'held', holdId: id('hold') })],
  'Mutation.recordUsageBatch': [
    input({ events: [{ ...usage, eventId: 'walked too', holdId: id('hold') }] }),
  ],
  'Mutation.releaseHold': [input({ hold: id('hold') })],
  'Mutation.replayWebhookEvents': [input({ endpoint: id('webhookEndpoint'), fromPosition: 1 })],
  'Mutation.resendWebhookDelivery': [input({ delivery: id('webhookDelivery') })],
  'Mutation.revokeApiKey': [input({ id: id('apiKey') })],
  'Mutation.revokeCustomerTokens': [input({})],
  'Mutation.rollApiKey': [input({ id: id('spareKey') })],
  'Mutation.rotateWebhookSecret': [input({ endpoint: id('webhookEndpoint') })],
  'Mutation.updateAlertRule': [input({ rule: id('alertRule'), condition: { belowAmount: '999' } })],
  'Mutation.updateCustomer': [input({ customer, name: 'Walked' })],
  'Mutation.updateOrganization': [input({ settlementWindowSeconds: 60 })],
  'Mutation.updateWallet': [input({ wallet: id('wallet'), onEmpty: 'ARREARS' })],
  'Mutation.updateWebhookEndpoint': [
    input({ endpoint: id('webhookEndpoint'), description: 'Walked' }),
  ],
  'Mutation.voidGrant': [input({ grant: id('grant'), amount: '0.5' })],

  'Subscription.alertRaised': [{ customer }],
  'Subscription.balanceChanged': [{ walletId: id('wallet') }],
  'Subscription.customerBalances': [{ customer }],
  'Subscription.events': [{ types: ['USAGE_RECORDED'] }],
  'Subscription.usageRecorded': [{ customer }],
};
