import { type Ask, setUpCalls, startApi, type TestApi } from './api.ts';

export const acme = { externalId: 'acme' };

/** Text that JavaScript can hold and no database can. */
export const loneSurrogate = 'bad \ud800 text';

/** The product with a customer who has a thousand dollars, and one metric of each kind. */
export async function startPriced(): Promise<TestApi> {
  const api = await startApi();
  const { ask } = api;
  await setUpCalls(ask, 'acme', '1000');
  await ask(`mutation {
    createAsset(input: { code: "POINT", name: "Points", scale: 0 }) { __typename }
    tokens: createBillableMetric(input: { code: "tokens", name: "Tokens", eventType: "llm", aggregation: SUM, property: "tokens" }) { __typename }
    createPrice(input: { metric: "tokens", asset: "USD", unitAmount: "0.001", dimensions: { model: "known" } }) { __typename }
    free: createPrice(input: { metric: "tokens", asset: "USD", unitAmount: "0", dimensions: { model: "free" } }) { __typename }
    unpriced: createBillableMetric(input: { code: "unpriced", name: "Unpriced", eventType: "unpriced", aggregation: COUNT }) { __typename }
  }`);
  return api;
}

/** Everything that a refused operation might have left behind. */
export async function stateOf(ask: Ask) {
  const { data } = await ask(`{
    customer(ref: { externalId: "acme" }) {
      wallets { name version balance { settled pending } grants { edges { node { id remaining } } } entries { edges { node { id } } } }
    }
    usageEvents(first: 100) { edges { node { id } } }
  }`);
  return data;
}
