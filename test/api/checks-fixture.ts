import { type Ask, setUpCalls } from '../support/api.ts';

export const acme = { externalId: 'acme' };
export const nobody = { externalId: 'nobody' };

/** A call, which costs a dollar. */
export const call = { event: { type: 'api.call' } };

/** A customer who has ten dollars, one who has nothing, one in the slow lane and one in arrears. */
export async function setUpChecks(ask: Ask): Promise<void> {
  await setUpCalls(ask);
  await ask(`mutation {
    createCustomer(input: { externalId: "empty" }) { __typename }
    createCustomer2: createCustomer(input: { externalId: "slow" }) { __typename }
    createCustomer3: createCustomer(input: { externalId: "arrears" }) { __typename }
    openWallet(input: { customer: { externalId: "slow" }, asset: "USD", onEmpty: THROTTLE, overdraftLimit: "5" }) { __typename }
    arrears: openWallet(input: { customer: { externalId: "arrears" }, asset: "USD", onEmpty: ARREARS }) { __typename }
    createBillableMetric(input: { code: "tokens", eventType: "llm", aggregation: SUM, property: "tokens" }) { __typename }
    createPrice(input: { metric: "tokens", asset: "USD", unitAmount: "0.001", dimensions: { model: "mini" } }) { __typename }
    small: createAsset(input: { code: "POINT", scale: 0 }) { __typename }
  }`);
}
