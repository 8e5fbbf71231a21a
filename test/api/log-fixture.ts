import { setUpCalls, startApi } from '../support/api.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

const KEY = 'sk_test_the_first_organizations_key_for_tests';

/** A server, a customer with a thousand dollars, and short words for what is told of it. */
export async function openLog() {
  const api = await startApi();
  const { walletId } = await setUpCalls(api.ask, 'acme', '1000');
  const sockets: WsClient[] = [];
  let used = 0;

  return {
    api,
    walletId,
    async openSocket(key = KEY): Promise<WsClient> {
      const socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
      sockets.push(socket);
      await socket.init(`Bearer ${key}`);
      return socket;
    },
    /** Records so many calls in one batch; answers their ids. */
    async use(count = 1, externalId = 'acme'): Promise<string[]> {
      const ids = Array.from({ length: count }, () => {
        used += 1;
        return `use-${used}`;
      });
      const events = ids.map((eventId) => ({
        customer: { externalId },
        eventId,
        type: 'api.call',
      }));
      await api.ask(
        `mutation ($input: RecordUsageBatchInput!) { recordUsageBatch(input: $input) { __typename } }`,
        { input: { events } },
      );
      return ids;
    },
    async grant(externalId: string, amount: string, asset = 'USD') {
      const { data } = await api.ask(
        `mutation ($input: GrantCreditInput!) {
          grantCredit(input: $input) { ... on GrantCreditPayload { grant { id } } }
        }`,
        { input: { customer: { externalId }, asset, amount } },
      );
      return data.grantCredit.grant.id as string;
    },
    async customer(externalId: string): Promise<void> {
      await api.ask(
        'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
        { input: { externalId } },
      );
    },
    async tokenOf(externalId: string, scopes?: string[]): Promise<string> {
      const { data } = await api.ask(
        `mutation ($input: CreateCustomerTokenInput!) {
          createCustomerToken(input: $input) { ... on CreateCustomerTokenPayload { token } }
        }`,
        { input: { customer: { externalId }, ...(scopes && { scopes }) } },
      );
      return data.createCustomerToken.token;
    },
    async stop() {
      await Promise.all(sockets.map((socket) => socket.close()));
      await api.stop();
    },
  };
}

export type LogFixture = Awaited<ReturnType<typeof openLog>>;

/** The code of the error that a subscription is answered with, which ends it. */
export async function codeOf(socket: WsClient): Promise<string> {
  const { payload } = await socket.next();
  const end = await socket.next();
  if (end.type !== 'complete') throw new Error(`After an error came ${end.type}.`);
  return payload.errors[0].extensions.code;
}
