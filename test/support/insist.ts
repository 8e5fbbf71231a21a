import type { ChildApi } from './child-api.ts';

const RECORD = `mutation ($input: UsageEventInput!) { result: recordUsage(input: $input) {
  __typename ... on Error { code retryable }
} }`;
const GRANT = `mutation ($input: GrantCreditInput!) { result: grantCredit(input: $input) {
  __typename ... on Error { code retryable }
} }`;

const customer = { externalId: 'acme' };

/** What a careful caller does: the same call again, with the same name, until it is answered. */
async function insistOn({ ask }: ChildApi, document: string, input: object): Promise<void> {
  for (;;) {
    const { data, errors } = await ask(document, { input });
    // An error without a type is an outage of ours, and says nothing of whether the work was done.
    if (errors) continue;
    if (/^(UsageRecorded|GrantCreditPayload)$/.test(data.result.__typename)) return;
    if (!data.result.retryable) throw new Error(JSON.stringify(data.result));
  }
}

export const insist = {
  record: (api: ChildApi, eventId: string) =>
    insistOn(api, RECORD, { customer, eventId, type: 'api.call' }),
  grant: (api: ChildApi, amount: string, idempotencyKey: string) =>
    insistOn(api, GRANT, { customer, asset: 'USD', amount, idempotencyKey }),
};
