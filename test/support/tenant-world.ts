import { fromTypeId, type Noun, newId, PREFIXES, toTypeId } from '../../src/kit/ids.ts';
import type { Ask } from './api.ts';
import { type World, withCursors } from './tenant-cursors.ts';
import { createPaymentProvider, createPayments } from './tenant-payments.ts';
import type { Thing } from './tenant-reference.ts';
import { readSigningKey, storeDelivery } from './tenant-stored.ts';
import { createWithdrawals } from './tenant-withdrawals.ts';

const THINGS_OF_CUSTOMER = [
  'customer',
  'wallet',
  'grant',
  'hold',
  'spareHold',
  'adjustment',
  'usageEvent',
  'subscription',
  'spareTrial',
  'owingSubscription',
  'steadySubscription',
  'subscriptionCharge',
  'subject',
  'alertRule',
  'spareRule',
  'alert',
  'payment',
  'sparePayment',
  'paymentCredit',
  'paymentRefund',
  'paymentDispute',
  'paymentMismatch',
  'paymentMethod',
  'spareMethod',
  'withdrawal',
  'spareWithdrawal',
  'withdrawnRefund',
  'paymentLink',
  'autoRechargeRule',
];

/** One object of every noun, named after `name`. All worlds use the same idempotency keys. */
export async function createWorld(ask: Ask, key: string, name: string, databaseUrl: string) {
  const catalog = await createCatalog(ask, key, name);
  const provider = await createPaymentProvider(ask, key, name, databaseUrl);
  const own = await createCustomer(ask, key, name, catalog);
  const payments = await createPayments(ask, key, catalog, own.customer ?? '', name, databaseUrl);
  const withdrawals = await createWithdrawals(ask, key, own, name, databaseUrl);
  const signingKeyId = await readSigningKey(databaseUrl, catalog.organization ?? '');
  const webhookDelivery = await storeDelivery(databaseUrl, catalog.webhookEndpoint ?? '');
  const others = { signingKey: signingKeyId, webhookDelivery, ...withdrawals };
  return withCursors(ask, key, { ...catalog, ...provider, ...own, ...payments, ...others }, name);
}

/** The same organization with another customer, and what belongs to that one. */
export async function createNeighbour(
  ask: Ask,
  key: string,
  name: string,
  world: World,
  databaseUrl: string,
) {
  const ids = Object.fromEntries(Object.entries(world).map(([thing, names]) => [thing, names.id]));
  const own = await createCustomer(ask, key, name, { ...ids, eventType: world.eventType.code });
  const payments = await createPayments(ask, key, ids, own.customer ?? '', name, databaseUrl);
  const withdrawals = await createWithdrawals(ask, key, own, name, databaseUrl);
  const all = { ...ids, ...own, ...payments, ...withdrawals };
  const neighbour = await withCursors(ask, key, all, name);
  const isOwn = (thing: string) => THINGS_OF_CUSTOMER.includes(thing);
  return Object.fromEntries(
    Object.entries(world).map(([thing, names]) => [
      thing,
      isOwn(thing) ? neighbour[thing as Thing] : names,
    ]),
  ) as World;
}

/** Names of the same form for things that are nowhere. */
export function createGhosts(world: World): World {
  return Object.fromEntries(
    Object.entries(world).map(([thing, { id, code, cursor }]) => {
      const ghostId = ghostOf(id);
      return [
        thing,
        {
          id: ghostId,
          code: code.toUpperCase() === code ? 'NOBODY' : 'nobody',
          cursor: ghostCursor(cursor),
        },
      ];
    }),
  ) as World;
}

type Ids = Partial<Record<string, string>>;

async function createCatalog(ask: Ask, key: string, name: string): Promise<Ids> {
  const upper = name.toUpperCase();
  const oneFee = `asset: "${upper}", fees: [{ code: "base", amount: "1" }]`;
  const { data, errors } = await ask(
    `mutation { 
      createAsset(input: { code: "${upper}", idempotencyKey: "asset" }) { ... on CreateAssetPayload { asset { id } } }
      spareAsset: createAsset(input: { code: "${upper}_SPARE" }) { ... on CreateAssetPayload { asset { id } } }
      createExchangeRate(input: { from: "${upper}", to: "${upper}_SPARE", spendRate: "3", effectiveAt: "2020-01-01T00:00:00Z",
        idempotencyKey: "exchange" }) { ... on CreateExchangeRatePayload { exchangeRate { id } } }
      createBillableMetric(input: { code: "${name}_calls", eventType: "${name}.call", aggregation: COUNT, idempotencyKey: "metric" }) {
        ... on CreateBillableMetricPayload { metric { id } }
      }
      createFeature(input: { code: "${name}_feature", kind: METERED, metric: "${name}_calls", idempotencyKey: "feature" }) {
        ... on CreateFeaturePayload { feature { id } }
      }
      plain: createPrice(input: { metric: "${name}_calls", asset: "${upper}", model: GRADUATED, tiers: [{ unitAmount: "1" }], idempotencyKey: "price" }) { __typename }
      createPrice(input: { metric: "${name}_calls", asset: "${upper}", unitAmount: "1", rateCard: "${name}_card", idempotencyKey: "card" }) {
        ... on CreatePricePayload { price { id rateCard { id } } rate { id } }
      }
      first: createApiKey(input: { name: "${name}", idempotencyKey: "key" }) { ... on CreateApiKeyPayload { apiKey { id } } }
      spare: createApiKey(input: { name: "${name} spare", idempotencyKey: "spare" }) { ... on CreateApiKeyPayload { apiKey { id } } }
      endpoint: createWebhookEndpoint(input: { url: "http://127.0.0.1:9/${name}", idempotencyKey: "endpoint" }) {
        ... on CreateWebhookEndpointPayload { endpoint { id } }
      }
      spareEndpoint: createWebhookEndpoint(input: { url: "http://127.0.0.1:9/${name}" }) {
        ... on CreateWebhookEndpointPayload { endpoint { id } }
      }
      createTestClock(input: { name: "${name}", now: "2020-01-01T00:00:00Z", idempotencyKey: "clock" }) {
        ... on CreateTestClockPayload { testClock { id } }
      }
      spareClock: createTestClock(input: { name: "${name} spare" }) { ... on CreateTestClockPayload { testClock { id } } }
      savePlanDraft(input: { code: "${name}_plan", idempotencyKey: "plan", definition: {
        ${oneFee}
        entitlements: [{ feature: "${name}_feature", limit: "1000" }]
        prices: [{ metric: "${name}_calls", asset: "${upper}", unitAmount: "1" }]
      } }) { ... on SavePlanDraftPayload { plan { id } version { id } } }
      publishPlan(input: { plan: "${name}_plan", idempotencyKey: "version" }) { __typename }
      saveCreditPack(input: { code: "${name}_pack", asset: "${upper}", amount: "1", priceAsset: "${upper}", price: "1",
        idempotencyKey: "pack" }) { ... on SaveCreditPackPayload { pack { id } } }
      sparePlan: savePlanDraft(input: { code: "${name}_spare", definition: { ${oneFee} } }) { ... on SavePlanDraftPayload { plan { id } } }
      trialPlan: savePlanDraft(input: { code: "${name}_trial", definition: { ${oneFee}, trial: { days: 9 } } }) { __typename }
      spareVersion: publishPlan(input: { plan: "${name}_spare" }) { __typename } trialVersion: publishPlan(input: { plan: "${name}_trial" }) { __typename }
      dearPlan: savePlanDraft(input: { code: "${name}_dear", definition: { asset: "${upper}", fees: [{ code: "base", amount: "9000" }] } }) {
        ... on SavePlanDraftPayload { plan { id } } }
      dearVersion: publishPlan(input: { plan: "${name}_dear" }) { __typename }
      owingPlan: savePlanDraft(input: { code: "${name}_owing", definition: { ${oneFee} } }) { __typename }
      owingVersion: publishPlan(input: { plan: "${name}_owing" }) { __typename }
      steadyPlan: savePlanDraft(input: { code: "${name}_steady", definition: { ${oneFee} } }) { __typename }
      steadyVersion: publishPlan(input: { plan: "${name}_steady" }) { __typename }
      draft: savePlanDraft(input: { code: "${name}_plan", definition: {} }) { __typename } updateOrganization(input: {}) { ... on UpdateOrganizationPayload { organization { id } } }
    }`,
    {},
    key,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return {
    organization: data.updateOrganization.organization.id,
    asset: data.createAsset.asset.id,
    spareAsset: data.spareAsset.asset.id,
    exchangeRate: data.createExchangeRate.exchangeRate.id,
    metric: data.createBillableMetric.metric.id,
    feature: data.createFeature.feature.id,
    price: data.createPrice.price.id,
    rateCard: data.createPrice.price.rateCard.id,
    rate: data.createPrice.rate.id,
    plan: data.savePlanDraft.plan.id,
    planVersion: data.savePlanDraft.version.id,
    creditPack: data.saveCreditPack.pack.id,
    sparePlan: data.sparePlan.plan.id,
    dearPlan: data.dearPlan.plan.id,
    apiKey: data.first.apiKey.id,
    spareKey: data.spare.apiKey.id,
    webhookEndpoint: data.endpoint.endpoint.id,
    spareEndpoint: data.spareEndpoint.endpoint.id,
    testClock: data.createTestClock.testClock.id,
    spareClock: data.spareClock.testClock.id,
    eventType: `${name}.call`,
  };
}

async function createCustomer(ask: Ask, key: string, name: string, catalog: Ids) {
  // Two customers of one organization need two keys; two organizations use the same one.
  const idempotencyKey = catalog.eventType === `${name}.call` ? 'customer' : `customer ${name}`;
  const of = `customer: { externalId: "${name}-customer" }`;
  const own = `${of}, asset: "${catalog.asset}"`;
  const { data, errors } = await ask(
    `mutation {
      createCustomer(input: { externalId: "${name}-customer", name: "${name} name", email: "${name}@example.com",
        metadata: { secret: "${name} secret" }, idempotencyKey: "${idempotencyKey}" }) {
        ... on CreateCustomerPayload { customer { id } }
      }
      grantCredit(input: { ${own}, amount: "100", costBasis: "77.25", metadata: { secret: "${name} secret" } }) {
        ... on GrantCreditPayload { grant { id } wallet { id } }
      }
      adjustBalance(input: { ${own}, amount: "5", transactionId: "webhook", reason: GOODWILL, metadata: { secret: "${name} secret" } }) {
        ... on AdjustBalancePayload { adjustment { id } }
      }
      recordUsage(input: { ${of}, eventId: "${name}-event", type: "${catalog.eventType}", subject: "${name}-subject" }) {
        ... on UsageRecorded { event { id } }
      }
      createSubscription(input: { ${of}, plan: "${catalog.plan}", metadata: { secret: "${name} secret" } }) {
        ... on CreateSubscriptionPayload { subscription { id charges { edges { node { id } } } } }
      }
      spareTrial: createSubscription(input: { ${of}, plan: "${catalog.eventType?.replace('.call', '_trial')}" }) {
        ... on CreateSubscriptionPayload { subscription { id } }
      }
      steady: createSubscription(input: { ${of}, plan: "${catalog.eventType?.replace('.call', '_steady')}" }) {
        ... on CreateSubscriptionPayload { subscription { id } }
      }
      owing: createSubscription(input: { ${of}, plan: "${catalog.eventType?.replace('.call', '_owing')}", prefundAmount: "9000" }) {
        ... on CreateSubscriptionPayload { subscription { id } }
      }
      placeHold(input: { ${own}, amount: "3", metadata: { secret: "${name} secret" } }) {
        ... on PlaceHoldPayload { hold { id } }
      }
      spareHold: placeHold(input: { ${own}, amount: "2" }) { ... on PlaceHoldPayload { hold { id } } }
      createCustomerToken(input: { ${of} }) { __typename }
      createAlertRule(input: { ${own}, name: "${name} rule", condition: { belowAmount: "1000" }, emails: ["${name}-secret@example.com"] }) {
        ... on CreateAlertRulePayload { alertRule { id } }
      }
      spareRule: createAlertRule(input: { ${own}, condition: { belowAmount: "2" } }) {
        ... on CreateAlertRulePayload { alertRule { id } }
      }
    }`,
    {},
    key,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const raised = await ask(
    'query ($id: ID!) { wallet(id: $id) { alerts(activeOnly: true) { nodes: edges { node { id } } } } }',
    { id: data.grantCredit.wallet.id },
    key,
  );
  return {
    alertRule: data.createAlertRule.alertRule.id,
    spareRule: data.spareRule.alertRule.id,
    alert: raised.data.wallet.alerts.nodes[0].node.id,
    customer: data.createCustomer.customer.id,
    grant: data.grantCredit.grant.id,
    hold: data.placeHold.hold.id,
    spareHold: data.spareHold.hold.id,
    wallet: data.grantCredit.wallet.id,
    adjustment: data.adjustBalance.adjustment.id,
    usageEvent: data.recordUsage.event.id,
    subscription: data.createSubscription.subscription.id,
    spareTrial: data.spareTrial.subscription.id,
    owingSubscription: data.owing.subscription.id,
    steadySubscription: data.steady.subscription.id,
    subscriptionCharge: data.createSubscription.subscription.charges.edges[0].node.id,
  };
}

function ghostOf(id: string): string {
  const noun = (Object.keys(PREFIXES) as Noun[]).find((each) => fromTypeId(each, id) !== null);
  return noun ? toTypeId(noun, newId(noun)) : '';
}

/** The same cursor with ids that are nowhere in it. */
function ghostCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  const ghost = text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, () => newId('wallet'));
  return Buffer.from(ghost).toString('base64');
}
