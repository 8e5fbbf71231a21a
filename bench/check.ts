import { connectHttp } from './http-client.ts';
import type { Bench } from './lab.ts';
import { type Round, sendRequests, withClients } from './load.ts';
import { type Line, median, perSecond, ratios } from './report.ts';

const CONNECTIONS = 64;
/** Requests for a matrix that are under way at a time: each keeps the server busy. */
const MATRIX_CONNECTIONS = 2;
/** Customers of the matrix, and metered features that are checked for each of them. */
const SIDE = 100;
/** Coprime to the number of customers: neighbours are far apart. */
const STRIDE = 7_919;

const CONSTANT = JSON.stringify({ query: 'query Constant { constant }' });
const CHECK = `query CanConsume($input: CanConsumeInput!) {
  canConsume(input: $input) { outcome reason available required asOf }
}`;
const MATRIX = `query CanConsumeMany($input: CanConsumeManyInput!) {
  canConsumeMany(input: $input) { outcomes asOf }
}`;

/**
 * One check a query from 64 connections, against a query that returns a constant, in turns; then, by itself, every
 * one of a hundred customers with every one of a hundred metered features, each with a limit, in one request.
 */
export async function benchCheck(bench: Bench): Promise<Line[]> {
  const { world, sizes, server, key } = bench;
  const checked = checksOf(world.customers.map(({ externalId }) => externalId));
  const subscribers = world.customers.slice(0, SIDE).map(({ externalId }) => externalId);
  await giveRights(server.url, key, subscribers);
  const matrixBody = matrixOf(subscribers);
  const measure = (url: string, connections: number, nextBody: () => string, expected: string) =>
    withClients(url, key, connections, (clients) =>
      sendRequests(server, clients, nextBody, expected, sizes.roundMs),
    );
  const check = () => measure(server.url, CONNECTIONS, checked.next, '"outcome":"ALLOW"');
  const constant = () => measure(server.noopUrl, CONNECTIONS, () => CONSTANT, '"constant":true');
  const matrix = () =>
    measure(server.url, MATRIX_CONNECTIONS, () => matrixBody, '["ALLOW","ALLOW"');

  // What a server that has been up for a while knows: every customer.
  while (checked.sent() < world.customers.length) await check();
  await constant();
  const checks: Round[] = [];
  const constants: Round[] = [];
  const matrices: Round[] = [];
  for (let round = 1; round <= sizes.rounds; round += 1) {
    checks.push(await check());
    constants.push(await constant());
  }
  await matrix();
  for (let round = 1; round <= sizes.rounds; round += 1) matrices.push(await matrix());
  const pairs = matrices.map(({ rate }) => rate * SIDE * SIDE);
  return [
    {
      scenario: 'check',
      measure: `64 connections, one check a query, ${world.customers.length.toLocaleString('en')} customers`,
      value: `${perSecond(ratesOf(checks), 'checks')} (server CPU ${costOf(checks)} us each)`,
      against: `a query that returns a constant: ${perSecond(ratesOf(constants), 'queries')} (server CPU ${costOf(constants)} us each)`,
      ratio: ratios(ratesOf(checks), ratesOf(constants)),
      target: '0.6',
    },
    {
      scenario: 'check',
      measure: `${SIDE} customers x ${SIDE} metered features in one request`,
      value: perSecond(pairs, 'checks'),
      against: '100,000 checks/s',
      ratio: ratios(
        pairs,
        pairs.map(() => 100_000),
      ),
      target: '1',
    },
  ];
}

const ratesOf = (rounds: readonly Round[]) => rounds.map(({ rate }) => rate);
const costOf = (rounds: readonly Round[]) => median(rounds.map(({ cpuUs }) => cpuUs)).toFixed(0);

/** GraphQL requests for the next check; each customer comes again when all others have. */
function checksOf(externalIds: readonly string[]) {
  let sent = 0;
  const next = () => {
    sent += 1;
    const customer = { externalId: externalIds[(sent * STRIDE) % externalIds.length] };
    const properties = { model: 'gpt-4o', tokens: 100 + (sent % 1_900) };
    const input = { customer, event: { type: 'llm.request', properties } };
    return JSON.stringify({ query: CHECK, variables: { input } });
  };
  return { next, sent: () => sent };
}

function matrixOf(externalIds: readonly string[]): string {
  const customers = externalIds.map((externalId) => ({ externalId }));
  const consumptions = FEATURES.map((feature, index) => ({
    feature,
    quantity: String(100 + index),
    properties: { model: index % 2 === 0 ? 'gpt-4o' : 'gpt-4o-mini' },
  }));
  return JSON.stringify({ query: MATRIX, variables: { input: { customers, consumptions } } });
}

const FEATURES = Array.from({ length: SIDE }, (_, index) => `feature-${index}`);

const CREATE = `mutation ($feature: CreateFeatureInput!) {
  createFeature(input: $feature) { __typename }
}`;
const OFFER = `mutation ($draft: SavePlanDraftInput!) {
  savePlanDraft(input: $draft) { __typename }
  publishPlan(input: { plan: "bench" }) { __typename }
}`;
const SUBSCRIBE = `mutation ($subscription: CreateSubscriptionInput!) {
  createSubscription(input: $subscription) { __typename }
}`;

/** A plan with a limit on each of the features, and the customers on it. */
async function giveRights(url: string, key: string, externalIds: readonly string[]) {
  const client = await connectHttp(url, key);
  const send = async (query: string, variables: object) => {
    const answer = await client.post(JSON.stringify({ query, variables }));
    if (/Error|errors/.test(answer)) throw new Error(`Preparing was refused: ${answer}`);
  };
  for (const code of FEATURES) {
    await send(CREATE, { feature: { code, kind: 'METERED', metric: 'tokens' } });
  }
  const entitlements = FEATURES.map((feature) => ({ feature, limit: '1000000' }));
  await send(OFFER, { draft: { code: 'bench', definition: { entitlements } } });
  for (const externalId of externalIds) {
    await send(SUBSCRIBE, { subscription: { customer: { externalId }, plan: 'bench' } });
  }
  client.close();
}
