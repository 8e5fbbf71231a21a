import { expect } from 'vitest';
import { isRefusal } from '../../src/kit/refusal.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import type { Services } from '../../src/services.ts';
import type { Outcome, Recorded } from '../../src/usage/event.ts';
import { given, openAsset, openCustomer, openLaboratory } from './laboratory.ts';

export type TwoProcesses = Awaited<ReturnType<typeof openTwoProcesses>>;

/** Two API processes' worth, with pools, caches and batchers of their own, on one database. */
export async function openTwoProcesses() {
  const laboratory = await openLaboratory();
  const { services, db } = laboratory;
  const second = laboratory.startProcess().services;
  const viewer = await laboratory.openOrganization('Acme');
  const spec = { code: 'CREDIT', scale: 2, burnOrder: 'PRIORITY' } as const;
  const credit = await openAsset(services, viewer, spec);
  const metric = {
    code: 'units',
    eventType: 'use',
    aggregation: 'SUM',
    property: 'units',
  } as const;
  given(await services.catalog.createBillableMetric(viewer, metric));
  const price = { metric: 'units', asset: 'CREDIT', unitAmount: '1' };
  given(await services.catalog.createPrice(viewer, price));

  return {
    laboratory,
    viewer,
    credit,
    processOf: (index: number): Services => (index % 2 === 0 ? services : second),

    /** A customer, and a wallet with a first grant. */
    async openFunded(externalId: string, amount: string) {
      const customerId = await openCustomer(services, viewer, externalId);
      const target = { customerId, asset: credit, scopeMetrics: [] };
      const granted = given(await services.ledger.grantCredit(viewer, target, { amount }));
      return { customerId, ...granted };
    },

    async storedWallet(walletId: string) {
      const { balance, debt, version } = await db.prisma.wallet.findFirstOrThrow({
        where: { id: walletId },
      });
      return { balance: balance.toFixed(), debt: debt.toFixed(), version: Number(version) };
    },

    async expectLaws(): Promise<void> {
      const { laws } = await verifyLaws(db);
      expect(laws.filter((law) => !law.ok)).toEqual([]);
    },
  };
}

/** Usage that costs as many credits as it has units. */
export const usage = (externalId: string, eventId: string, amount: number | string) => ({
  customer: { externalId },
  eventId,
  type: 'use',
  properties: { units: amount },
});

export const isFirst = (outcome: Outcome): outcome is Recorded =>
  !isRefusal(outcome) && !outcome.duplicate;
export const isRepeat = (outcome: Outcome) => !isRefusal(outcome) && outcome.duplicate;
