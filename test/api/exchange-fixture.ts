import { type Ask, KEY, startApi } from '../support/api.ts';

const ERRORS = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on NotFoundError { path what given }`;

const CREATE = `mutation ($input: CreateExchangeRateInput!) { createExchangeRate(input: $input) {
  ... on CreateExchangeRatePayload {
    created
    exchangeRate { id from { code } to { code } spendRate topUpRate effectiveAt }
  }
  ... on ConflictError { path }
  ${ERRORS}
} }`;

const QUOTE = `query ($input: QuoteExchangeInput!) { quoteExchange(input: $input) {
  ... on ExchangeQuote {
    from { code } to { code } purpose amount worth places rounding rate
    exchangeRate { id } at effectiveAt validUntil
  }
  ... on ExchangeRateNotFoundError { from { code } to { code } purpose at }
  ${ERRORS}
} }`;

const WORTH = `query ($ref: CustomerRef!, $in: String!) { customer(ref: $ref) { wallets {
  worth(in: $in) { asset { code } settled available rate exchangeRate { id } at }
} } }`;

/** A day of a January that is yet to come. */
export const instant = (day: number) => new Date(Date.UTC(2030, 0, day)).toISOString();

/** Short words for what is done with exchange rates. */
export function exchangeWords(ask: Ask, key = KEY) {
  async function run(document: string, variables: object = {}) {
    const { data, errors } = await ask(document, variables, key);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
  return {
    run,
    create: async (input: object) => (await run(CREATE, { input })).createExchangeRate,
    quote: async (input: object) => (await run(QUOTE, { input })).quoteExchange,
    /** What each of a customer's wallets is worth. */
    async worth(externalId: string, asset: string) {
      const { customer } = await run(WORTH, { ref: { externalId }, in: asset });
      return customer.wallets.map((wallet: { worth: object | null }) => wallet.worth);
    },
  };
}

/** A server whose organization has two currencies and credits in whole ones. */
export async function openExchange() {
  const api = await startApi();
  const words = exchangeWords(api.ask);
  await words.run(`mutation {
    usd: createAsset(input: { code: "USD", scale: 4 }) { __typename }
    jpy: createAsset(input: { code: "JPY" }) { __typename }
    credit: createAsset(input: { code: "CREDIT", scale: 1 }) { __typename }
    point: createAsset(input: { code: "POINT" }) { __typename }
  }`);
  return {
    api,
    ...words,
    /** Assets that nothing else in a file is about. */
    async freshPair(name: string) {
      const pair = { from: `${name}_A`, to: `${name}_B` };
      await words.run(`mutation {
        a: createAsset(input: { code: "${pair.from}" }) { __typename }
        b: createAsset(input: { code: "${pair.to}" }) { __typename }
      }`);
      return pair;
    },
  };
}
