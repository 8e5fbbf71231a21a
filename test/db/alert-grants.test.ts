import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kit/clock.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { given } from '../laws/laboratory.ts';
import { holdWallets } from '../support/held-wallets.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// Grants that are about to end. Where that is time passing, the worker looks for them.

let world: AlertWorld;

beforeAll(async () => {
  world = await openAlertWorld();
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

async function look(): Promise<void> {
  while (await world.laboratory.services.alerts.watchGrants());
}

/** What was told of grants and of rules about them. */
async function toldOf(customerId: string): Promise<string[]> {
  return (await world.logOf(customerId)).flatMap(({ fact }) => {
    if (fact.type === 'grant.expiring') return `${fact.amount} until ${fact.expiresAt}`;
    if (fact.type !== 'alert.raised' && fact.type !== 'alert.recovered') return [];
    return `${fact.type} ${world.nameOf.get(fact.ruleId)}`;
  });
}

test('a grant is told once for each rule, when it has so many days left', async () => {
  const { customerId, walletId } = await world.openFunded('expiring', '10');
  await world.createRule('a week', { grantExpiringDays: 7 }, { customerId });
  await world.createRule('a day', { grantExpiringDays: 1 }, { walletId });
  const expiresAt = world.inDays(10);
  await world.topUp(customerId, '5', { expiresAt });
  await look();
  expect(await toldOf(customerId)).toEqual([]);
  world.laboratory.clock.advance(4 * DAY_MS);
  await Promise.all([0, 1, 0, 1].map((at) => world.processOf(at).alerts.watchGrants()));
  await look();
  const week = ['alert.raised a week', `5 until ${expiresAt}`];
  expect(await toldOf(customerId)).toEqual(week);
  world.laboratory.clock.advance(5.5 * DAY_MS);
  await look();
  const day = ['alert.raised a day', `5 until ${expiresAt}`];
  expect(await toldOf(customerId)).toEqual([...week, ...day]);
  expect(await world.active(walletId)).toEqual(['a day', 'a week']);
});

test('a grant whose days begin is told by the next look of each second, and by one of several', async () => {
  const { customerId } = await world.openFunded('begins', '10');
  await world.createRule('begins', { grantExpiringDays: 7 }, { customerId });
  const expiresAt = world.inDays(7.0001);
  await world.topUp(customerId, '5', { expiresAt });
  const quickly = (at: number) => world.processOf(at).alerts.watchRecentGrants();
  await quickly(0);
  expect(await toldOf(customerId)).toEqual([]);
  world.laboratory.clock.advance(0.0001 * DAY_MS + 1);
  await Promise.all([0, 1, 0, 1].map(quickly));
  const begins = ['alert.raised begins', `5 until ${expiresAt}`];
  expect(await toldOf(customerId)).toEqual(begins);
  // While nobody looked for two minutes: found by a look at all.
  await world.topUp(customerId, '6', { expiresAt: world.inDays(7.0001) });
  world.laboratory.clock.advance(0.0001 * DAY_MS + 120_000);
  await quickly(0);
  expect(await toldOf(customerId)).toEqual(begins);
  await look();
  expect(await toldOf(customerId)).toHaveLength(4);
});

test('the alert is over when the grant has ended or was spent, and is not raised again', async () => {
  const { customerId, walletId } = await world.openFunded('over', '10');
  await world.createRule('over', { grantExpiringDays: 7 }, { customerId });
  const spent = await world.topUp(customerId, '5', { expiresAt: world.inDays(3), priority: 1 });
  await world.topUp(customerId, '7', { expiresAt: world.inDays(5), priority: 90 });
  await look();
  expect(await world.active(walletId)).toEqual(['over', 'over']);
  await world.charge('over', 'spends the first', 5);
  await look();
  const alerts = await world.storedAlerts(walletId);
  expect(alerts.filter(({ recoveredAt }) => recoveredAt).map(({ grantId }) => grantId)).toEqual([
    spent,
  ]);
  world.laboratory.clock.advance(6 * DAY_MS);
  await look();
  await look();
  expect(await world.active(walletId)).toEqual([]);
  const told = await toldOf(customerId);
  expect(told.filter((each) => each.startsWith('alert.'))).toEqual([
    'alert.raised over',
    'alert.raised over',
    'alert.recovered over',
    'alert.recovered over',
  ]);
});

test('a rule that is made late tells at once; one that is deleted ends what it raised', async () => {
  const { customerId, walletId } = await world.openFunded('made late', '10');
  await world.topUp(customerId, '5', { expiresAt: world.inDays(3) });
  const ruleId = await world.createRule('made late', { grantExpiringDays: 7 }, { customerId });
  expect(await world.active(walletId)).toEqual(['made late']);
  const rule = toTypeId('alertRule', ruleId);
  given(await world.laboratory.services.alerts.deleteRule(world.viewer, { rule }));
  expect(await world.active(walletId)).toEqual([]);
});

test('a grant that counts later is told too, and one that never ends is not', async () => {
  const { customerId } = await world.openFunded('later', '10');
  await world.createRule('later', { grantExpiringDays: 7 }, { customerId });
  const expiresAt = world.inDays(4);
  await world.topUp(customerId, '5', { effectiveAt: world.inDays(2), expiresAt });
  await world.topUp(customerId, '5', { effectiveAt: world.inDays(2) });
  await look();
  expect(await toldOf(customerId)).toEqual(['alert.raised later', `5 until ${expiresAt}`]);
});

test('a rule that is deleted or changed while the wallet is held raises nothing', async () => {
  const { customerId, walletId } = await world.openFunded('held', '10');
  await world.topUp(customerId, '5', { expiresAt: world.inDays(3) });
  const deleted = await world.createRule('for all', { grantExpiringDays: 1 });
  const changed = await world.createRule('for all too', { grantExpiringDays: 1 });
  world.laboratory.clock.advance(2.5 * DAY_MS);
  const held = await holdWallets(world.laboratory.url);
  const looking = look();
  await held.untilAwaited();
  const { alertRule } = world.laboratory.db.prisma;
  await alertRule.update({
    where: { id: deleted },
    data: { deletedAt: world.laboratory.clock.now() },
  });
  await alertRule.update({ where: { id: changed }, data: { terms: { days: 0 } } });
  await held.release();
  await looking;
  expect(await world.storedAlerts(walletId)).toEqual([]);
});

test('a change of a rule looks at the grants of its own organization only', async () => {
  const { customerId, walletId } = await world.openFunded('waits', '10');
  await world.createRule('waits', { grantExpiringDays: 7 }, { customerId });
  await world.topUp(customerId, '5', { expiresAt: world.inDays(8) });
  world.laboratory.clock.advance(2 * DAY_MS);
  const { services } = world.laboratory;
  const other = await world.laboratory.openOrganization('Other');
  const target = { customerId: null, asset: null };
  given(await services.alerts.createRule(other, target, { condition: { grantExpiringDays: 7 } }));
  expect(await world.active(walletId)).toEqual([]);
  await look();
  expect(await world.active(walletId)).toEqual(['waits']);
});
