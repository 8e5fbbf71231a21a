import type { Ask } from './api.ts';
import type { Form, Thing } from './tenant-reference.ts';

type Names = Readonly<Record<Form, string>>;
/** One of everything, and how each is named. */
export type World = Readonly<Record<Thing, Names>>;

type Ids = Partial<Record<string, string>>;

const LISTS = `query ($subscription: ID!, $customer: ID!, $wallet: ID!, $price: ID!, $plan: ID!, $endpoint: ID!) {
  plans(first: 100) { edges { cursor node { id } } } creditPacks(first: 100) { edges { cursor node { id } } }
  webhookEndpoints(first: 100) { edges { cursor node { id } } }
  apiKeys(first: 100) { edges { cursor node { id } } } assets(first: 100) { edges { cursor node { id } } }
  features(first: 100) { edges { cursor node { id } } }
  billableMetrics(first: 100) { edges { cursor node { id } } } rateCards(first: 100) { edges { cursor node { id } } }
  prices(first: 100) { edges { cursor node { id } } } customers(first: 100) { edges { cursor node { id } } }
  testClocks(first: 100) { edges { cursor node { id } } } exchangeRates(first: 100) { edges { cursor node { id } } }
  payments(first: 100) { edges { cursor node { id } } } withdrawals(first: 100) { edges { cursor node { id } } } paymentLinks(first: 100) { edges { cursor node { id } } }
  paymentProviders(first: 100) { edges { cursor node { id } } }
  paymentEvents(first: 100) { edges { cursor node { id } } } paymentMismatches(first: 100) { edges { cursor node { id } } }
  usageEvents(first: 100) { edges { cursor node { id } } } alertRules(first: 100) { edges { cursor node { id } } }
  wallet(id: $wallet) { grants { edges { cursor node { id } } } holds { edges { cursor node { id } } } alerts { edges { cursor node { id } } } }
  subscription(id: $subscription) { charges { edges { cursor node { id } } } }
  customer(ref: { id: $customer }) { subscriptions { edges { cursor node { id } } }
    payments { edges { node { credits { edges { cursor node { id } } } refunds { edges { cursor node { id } } }
      disputes { edges { cursor node { id } } } } } } }
  node(id: $price) { ... on Price { rates { edges { cursor node { id } } } } }
  plan: node(id: $plan) { ... on Plan { versions { edges { cursor node { id } } } } }
  endpoint: node(id: $endpoint) { ... on WebhookEndpoint { deliveries { edges { cursor node { id } } } } }
}`;

/** What there is, with its names and its places in lists. */
export async function withCursors(ask: Ask, key: string, ids: Ids, name: string) {
  const { wallet: walletId, price, plan: planId, webhookEndpoint } = ids;
  const { subscription: subscriptionId, customer: customerId } = ids;
  const variables = {
    ...{ subscription: subscriptionId, customer: customerId },
    ...{ wallet: walletId, price, plan: planId, endpoint: webhookEndpoint },
  };
  const { data, errors } = await ask(LISTS, variables, key);
  if (errors) throw new Error(JSON.stringify(errors));
  const { subscription, customer, wallet, node, plan, endpoint, ...lists } = data;
  const inside = [
    ...[wallet.grants, wallet.holds, wallet.alerts, node.rates, plan.versions, endpoint.deliveries],
    ...[subscription.charges, customer.subscriptions],
    ...customer.payments.edges.flatMap((edge: { node: object }) => Object.values(edge.node)),
  ];
  const edges = [...Object.values(lists), ...inside].flatMap(
    (list) => (list as { edges: { cursor: string; node: { id: string } }[] }).edges,
  );
  const cursors = new Map(edges.map((edge) => [edge.node.id, edge.cursor]));
  const codes: Ids = {
    customer: `${name}-customer`,
    asset: name.toUpperCase(),
    spareAsset: `${name.toUpperCase()}_SPARE`,
    metric: `${name}_calls`,
    rateCard: `${name}_card`,
    plan: `${name}_plan`,
    creditPack: `${name}_pack`,
    paymentProvider: `${name}_wire`,
    sparePlan: `${name}_spare`,
    dearPlan: `${name}_dear`,
    feature: `${name}_feature`,
    usageEvent: `${name}-event`,
    eventType: `${name}.call`,
    subject: `${name}-subject`,
  };
  const things = [...Object.keys(ids), 'subject'];
  return Object.fromEntries(
    things.map((thing) => {
      const id = thing === 'eventType' ? '' : (ids[thing] ?? '');
      return [thing, { id, code: codes[thing] ?? '', cursor: cursors.get(id) ?? '' }];
    }),
  ) as World;
}
