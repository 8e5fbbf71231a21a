import { createDb } from '../../src/infra/db.ts';
import type { Log } from '../../src/infra/log.ts';
import { createManualClock } from '../../src/kit/clock.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { startApi } from '../support/api.ts';

/** When most of them begin. */
export const START = '2026-05-04T09:00:00.000Z';

/** What the server of a till is told, and any other process beside it. */
export const TILL_ENVIRONMENT = {
  DRAWDOWN_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  DRAWDOWN_PAYMENT_ALLOW_PRIVATE: '1',
};

const UNLIMITED = {
  customerAttempts: null,
  customerFailures: null,
  ipAttempts: null,
  ipFailures: null,
  cardAttempts: null,
  cardFailures: null,
};

/** Each answers some of them: as an error of some kind any may be asked for. */
const ERRORS = `... on Error { code message retryable
  ... on ValidationError { issues { path code } } ... on ConflictError { path } ... on NotFoundError { what given }
  ... on PaymentLimitError { limit retryAt retryAfterSeconds } }`;

export const PAYMENT = `id status origin amount tax paid refunded credit bonus actionUrl description
  asset { code } creditAsset { code } failure { code message }
  checkout { url instructions expiresAt } settledAt`;

export type Till = Awaited<ReturnType<typeof openTill>>;

/** A server whose time stands still until it is told to move, with dollars and credits, and short words for payments. */
export async function openTill({
  worker = false,
  environment = {},
  limited = false,
  log,
}: {
  worker?: boolean;
  environment?: Readonly<Record<string, string>>;
  /** Whether the limits against fraud hold: time stands still, so that all is done within an hour. */
  limited?: boolean;
  /** What the server has to say; nobody hears it when left out. */
  log?: Log;
} = {}) {
  const clock = createManualClock(new Date(START));
  const variables = { ...TILL_ENVIRONMENT, ...environment };
  const api = await startApi({ clock, worker, environment: variables, ...(log && { log }) });

  async function run(document: string, variables: object = {}, key?: string) {
    const { data, errors } = await api.ask(document, variables, key);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  async function mutate(
    name: string,
    input: object,
    payload = `payment { ${PAYMENT} }`,
    key?: string,
  ) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const document = `mutation ($input: ${type}Input!) {
      result: ${name}(input: $input) { __typename ... on ${type}Payload { ${payload} } ${ERRORS} }
    }`;
    const { result } = await run(document, { input }, key);
    return result;
  }

  /** What was answered, which must be no refusal. */
  async function given(name: string, input: object, payload?: string) {
    const result = await mutate(name, input, payload);
    if (!result.__typename.endsWith('Payload')) throw new Error(JSON.stringify(result));
    return result;
  }

  const till = {
    api,
    clock,
    log,
    /** For another process on the same database. */
    environment: variables,
    run,
    mutate,
    given,
    async customer(externalId: string): Promise<string> {
      await given('createCustomer', { externalId }, 'customer { id }');
      return externalId;
    },
    /** A provider of the organization; its id. */
    async provider(code: string, config: object, more: object = {}): Promise<string> {
      const input = { code, config, isDefault: true, ...more };
      return (await given('savePaymentProvider', input, 'provider { id }')).provider.id;
    },
    topUp: (externalId: string, input: object) =>
      mutate('createTopUp', { customer: { externalId }, ...input }),
    /** A payment that waits for its customer. */
    async asked(externalId: string, input: object) {
      return (await given('createTopUp', { customer: { externalId }, ...input })).payment;
    },
    async payment(id: string, more = '') {
      const document = `query ($id: ID!) { payment(id: $id) { ${PAYMENT} ${more} } }`;
      return (await run(document, { id })).payment;
    },
    confirm: (payment: string, reference: string, more: object = {}) =>
      mutate('confirmPayment', { payment, reference, ...more }),
    async balance(externalId: string, asset: string): Promise<string | null> {
      const { customer } = await run(
        `query ($ref: CustomerRef!) { customer(ref: $ref) { wallets {
          asset { code } balance { available } } } }`,
        { ref: { externalId } },
      );
      const of = customer.wallets.find(
        (wallet: { asset: { code: string } }) => wallet.asset.code === asset,
      );
      return of?.balance.available ?? null;
    },
    /** `cause amount debit>credit` of every entry, oldest first. */
    async ledger(externalId: string, asset: string): Promise<string[]> {
      const { customer } = await run(
        `query ($ref: CustomerRef!) { customer(ref: $ref) { wallets { asset { code }
          entries(first: 100) { edges { node { cause amount debitAccount creditAccount } } } } } }`,
        { ref: { externalId } },
      );
      const of = customer.wallets.find(
        (wallet: { asset: { code: string } }) => wallet.asset.code === asset,
      );
      return (of?.entries.edges ?? [])
        .map(({ node }: { node: Record<string, string> }) =>
          [node.cause, node.amount, `${node.debitAccount}>${node.creditAccount}`].join(' '),
        )
        .reverse();
    },
    /** `kind expected found` of every mismatch that nobody has seen to, oldest first. */
    async mismatches(): Promise<string[]> {
      const { paymentMismatches } = await run(
        '{ paymentMismatches(first: 100) { edges { node { kind expected found } } } }',
      );
      return paymentMismatches.edges
        .map(({ node }: { node: Record<string, string> }) => Object.values(node).join(' | '))
        .reverse();
    },
    /** The secret key of an organization that is no test. */
    async liveKey(): Promise<string> {
      const issued = await api.services.access.issueKey({
        organization: 'Live',
        mode: 'LIVE',
        name: 'Live',
      });
      if (!('secret' in issued)) throw new Error('No key was made.');
      return issued.secret;
    },
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
  }`);
  if (!limited) await given('updatePaymentSettings', { limits: UNLIMITED }, 'organization { id }');
  return till;
}
