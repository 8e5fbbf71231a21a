import type { Viewer } from '../../../src/access/viewer.ts';
import { evaluate } from '../../../src/alerts/evaluate.ts';
import { createDb } from '../../../src/infra/db.ts';
import { createLog } from '../../../src/infra/log.ts';
import { createMetrics } from '../../../src/infra/metrics.ts';
import { fromTypeId, type Id } from '../../../src/kit/ids.ts';
import type { PaymentsRoom } from '../../../src/payments/deps.ts';
import { lookAt } from '../../../src/payments/looks.ts';
import { createProviders } from '../../../src/payments/providers.ts';
import { refundPayment } from '../../../src/payments/refunds/refund-payment.ts';
import { settledLog } from '../../support/settled-log.ts';
import { openTill } from '../till.ts';
import { createStandIn } from './stand-in.ts';

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** A payment of a test, and what its provider calls it. */
export interface Asked {
  readonly id: string;
  readonly ref: string;
}

interface EventEdge {
  readonly node: { readonly type: string; readonly customer: { externalId: string } | null };
}

const RETURNS = `refunds(first: 50) { edges { node { id status amount taken shortfall failureCode } } }
  disputes(first: 50) { edges { node { status amount taken shortfall } } }`;

/** A till whose payments are taken by a stand-in, which says what a test wants it to. */
export async function openDesk() {
  const till = await openTill();
  await till.provider('wire', { manual: {} });
  const db = createDb({ url: till.api.databaseUrl, poolSize: 8, onIdleError: () => undefined });
  const standIn = createStandIn();
  const deps = {
    ...{ db, clock: till.clock, announce: () => undefined, watch: evaluate },
    log: createLog({ level: 'silent' }),
    metrics: createMetrics(),
    settings: { cipher: null, publicUrl: () => 'http://localhost', allowPrivate: true },
  };
  const providers = createProviders(deps);
  const room: PaymentsRoom = {
    ...deps,
    providers: {
      ...providers,
      async openById(id) {
        const opened = await providers.openById(id);
        return opened && { ...opened, provider: standIn.provider };
      },
    },
  };
  const organization = await db.prisma.organization.findFirstOrThrow();
  const viewer: Viewer = {
    organizationId: organization.id as Id<'organization'>,
    ...{ mode: 'TEST', kind: 'KEY', keyId: null, signingKeyId: null, customerId: null },
    scopes: new Set(),
    expiresAt: null,
  };

  async function keyOf(payment: string) {
    const id = fromTypeId('payment', payment) ?? '';
    const { customerId } = await db.prisma.payment.findFirstOrThrow({ where: { id } });
    return { id, customerId };
  }

  const desk = {
    till,
    db,
    room,
    standIn,
    keyOf,
    /** A payment that waits for its money. */
    async asks(externalId: string, input: object): Promise<Asked> {
      const { id } = await till.asked(externalId, input);
      const { ref } = await db.prisma.payment.findFirstOrThrow({
        where: { id: fromTypeId('payment', id) ?? '' },
      });
      return { id, ref: ref ?? '' };
    },
    /** The same, and all of it has come. */
    async pays(externalId: string, amount: string, input: object = { asset: 'USD' }) {
      const asked = await desk.asks(externalId, { amount, ...input });
      standIn.pay(asked.ref, amount);
      await desk.look(asked);
      return asked;
    },
    /** Makes of a payment what the stand-in says of it now. */
    look: async ({ id }: Asked) => lookAt(room, await keyOf(id)),
    refund: ({ id }: Asked, input: object = {}) =>
      refundPayment(room, viewer, { payment: id, ...input }),
    async spend(externalId: string, asset: string, amount: string, transactionId = amount) {
      const input = { customer: { externalId }, asset, amount: `-${amount}`, transactionId };
      return till.given('adjustBalance', { ...input, reason: 'CORRECTION' }, 'adjustment { id }');
    },
    policy: (spentCreditPolicy: 'NEGATIVE_BALANCE' | 'WRITE_OFF') =>
      till.run(
        `mutation ($input: UpdatePaymentSettingsInput!) {
          updatePaymentSettings(input: $input) { __typename } }`,
        { input: { spentCreditPolicy } },
      ),
    /** Refunds and disputes of a payment, oldest first, as short words. */
    async returns({ id }: Asked): Promise<string[]> {
      const payment = await till.payment(id, RETURNS);
      const words = (kind: string, { edges }: { edges: { node: Record<string, string> }[] }) =>
        edges
          .map(
            ({ node }) =>
              `${kind} ${node.amount} ${node.status} took ${node.taken} short ${node.shortfall}`,
          )
          .reverse();
      return [...words('refund', payment.refunds), ...words('dispute', payment.disputes)];
    },
    async refunded({ id }: Asked): Promise<string> {
      return (await till.payment(id)).refunded;
    },
    /** The types of the events of a customer about payments, oldest first. */
    async told(externalId: string): Promise<string[]> {
      till.api.services.sequencer.wake();
      await settledLog(till.api.databaseUrl);
      const { events } = await till.run(
        '{ events(last: 100) { edges { node { type customer { externalId } } } } }',
      );
      return events.edges
        .filter(({ node }: EventEdge) => node.customer?.externalId === externalId)
        .map(({ node }: EventEdge) => node.type)
        .filter((type: string) => type.startsWith('PAYMENT_'));
    },
    async stop() {
      await db.close();
      await till.stop();
    },
  };
  return desk;
}
