import { createManualClock } from '../../src/kit/clock.ts';
import { startApi } from './api.ts';

export const HOUR_MS = 3_600_000;

export type Bank = Awaited<ReturnType<typeof openBank>>;

const ERRORS = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on IdempotencyMismatchError { key field }`;

/** A server whose time stands still until it is told to move, and short words for what moves money in it. */
export async function openBank() {
  const clock = createManualClock(new Date('2026-03-01T00:00:00.000Z'));
  const api = await startApi({ clock });
  const { ask } = api;
  let events = 0;

  async function run(document: string, input: object) {
    const { data, errors } = await ask(document, { input });
    if (errors) throw new Error(JSON.stringify(errors));
    return data.result;
  }

  const bank = {
    api,
    clock,
    run,
    /** So many hours from now, as the API takes it. */
    inHours: (hours: number) => new Date(clock.now().getTime() + hours * HOUR_MS).toISOString(),
    /** Lets the worker do everything that is due. */
    async sweep() {
      while ((await api.services.ledger.applyTransitions()) > 0);
    },
    async customer(externalId: string) {
      await ask(
        'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
        {
          input: { externalId },
        },
      );
      return externalId;
    },
    asset: (input: object) =>
      run(
        `mutation ($input: CreateAssetInput!) { result: createAsset(input: $input) { __typename ${ERRORS} } }`,
        input,
      ),
    metric: (input: object) =>
      run(
        `mutation ($input: CreateBillableMetricInput!) { result: createBillableMetric(input: $input) { __typename ${ERRORS} } }`,
        input,
      ),
    price: (input: object) =>
      run(
        `mutation ($input: CreatePriceInput!) { result: createPrice(input: $input) {
          __typename ... on CreatePricePayload { rate { id } } ${ERRORS}
        } }`,
        { asset: 'USD', ...input },
      ),
    wallet: (externalId: string, input: object) =>
      run(
        `mutation ($input: OpenWalletInput!) { result: openWallet(input: $input) {
          __typename ... on OpenWalletPayload { wallet { id } created } ${ERRORS}
        } }`,
        { customer: { externalId }, asset: 'USD', ...input },
      ),
    grant: (externalId: string, amount: string, input: object = {}) =>
      run(
        `mutation ($input: GrantCreditInput!) { result: grantCredit(input: $input) {
          __typename ... on GrantCreditPayload { grant { id remaining inForce } wallet { id } } ${ERRORS}
        } }`,
        { customer: { externalId }, asset: 'USD', amount, ...input },
      ),
    adjust: (externalId: string, amount: string, input: object = {}) =>
      run(
        `mutation ($input: AdjustBalanceInput!) { result: adjustBalance(input: $input) {
          __typename ... on AdjustBalancePayload { created adjustment { id amount reason transactionId grant { id } } } ${ERRORS}
          ... on InsufficientFundsError { available required shortfall }
        } }`,
        { customer: { externalId }, asset: 'USD', amount, reason: 'CORRECTION', ...input },
      ),
    void: (grant: string, input: object = {}) =>
      run(
        `mutation ($input: VoidGrantInput!) { result: voidGrant(input: $input) {
          __typename ... on VoidGrantPayload { amount grant { id remaining } } ${ERRORS}
        } }`,
        { grant, ...input },
      ),
    use: (externalId: string, type: string, input: object = {}) => {
      events += 1;
      return run(
        `mutation ($input: UsageEventInput!) { result: recordUsage(input: $input) {
          __typename ... on UsageRecorded { throttled duplicate charges { quantity amount draws { amount grant { id } } } }
          ${ERRORS} ... on InsufficientFundsError { available required shortfall }
        } }`,
        { customer: { externalId }, eventId: `event-${events}`, type, ...input },
      );
    },
    /** The grants that a charge drew, `[amount, grant]`; the grant is null for debt. */
    async draws(externalId: string, type: string, input: object = {}) {
      const { charges } = await bank.use(externalId, type, input);
      return charges[0].draws.map((draw: { amount: string; grant: { id: string } | null }) => [
        draw.amount,
        draw.grant?.id ?? null,
      ]);
    },
    async look(externalId: string, extra = '') {
      const { data, errors } = await ask(
        `query ($ref: CustomerRef!) { customer(ref: $ref) { wallets {
          id version balance { settled available pending } ${extra}
        } } }`,
        { ref: { externalId } },
      );
      if (errors) throw new Error(JSON.stringify(errors));
      return data.customer.wallets[0];
    },
    async balance(externalId: string) {
      return (await bank.look(externalId)).balance;
    },
    /** `cause amount debit>credit` of every entry, oldest first. */
    async ledger(externalId: string): Promise<string[]> {
      const { entries } = await bank.look(
        externalId,
        'entries(first: 100) { edges { node { cause amount debitAccount creditAccount } } }',
      );
      return entries.edges
        .map(({ node }: { node: Record<string, string> }) =>
          [node.cause, node.amount, `${node.debitAccount}>${node.creditAccount}`].join(' '),
        )
        .reverse();
    },
    stop: api.stop,
  };
  await bank.asset({ code: 'USD' });
  await bank.metric({ code: 'units', eventType: 'use', aggregation: 'SUM', property: 'n' });
  await bank.price({ metric: 'units', unitAmount: '1' });
  return bank;
}

/** `n` units, which cost a dollar each. */
export const units = (n: number | string, input: object = {}) => ({ properties: { n }, ...input });
