import { createDb } from '../../src/infra/db.ts';
import { createManualClock } from '../../src/kit/clock.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { startApi } from '../support/api.ts';
import { settledLog } from '../support/settled-log.ts';

/** Where most of them begin: at nine in UTC, ten in Berlin, on a day that not every month has. */
export const START = '2026-01-31T09:00:00.000Z';

const ERRORS = `... on Error { code message
  ... on ValidationError { issues { path code } } ... on ConflictError { path } ... on NotFoundError { what given }
  ... on InsufficientFundsError { available required shortfall } }`;

const SUBSCRIPTION = `id status seats timeZone anchorAt startedAt trialEndsAt cancelAt endedAt pausedAt addOns
  planName currentPeriod { startsAt endsAt }`;

const EVENTS = `query ($after: String) { events(first: 100, after: $after) {
  edges { node { type customer { externalId } } } pageInfo { hasNextPage endCursor }
} }`;

interface EventsPage {
  edges: { node: { type: string; customer: { externalId: string } | null } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** A server whose time stands still until it is told to move, with dollars, credits and images for sale. */
export async function openShop({ worker = false } = {}) {
  const clock = createManualClock(new Date(START));
  const api = await startApi({ clock, worker });
  const { subscriptions, timedWork } = api.services;
  let events = 0;

  async function run(document: string, variables: object = {}) {
    const { data, errors } = await api.ask(document, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  async function mutate(name: string, input: object, payload = `subscription { ${SUBSCRIPTION} }`) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const document = `mutation ($input: ${type}Input!) {
      result: ${name}(input: $input) { __typename ... on ${type}Payload { ${payload} } ${ERRORS} }
    }`;
    const { result } = await run(document, { input });
    return result;
  }

  /** What was answered, which must be no refusal. */
  async function given(name: string, input: object, payload?: string) {
    const result = await mutate(name, input, payload);
    if (!result.__typename.endsWith('Payload')) throw new Error(JSON.stringify(result));
    return result;
  }

  const shop = {
    api,
    clock,
    run,
    mutate,
    given,
    /** Publishes what a plan says, as its first or its next version. */
    async plan(code: string, definition: object): Promise<string> {
      await given('savePlanDraft', { code, name: code, definition }, 'version { id }');
      return (await given('publishPlan', { plan: code }, 'version { id }')).version.id;
    },
    async customer(externalId: string, money: string | null = null): Promise<string> {
      await run(
        'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
        { input: { externalId } },
      );
      if (money !== null) await shop.grant(externalId, money);
      return externalId;
    },
    grant: (externalId: string, amount: string, more: object = {}) =>
      given(
        'grantCredit',
        { customer: { externalId }, asset: 'USD', amount, ...more },
        'grant { id }',
      ),
    subscribe: (externalId: string, plan: string, more: object = {}) =>
      mutate('createSubscription', { customer: { externalId }, plan, ...more }),
    /** A subscription that is made; its id. */
    async subscribed(externalId: string, plan: string, more: object = {}): Promise<string> {
      const input = { customer: { externalId }, plan, ...more };
      return (await given('createSubscription', input)).subscription.id;
    },
    cancel: (subscription: string, when: 'NOW' | 'PERIOD_END') =>
      mutate('cancelSubscription', { subscription, when }),
    async read(id: string, more = '') {
      const document = `query ($id: ID!) { subscription(id: $id) { ${SUBSCRIPTION} ${more} } }`;
      return (await run(document, { id })).subscription;
    },
    /** `kind code amount` of everything that it was charged, oldest first. */
    async charges(id: string): Promise<string[]> {
      const more = 'charges(first: 100) { edges { node { kind code amount } } }';
      const { charges } = await shop.read(id, more);
      return charges.edges
        .map(({ node }: { node: Record<string, string> }) => Object.values(node).join(' '))
        .reverse();
    },
    /** When each of its periods began, oldest first. */
    async periods(id: string): Promise<string[]> {
      const more = 'periods(first: 100) { edges { node { startsAt } } }';
      const { periods } = await shop.read(id, more);
      return periods.edges
        .map(({ node }: { node: { startsAt: string } }) => node.startsAt)
        .reverse();
    },
    /** So many images, at a dollar or ten credits each. */
    use(externalId: string, images: number, more: object = {}) {
      events += 1;
      return run(
        `mutation ($input: UsageEventInput!) { result: recordUsage(input: $input) {
          __typename ... on UsageRecorded { event { id } charges { amount asset { code } } } ${ERRORS}
        } }`,
        {
          input: {
            customer: { externalId },
            eventId: `event-${events}`,
            type: 'image',
            properties: { n: images },
            ...more,
          },
        },
      ).then(({ result }) => result);
    },
    async wallet(externalId: string, asset: string, more = '') {
      const { customer } = await run(
        `query ($ref: CustomerRef!) { customer(ref: $ref) { wallets {
          id version asset { code } balance { settled available pending } ${more}
        } } }`,
        { ref: { externalId } },
      );
      return customer.wallets.find(
        (wallet: { asset: { code: string } }) => wallet.asset.code === asset,
      );
    },
    async balance(externalId: string, asset: string): Promise<string | null> {
      return (await shop.wallet(externalId, asset))?.balance.available ?? null;
    },
    /** `cause amount debit>credit` of every entry, oldest first. */
    async ledger(externalId: string, asset: string): Promise<string[]> {
      const { entries } = await shop.wallet(
        externalId,
        asset,
        'entries(first: 100) { edges { node { cause amount debitAccount creditAccount } } }',
      );
      return entries.edges
        .map(({ node }: { node: Record<string, string> }) =>
          [node.cause, node.amount, `${node.debitAccount}>${node.creditAccount}`].join(' '),
        )
        .reverse();
    },
    /** `when cause amount debit>credit` of every entry, oldest first. */
    async statement(externalId: string, asset: string): Promise<string[]> {
      const { entries } = await shop.wallet(
        externalId,
        asset,
        'entries(first: 100) { edges { node { postedAt cause amount debitAccount creditAccount } } }',
      );
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
    /** `purpose amount remaining expiresAt` of every grant, oldest first. */
    async grants(externalId: string, asset: string): Promise<string[]> {
      const { grants } = await shop.wallet(
        externalId,
        asset,
        'grants(first: 100) { edges { node { purpose amount remaining expiresAt } } }',
      );
      return grants.edges
        .map(({ node }: { node: Record<string, string | null> }) =>
          [node.purpose, node.amount, node.remaining, node.expiresAt].join(' '),
        )
        .reverse();
    },
    /** The types of what was told about a customer, in order, without those of balances and wallets. */
    async told(externalId: string): Promise<string[]> {
      await settledLog(api.databaseUrl);
      const types: string[] = [];
      let after: string | null = null;
      for (;;) {
        const { events }: { events: EventsPage } = await run(EVENTS, { after });
        for (const { node } of events.edges) {
          if (node.customer?.externalId === externalId) types.push(node.type);
        }
        if (!events.pageInfo.hasNextPage) break;
        after = events.pageInfo.endCursor;
      }
      return types.filter((type) => /^(SUBSCRIPTION|GRANT)_/.test(type));
    },
    /** Lets one worker do everything that is due now. */
    async work(): Promise<void> {
      for (const { run: runDue } of timedWork) while (await runDue(null));
    },
    /** Lets time pass, and a worker do what is due then. */
    async at(instant: string): Promise<void> {
      clock.set(new Date(instant));
      await shop.work();
    },
    renew: () => subscriptions.renewals.run(null),
    /** The first law that the books break; null when they break none. */
    async brokenLaw(): Promise<string | null> {
      const db = createDb({ url: api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
      try {
        const { laws } = await verifyLaws(db);
        return laws.find(({ violation }) => violation !== null)?.violation ?? null;
      } finally {
        await db.close();
      }
    },
    stop: api.stop,
  };
  await run(`mutation {
    usd: createAsset(input: { code: "USD", scale: 2 }) { __typename }
    credit: createAsset(input: { code: "CREDIT", scale: 0 }) { __typename }
    createBillableMetric(input: { code: "images", eventType: "image", aggregation: SUM, property: "n" }) { __typename }
    createPrice(input: { metric: "images", asset: "USD", unitAmount: "1" }) { __typename }
  }`);
  return shop;
}

/** Twenty dollars a month with a thousand credits, of which half go on into the next month. */
export const PRO = {
  asset: 'USD',
  fees: [{ code: 'base', name: 'Base fee', amount: '20' }],
  credits: [
    { code: 'included', asset: 'CREDIT', amount: '1000', rollover: { percent: '50', periods: 1 } },
  ],
};
