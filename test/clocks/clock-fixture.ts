import type { Ask } from '../support/api.ts';
import { settledLog } from '../support/settled-log.ts';
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
    /** What the log tells of a customer, in order: `BalanceChanged TIME 17+0`. */
    async story(externalId: string, databaseUrl: string): Promise<string[]> {
      await settledLog(databaseUrl);
      const { events } = await run(STORY);
      return events.edges
        .map(({ node }: { node: ToldEvent }) => node)
        .filter(({ customer }: ToldEvent) => customer?.externalId === externalId)
        .map(lineOf);
    },
    /**
     * Grants of a dollar that begin and end all over the year: number `n` of `count` lives from its part of the
     * year for ten days.
     */
    async grantAllYear(externalId: string, count: number): Promise<void> {
      for (let n = 0; n < count; n += 1) {
        const begins = 1 + (n * 340) / count;
        const life = { effectiveAt: day(begins), expiresAt: day(begins + 10) };
        await words.grant(externalId, '1', life);
      }
    },
    /** What a customer with these grants, who consumes nothing, has in the ledger after the year. */
    ledgerOfAllYear(count: number): string[] {
      const granted = Array.from({ length: count }, () => `${START} GRANT 1 CASH>WALLET`);
      const expired = granted.map(
        (_, n) => `${day(1 + (n * 340) / count + 10.25)} EXPIRY 1 WALLET>BREAKAGE`,
      );
      return [...granted, ...expired];
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

const STORY = `{ events(last: 100) { edges { node {
  __typename customer { externalId }
  ... on GrantCreatedEvent { amount } ... on GrantExpiringEvent { amount } ... on GrantExpiredEvent { amount }
  ... on AlertRaisedEvent { alert { kind } } ... on AlertRecoveredEvent { alert { kind } }
  ... on BalanceChangedEvent { cause balance { settled pending } }
} } } }`;

interface ToldEvent {
  readonly __typename: string;
  readonly customer: { readonly externalId: string } | null;
  readonly amount?: string;
  readonly alert?: { readonly kind: string };
  readonly cause?: string;
  readonly balance?: { readonly settled: string; readonly pending: string };
}

function lineOf({ __typename, amount, alert, cause, balance }: ToldEvent): string {
  const holds = balance && `${balance.settled}+${balance.pending}`;
  const words = [__typename.replace(/Event$/, ''), amount, alert?.kind, cause, holds];
  return words.filter((word) => word !== undefined).join(' ');
}

export type ClockWords = ReturnType<typeof clockWords>;
