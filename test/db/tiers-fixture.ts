import { expect } from 'vitest';
import type { CreateBillableMetricInput } from '../../src/catalog/metric.ts';
import type { RateFields } from '../../src/catalog/rate.ts';
import { exact, plain } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import type { GrantCreditInput } from '../../src/ledger/grant-credit.ts';
import { createPeriodClosing } from '../../src/usage/correct/close-periods.ts';
import { given, openAsset, openCustomer, openLaboratory } from '../laws/laboratory.ts';

export type Tiers = Awaited<ReturnType<typeof openTiers>>;

/** Two processes on one database, and a shop in which each thing sold is of a metric of its own. */
export async function openTiers() {
  const laboratory = await openLaboratory();
  const { services, clock, db } = laboratory;
  const other = laboratory.startProcess().services;
  const viewer = await laboratory.openOrganization('Shop');
  const asset = await openAsset(services, viewer, { code: 'GEM', scale: 3, burnOrder: 'PRIORITY' });
  const customers = new Map<string, Awaited<ReturnType<typeof openCustomer>>>();
  let sold = 0;
  let sent = 0;

  async function customer(name: string) {
    const id = await openCustomer(services, viewer, name);
    customers.set(name, id);
    return id;
  }

  /** Something to sell, per unit of the property `units`. */
  async function sell(terms: RateFields, counts: Partial<CreateBillableMetricInput> = {}) {
    sold += 1;
    const metric = `metric-${sold}`;
    const definition = { code: metric, eventType: metric, property: 'units', ...counts };
    given(
      await services.catalog.createBillableMetric(viewer, { aggregation: 'SUM', ...definition }),
    );
    const addRate = async (fields: RateFields) =>
      given(await services.catalog.createPrice(viewer, { metric, asset: 'GEM', ...fields }));
    const { priceId } = await addRate(terms);

    function send(at: number, name: string, units: unknown, more: object = {}, occurredAt?: Date) {
      sent += 1;
      const { usage } = at % 2 === 0 ? services : other;
      return usage.record(viewer, {
        customer: { externalId: name },
        eventId: `event ${sent}`,
        type: metric,
        properties: { units, ...more },
        occurredAt: (occurredAt ?? clock.now()).toISOString(),
      });
    }

    return {
      addRate,
      send,
      /** What an event was charged, or why it was refused. */
      async record(name: string, units: unknown, more: object = {}, occurredAt?: Date) {
        const outcome = await send(0, name, units, more, occurredAt);
        if (isRefusal(outcome)) return outcome.refusal;
        return plain(outcome.charges?.[0]?.amount ?? exact(0));
      },
      /** What the counters of the price say of a customer, the earliest period first. */
      async counters(name: string) {
        const rows = await db.prisma.usageCounter.findMany({
          where: { customerId: customers.get(name) ?? '', countedId: priceId },
          orderBy: [{ periodStart: 'asc' }, { slice: 'asc' }],
        });
        return rows.map(
          ({ quantity, charged }) => `${quantity.toFixed()} for ${charged.toFixed()}`,
        );
      },
    };
  }

  return {
    ...laboratory,
    viewer,
    customer,
    sell,
    periodClosing: createPeriodClosing({
      db,
      clock,
      announce: () => undefined,
      watch: async () => undefined,
    }),
    async available(name: string) {
      const { id } = await db.prisma.wallet.findFirstOrThrow({
        where: { customerId: customers.get(name) ?? '' },
      });
      const [update] = await services.ledger.readUpdates([id]);
      return update?.balance.available;
    },
    processOf: (at: number) => (at % 2 === 0 ? services : other),
    async fund(name: string, amount: string, terms: Partial<GrantCreditInput> = {}) {
      const target = { customerId: await customer(name), asset, scopeMetrics: [] };
      return given(await services.ledger.grantCredit(viewer, target, { amount, ...terms }));
    },
    /** From now on the customer's wallet goes into debt as far as it may. */
    async arrears(name: string) {
      const { id } = await db.prisma.wallet.findFirstOrThrow({
        where: { customerId: customers.get(name) ?? '' },
      });
      const wallet = toTypeId('wallet', id);
      given(await services.ledger.updateWallet(viewer, { wallet, onEmpty: 'ARREARS' }));
    },
    async expectLaws() {
      const { laws } = await verifyLaws(db);
      expect(laws.filter((law) => !law.ok)).toEqual([]);
    },
  };
}
