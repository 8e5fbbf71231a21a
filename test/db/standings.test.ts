import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { plain, ZERO } from '../../src/kit/decimal.ts';
import type { Services } from '../../src/services.ts';
import {
  given,
  type Laboratory,
  openAsset,
  openCustomer,
  openLaboratory,
} from '../laws/laboratory.ts';

// Two processes whose hints do not reach each other: what is lost is found by comparing.

let laboratory: Laboratory;
let checking: Services;
let viewer: Viewer;
let asset: Awaited<ReturnType<typeof openAsset>>;

beforeAll(async () => {
  laboratory = await openLaboratory();
  checking = laboratory.startProcess().services;
  viewer = await laboratory.openOrganization('Standings');
  asset = await openAsset(laboratory.services, viewer, {
    code: 'PTS',
    scale: 0,
    burnOrder: 'LIFO',
  });
});
afterAll(() => laboratory.close());

async function available(services: Services, externalId: string) {
  const customer = { externalId };
  const input = { customer, asset: 'PTS', amount: '1' };
  const decision = given(await services.entitlements.canConsume(viewer, input));
  return decision.available === null ? null : Number(decision.available / 10n ** 12n);
}

async function grant(services: Services, externalId: string, amount: string): Promise<void> {
  const [customer] = await services.customers.resolveMany(viewer.organizationId, [{ externalId }]);
  if (!customer) throw new Error('There is no such customer.');
  const target = { customerId: customer.id, asset, scopeMetrics: [] };
  given(await services.ledger.grantCredit(viewer, target, { amount } as never));
}

test('a change is known at once where it was made, and after the next comparison elsewhere', async () => {
  const { services } = laboratory;
  await openCustomer(services, viewer, 'ada');
  expect(await available(checking, 'ada')).toBe(0);
  await grant(services, 'ada', '7');
  expect(await available(services, 'ada')).toBe(7);
  expect(await available(checking, 'ada')).toBe(0);
  await checking.entitlements.recheck();
  expect(await available(checking, 'ada')).toBe(7);
  // Another wallet of the same version is another change.
  await grant(services, 'ada', '1');
  await checking.entitlements.recheck();
  expect(await available(checking, 'ada')).toBe(8);
});

test('checks and changes at the same time end with what is stored', async () => {
  const { services } = laboratory;
  await openCustomer(services, viewer, 'bob');
  const grants = Array.from({ length: 20 }, () => grant(services, 'bob', '1'));
  const checks = Array.from({ length: 200 }, () => available(services, 'bob'));
  const seen = await Promise.all(checks);
  await Promise.all(grants);
  expect(seen.every((each) => each !== null && each >= 0 && each <= 20)).toBe(true);
  expect(await available(services, 'bob')).toBe(20);
});

test('a customer with more grants than are kept is read each time, and decided on like the others', async () => {
  const { services } = laboratory;
  await openCustomer(services, viewer, 'cy');
  for (let at = 0; at < 33; at += 1) await grant(services, 'cy', '1');
  expect(await available(checking, 'cy')).toBe(33);
  await grant(services, 'cy', '1');
  expect(await available(checking, 'cy')).toBe(34);
});

test('the first use of a day that is made elsewhere is no repetition of that of the day before', async () => {
  const { services, clock } = laboratory;
  const customerId = await openCustomer(services, viewer, 'eve');
  const { catalog, subscriptions } = services;
  const metric = { code: 'looks', eventType: 'look', aggregation: 'COUNT' as const };
  given(await catalog.createBillableMetric(viewer, metric));
  given(await catalog.createPrice(viewer, { metric: 'looks', asset: 'PTS', unitAmount: '0' }));
  given(await catalog.createFeature(viewer, { code: 'looks', kind: 'METERED', metric: 'looks' }));
  const entitlements = [{ feature: 'looks', limit: '9', reset: 'DAY' }];
  given(await catalog.plans.savePlanDraft(viewer, { code: 'daily', definition: { entitlements } }));
  given(await catalog.plans.publishPlan(viewer, { plan: 'daily' }));
  given(await subscriptions.createSubscription(viewer, customerId, { plan: 'daily' }));
  const customer = { externalId: 'eve' };
  const use = async (eventId: string) =>
    given(await services.usage.record(viewer, { customer, eventId, type: 'look' }));
  const used = async () =>
    plain(
      given(await checking.entitlements.canConsume(viewer, { customer, feature: 'looks' })).used ??
        ZERO,
    );

  clock.set(new Date('2026-03-10T23:59:58.000Z'));
  await use('of one day');
  // The process that checks may have looked at the catalogue a moment before the feature was made.
  await expect.poll(used).toBe('1');
  clock.set(new Date('2026-03-11T00:00:02.000Z'));
  await use('of the next');
  await checking.entitlements.recheck();
  expect(await used()).toBe('1');
});

test('a change of the catalogue elsewhere is known within a second', async () => {
  const { services } = laboratory;
  await openCustomer(services, viewer, 'dee');
  const check = async () => {
    const input = { customer: { externalId: 'dee' }, metric: 'calls', quantity: '1' };
    return given(await checking.entitlements.canConsume(viewer, input)).reason;
  };
  expect(await check()).toBe('METRIC_NOT_FOUND');
  const metric = { code: 'calls', eventType: 'call', aggregation: 'COUNT' as const };
  given(await services.catalog.createBillableMetric(viewer, metric));
  const startedMs = performance.now();
  while ((await check()) === 'METRIC_NOT_FOUND')
    expect(performance.now() - startedMs).toBeLessThan(15_000);
  expect(await check()).toBe('PRICE_NOT_FOUND');
});
