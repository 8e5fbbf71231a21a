import type { Ask } from '../support/api.ts';
import { until } from '../support/until.ts';

export const DAY_MS = 86_400_000;

/** Where clocks of tests begin: long ago, so that nothing of the server's time can be mistaken for theirs. */
export const START = '2021-01-31T00:00:00.000Z';

/** So many days after the beginning. */
export function day(days: number): string {
  return new Date(Date.parse(START) + days * DAY_MS).toISOString();
}

const ERRORS = '... on Error { code message } ... on ValidationError { issues { path code } }';

/** Short words for what is done with clocks and with customers who go by them. */
export function clockWords(ask: Ask, key?: string) {
  async function run(document: string, variables: object = {}) {
    const { data, errors } = await ask(document, variables, key);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  const mutate = async (name: string, type: string, input: object, payload: string) =>
    (
      await run(
        `mutation ($input: ${type}!) { result: ${name}(input: $input) { __typename ${payload} ${ERRORS} } }`,
        { input },
      )
    ).result;

  const CLOCK = 'testClock { id name now status target deletedAt }';
  const words = {
    run,
    mutate,
    createClock: (input: object) =>
      mutate(
        'createTestClock',
        'CreateTestClockInput',
        { name: 'Clock', now: START, ...input },
        `... on CreateTestClockPayload { ${CLOCK} }`,
      ),
    async clock(input: object = {}): Promise<string> {
      return (await words.createClock(input)).testClock.id;
    },
    send: (clock: string, to: string, more: object = {}) =>
      mutate(
        'advanceTestClock',
        'AdvanceTestClockInput',
        { clock, to, ...more },
        `... on AdvanceTestClockPayload { ${CLOCK} }`,
      ),
    async read(clock: string) {
      const { node } = await run(
        'query ($id: ID!) { node(id: $id) { ... on TestClock { id name now status target deletedAt } } }',
        { id: clock },
      );
      return node;
    },
    /** Waits until it has arrived. */
    async arrived(clock: string): Promise<void> {
      await until('the clock is READY', async () => (await words.read(clock)).status === 'READY');
    },
    /** There and back again: sends it, and waits for it. */
    async advance(clock: string, to: string): Promise<void> {
      const sent = await words.send(clock, to);
      if (sent.__typename !== 'AdvanceTestClockPayload') throw new Error(JSON.stringify(sent));
      await words.arrived(clock);
    },
    createCustomer: (input: object) =>
      mutate(
        'createCustomer',
        'CreateCustomerInput',
        input,
        '... on CreateCustomerPayload { created customer { id createdAt testClock { id } } }',
      ),
    async customer(externalId: string, testClock: string | null): Promise<string> {
      return (await words.createCustomer({ externalId, testClock })).customer.id;
    },
    grant: (externalId: string, amount: string, more: object = {}) =>
      mutate(
        'grantCredit',
        'GrantCreditInput',
        { customer: { externalId }, asset: 'USD', amount, ...more },
        '... on GrantCreditPayload { grant { id inForce createdAt } wallet { id balance { available } } }',
      ),
    use: (externalId: string, eventId: string, n: number | string, more: object = {}) =>
      mutate(
        'recordUsage',
        'UsageEventInput',
        { customer: { externalId }, eventId, type: 'use', properties: { n }, ...more },
        '... on UsageRecorded { event { occurredAt receivedAt } balances { at balance { available } } }',
      ),
    async wallet(externalId: string) {
      const { customer } = await run(
        `query ($ref: CustomerRef!) { customer(ref: $ref) { wallets {
          id createdAt updatedAt version balance { settled available pending }
          entries(first: 100) { edges { node { cause amount debitAccount creditAccount postedAt } } }
        } } }`,
        { ref: { externalId } },
      );
      return customer.wallets[0];
    },
    /** `day cause amount debit>credit` of every entry, oldest first. */
    async ledger(externalId: string): Promise<string[]> {
      const { entries } = await words.wallet(externalId);
      return entries.edges
        .map(({ node }: { node: Record<string, string> }) =>
          [
            node.postedAt,
            node.cause,
            node.amount,
            `${node.debitAccount}>${node.creditAccount}`,
          ].join(' '),
        )
        .reverse();
    },
    async available(externalId: string): Promise<string> {
      return (await words.wallet(externalId)).balance.available;
    },
    /** An asset, and units of it for a dollar each. */
    async openShop(): Promise<void> {
      await run(`mutation {
        createAsset(input: { code: "USD" }) { __typename }
        createBillableMetric(input: { code: "units", eventType: "use", aggregation: SUM, property: "n" }) { __typename }
        createPrice(input: { metric: "units", asset: "USD", unitAmount: "1" }) { __typename }
      }`);
    },
  };
  return words;
}

export type ClockWords = ReturnType<typeof clockWords>;
