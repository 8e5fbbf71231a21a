import type { CreateBillableMetricInput } from '../../src/catalog/metric.ts';
import type { RateFields } from '../../src/catalog/rate.ts';
import { exact, plain } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import type { SimulateInput } from '../../src/simulation/read-input.ts';
import { createSimulations, type Simulation } from '../../src/simulation/service.ts';
import type { UsageEventInput } from '../../src/usage/event.ts';
import { given, openAsset, openLaboratory } from '../laws/laboratory.ts';

export type SimulationShop = Awaited<ReturnType<typeof openSimulationShop>>;

/** A shop at the first of March 2026 that counts calls in GEM, of three places; each metric counts events of its name. */
export async function openSimulationShop() {
  const laboratory = await openLaboratory();
  const { services, clock, db } = laboratory;
  const viewer = await laboratory.openOrganization('Shop');
  const asset = await openAsset(services, viewer, { code: 'GEM', scale: 3, burnOrder: 'PRIORITY' });
  const { plans } = services.catalog;
  let sent = 0;

  const shop = {
    ...laboratory,
    viewer,
    asset,
    /** A metric of the property `n`. */
    async metric(code: string, counts: Partial<CreateBillableMetricInput> = {}) {
      const definition = { code, eventType: code, aggregation: 'SUM', property: 'n' } as const;
      given(await services.catalog.createBillableMetric(viewer, { ...definition, ...counts }));
    },
    /** What it costs whoever is on no plan. */
    async price(metric: string, terms: RateFields) {
      given(await services.catalog.createPrice(viewer, { metric, asset: 'GEM', ...terms }));
    },
    /** What the plan says from now on, as a draft; prices are in GEM. */
    async draft(code: string, prices: readonly object[], more: object = {}) {
      const definition = { prices: prices.map((each) => ({ asset: 'GEM', ...each })), ...more };
      given(await plans.savePlanDraft(viewer, { code, definition }));
    },
    async publish(code: string) {
      const { versionId } = given(await plans.publishPlan(viewer, { plan: code }));
      return toTypeId('planVersion', versionId);
    },
    /** A customer who can pay for anything. */
    async customer(name: string, more: { readonly testClock?: string } = {}) {
      const input = { externalId: name, ...more };
      const { customerId } = given(await services.customers.createCustomer(viewer, input));
      const target = { customerId, asset, scopeMetrics: [] };
      given(await services.ledger.grantCredit(viewer, target, { amount: '1000000000' }));
      return customerId;
    },
    async subscribe(name: string, plan: string) {
      const ref = { externalId: name };
      const customerId = given(await services.customers.resolveCustomer(viewer, ref));
      given(await services.subscriptions.createSubscription(viewer, customerId, { plan }));
    },
    event(name: string, type: string, properties: object, at: string): UsageEventInput {
      sent += 1;
      const customer = { externalId: name };
      return { customer, eventId: `event ${sent}`, type, properties, occurredAt: at };
    },
    /** Records events in their order; each must be recorded. The ids they got. */
    async record(events: readonly UsageEventInput[]): Promise<string[]> {
      const ids: string[] = [];
      for (let at = 0; at < events.length; at += 1_000) {
        const batch = events.slice(at, at + 1_000);
        const { outcomes } = given(await services.usage.recordBatch(viewer, batch));
        ids.push(...outcomes.map((outcome) => given(outcome).event.id));
      }
      return ids.map((id) => toTypeId('usageEvent', id));
    },
    use: (name: string, type: string, properties: object, at: string) =>
      shop.record([shop.event(name, type, properties, at)]),
    /** Lets time pass, and a worker do what is due then. */
    async at(instant: string) {
      clock.set(new Date(instant));
      for (const { run } of services.timedWork) while (await run(null));
    },
    simulate: (input: SimulateInput) => services.simulations.simulate(viewer, input),
    /** What is simulated, which must be no refusal. */
    async simulated(input: SimulateInput): Promise<Simulation> {
      return given(await shop.simulate(input)) as Simulation;
    },
    /** A room of its own that reads no more than so many events. */
    bounded: (maxEvents: number) =>
      createSimulations({
        db,
        clock,
        customers: services.customers,
        priceBooks: services.catalog.books,
        plans,
        maxEvents,
      }),
  };
  return shop;
}

/** `actual simulated` of everything, which is in one asset. */
export function amountsOf({ totals }: Simulation): string {
  const [total, ...others] = totals;
  if (others.length > 0) throw new Error('There are several assets.');
  return total ? `${plain(total.actual)} ${plain(total.simulated)}` : 'nothing';
}

export function sumOf(amounts: readonly string[]): string {
  return plain(amounts.reduce((sum, amount) => sum + exact(amount), 0n));
}

/** What a refusal says, in short. */
export function refusalOf(outcome: object): string {
  if (!isRefusal(outcome)) return 'not refused';
  const { refusal, issues, path, what } = outcome as unknown as {
    refusal: string;
    issues?: { path: string; code: string }[];
    path?: string;
    what?: string;
  };
  if (issues) return issues.map((issue) => `${issue.path} ${issue.code}`).join();
  return path ? `${refusal} ${path} ${what}` : refusal;
}

export const MARCH = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
