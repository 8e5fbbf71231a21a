import { createDb } from '../../../src/infra/db.ts';
import { fromTypeId, newId, toTypeId } from '../../../src/kit/ids.ts';
import { hashOf } from '../../../src/payments/remember-method.ts';
import { settledLog } from '../../support/settled-log.ts';
import { openTill } from '../till.ts';

/** What a rule is where a test says nothing else: below ten dollars, twenty more, five times a month. */
const RULE = { threshold: '10', amount: '20', maxAmount: '100', maxCount: 5, cooldownSeconds: 0 };

const RULE_FIELDS = 'id status reason nextAt failures enabled threshold amount target methodId';

export type Recharging = Awaited<ReturnType<typeof openRecharging>>;

/** A till whose customers pay a dollar a call from wallets, with cards of the sandbox and short words for rules. */
export async function openRecharging(options: Parameters<typeof openTill>[0] = {}) {
  const till = await openTill(options);
  const { api, given, mutate, run } = till;
  const db = createDb({ url: api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  const payments = api.services.payments;

  await run(`mutation {
    createBillableMetric(input: { code: "calls", name: "Calls", eventType: "api.call", aggregation: COUNT }) { __typename }
    createPrice(input: { metric: "calls", asset: "USD", unitAmount: "1" }) { __typename }
  }`);
  await till.customer('nobody');
  // The sandbox is there as soon as it is asked for anything.
  await till.asked('nobody', { asset: 'USD', amount: '1' });
  let events = 0;

  async function call(externalId: string, eventNumber: number): Promise<void> {
    const event = {
      eventId: `call-${eventNumber}`,
      type: 'api.call',
      customer: { externalId },
    };
    const { result } = await run(
      `mutation ($event: UsageEventInput!) { result: recordUsage(input: $event) { __typename } }`,
      { event },
    );
    if (result.__typename !== 'UsageRecorded') throw new Error(JSON.stringify(result));
  }

  async function walletOf(externalId: string) {
    const { customer } = await run(
      `query ($ref: CustomerRef!) { customer(ref: $ref) { id wallets { id name asset { code } balance { available }
        autoRecharge { ${RULE_FIELDS} } } } }`,
      { ref: { externalId } },
    );
    const [wallet] = customer.wallets;
    return { customerId: customer.id as string, ...wallet };
  }

  return {
    ...till,
    db,
    payments,
    walletOf,
    /** A customer with so many dollars. */
    async funded(externalId: string, amount: string, asset = 'USD'): Promise<string> {
      await till.customer(externalId);
      await given('grantCredit', { customer: { externalId }, asset, amount }, 'wallet { id }');
      return externalId;
    },
    /** A card that was saved, and does what its name says: `pays`, `declined`. Of another fingerprint where one is given. */
    async card(externalId: string, name: string, fingerprint = name): Promise<string> {
      const { customerId } = await walletOf(externalId);
      const customer = await db.prisma.customer.findUniqueOrThrow({
        where: { id: fromTypeId('customer', customerId) ?? '' },
      });
      const provider = await db.prisma.paymentProvider.findFirstOrThrow({
        where: { kind: 'SANDBOX' },
      });
      const { organizationId } = customer;
      const key = { customerId: customer.id, providerId: provider.id, token: `sbm_${name}` };
      const { id } = await db.prisma.paymentMethod.upsert({
        where: { customerId_providerId_token: key },
        create: {
          ...key,
          id: newId('paymentMethod'),
          organizationId,
          brand: 'visa',
          fingerprintHash: hashOf(organizationId, fingerprint),
          createdAt: till.clock.now(),
        },
        update: { fingerprintHash: hashOf(organizationId, fingerprint) },
      });
      return toTypeId('paymentMethod', id);
    },
    async rule(externalId: string, method: string, more: object = {}) {
      const { id: wallet } = await walletOf(externalId);
      const input = { ...RULE, wallet, method, ...more };
      return (await given('saveAutoRechargeRule', input, `rule { ${RULE_FIELDS} }`)).rule;
    },
    async refused(externalId: string, method: string, more: object) {
      const { id: wallet } = await walletOf(externalId);
      return mutate('saveAutoRechargeRule', { ...RULE, wallet, method, ...more }, 'rule { id }');
    },
    async stands(externalId: string) {
      return (await walletOf(externalId)).autoRecharge;
    },
    /** Calls so many times, a dollar each, in one event after another. */
    async calls(externalId: string, count: number): Promise<void> {
      for (let made = 0; made < count; made += 1) {
        events += 1;
        await call(externalId, events);
      }
    },
    /** `status amount` of what rules have started, oldest first. */
    async recharges(externalId: string): Promise<string[]> {
      const { customer } = await run(
        `query ($ref: CustomerRef!) { customer(ref: $ref) { payments(first: 100) { edges { node { origin status amount credit } } } } }`,
        { ref: { externalId } },
      );
      return customer.payments.edges
        .map(({ node }: { node: Record<string, string> }) => node)
        .filter(({ origin }: Record<string, string>) => origin === 'AUTO_RECHARGE')
        .map(({ status, amount }: Record<string, string>) => `${status} ${amount}`)
        .reverse();
    },
    /** Does what a worker does for the jobs of payments that were started: how many there were. */
    async charge(): Promise<number> {
      const open = await db.prisma.payment.findMany({
        where: { origin: 'AUTO_RECHARGE', status: 'PENDING', ref: null },
      });
      for (const { id, customerId } of open)
        await payments.chargePayment({ paymentId: id, customerId });
      return open.length;
    },
    /** Does what a worker does when time has passed. */
    async lookAround(): Promise<void> {
      while (await payments.recharges.run(null));
    },
    /** `type reason action` of the log's events about recharges, oldest first. */
    async told(externalId: string): Promise<string[]> {
      await settledLog(api.databaseUrl, api.services.sequencer.pass);
      const rows = await db.direct.query<{ fact: Record<string, string> }>(
        {
          name: 'test.told',
          text: `SELECT f.fact FROM event_runs r JOIN customers c ON c.id = r.customer_id
            CROSS JOIN LATERAL json_array_elements(r.events) WITH ORDINALITY AS f (fact, n)
            WHERE c.external_id = $1 AND f.fact ->> 'type' LIKE 'recharge.%' ORDER BY r.position, f.n`,
        },
        [externalId],
      );
      return rows.map(({ fact }) =>
        [fact.type?.replace('recharge.', ''), fact.reason, fact.action]
          .filter((word) => word !== null && word !== 'NOTHING')
          .join(' '),
      );
    },
    async stop() {
      await db.close();
      await till.stop();
    },
  };
}
