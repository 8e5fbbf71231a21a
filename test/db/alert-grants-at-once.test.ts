import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kit/clock.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { given, openAsset, openCustomer } from '../laws/laboratory.ts';
import { isFirst } from '../laws/two-processes.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// Grants that end soon already when they are made, and rules that find such grants. No worker runs here, but where `look` does what it would do.

let world: AlertWorld;

beforeAll(async () => {
  world = await openAlertWorld();
});
// A rule for all would tell of the grants of every test behind it.
afterEach(async () => {
  const { organizationId } = world.viewer;
  const rules = await world.laboratory.db.prisma.alertRule.findMany({
    where: { organizationId, kind: 'GRANT_EXPIRING', customerId: null, deletedAt: null },
  });
  for (const { id } of rules) await world.deleteRule(id);
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

const week = { grantExpiringDays: 7 };

/** Whether the alert about a grant was raised by the transaction that wrote the row. */
async function isOfTransaction(table: 'credit_grants' | 'alert_rules', grantId: string) {
  const column = table === 'credit_grants' ? 'grant_id' : 'rule_id';
  const [row] = await world.laboratory.db.prisma.$queryRawUnsafe<{ same: boolean }[]>(
    `SELECT a.xmin = t.xmin AS same FROM alerts a JOIN ${table} t ON t.id = a.${column}
      WHERE a.grant_id = $1::uuid`,
    grantId,
  );
  return row?.same;
}

describe('a grant that ends within the days of a rule', () => {
  test('is told by the transaction that makes it, behind that it was made, and never again', async () => {
    const { customerId, walletId } = await world.openFunded('made', '10');
    await world.createRule('made', week, { customerId });
    const before = (await world.logOf(customerId)).length;
    const expiresAt = world.inDays(2);
    const grantId = await world.topUp(customerId, '5', { expiresAt });
    expect(await world.active(walletId)).toEqual(['made']);
    expect(await isOfTransaction('credit_grants', grantId)).toBe(true);
    const told = (await world.logOf(customerId)).slice(before).map(({ fact }) => fact);
    const [alert] = await world.storedAlerts(walletId);
    const named = { walletId, grantId, ruleId: alert?.ruleId };
    expect(told).toEqual([
      { type: 'grant.created', grantId, walletId, amount: '5' },
      {
        ...named,
        type: 'alert.raised',
        alertId: alert?.id,
        kind: 'GRANT_EXPIRING',
        threshold: null,
        observed: '5',
      },
      { ...named, type: 'grant.expiring', amount: '5', expiresAt },
      expect.objectContaining({ type: 'balance.changed', walletId }),
    ]);
    await world.look();
    expect(await world.toldGrants(customerId)).toEqual([{ rule: 'made', grantId }]);
  });

  test('is told by each rule that is for its wallet, and by no other one', async () => {
    const { customerId, walletId } = await world.openFunded('whose', '10');
    const other = await world.openFunded('not mine', '10');
    const euro = await openAsset(world.laboratory.services, world.viewer, {
      code: 'EUR',
      scale: 2,
      burnOrder: 'PRIORITY',
    });
    const { createRule } = world.laboratory.services.alerts;
    const inEuro = { customerId, asset: euro };
    given(await createRule(world.viewer, inEuro, { name: 'euro', condition: week }));
    await world.createRule('for all', week);
    await world.createRule('customer', { grantExpiringDays: 2 }, { customerId });
    await world.createRule('wallet', week, { walletId });
    await world.createRule('a day', { grantExpiringDays: 1 }, { customerId });
    await world.createRule('not mine', week, { customerId: other.customerId });
    await world.deleteRule(await world.createRule('deleted', week, { customerId }));
    const grantId = await world.topUp(customerId, '5', { expiresAt: world.inDays(2) });
    const rules = (await world.toldGrants(customerId)).map(({ rule }) => rule).sort();
    expect(rules).toEqual(['customer', 'for all', 'wallet']);
    await world.look();
    const alerts = await world.storedAlerts(walletId);
    expect(alerts.map((alert) => alert.grantId)).toEqual([grantId, grantId, grantId]);
  });

  test('is told once by a call that is repeated with its key', async () => {
    const { customerId } = await world.openFunded('again', '10');
    await world.createRule('again', week, { customerId });
    const terms = { expiresAt: world.inDays(2), idempotencyKey: 'once' };
    const grantId = await world.topUp(customerId, '5', terms);
    expect(await world.topUp(customerId, '5', terms)).toBe(grantId);
    expect(await world.toldGrants(customerId)).toEqual([{ rule: 'again', grantId }]);
  });

  test('is over when it is voided', async () => {
    const { customerId, walletId } = await world.openFunded('voided', '10');
    await world.createRule('voided', week, { customerId });
    const grantId = await world.topUp(customerId, '5', { expiresAt: world.inDays(2) });
    const { ledger } = world.laboratory.services;
    given(await ledger.voidGrant(world.viewer, { grant: toTypeId('grant', grantId) }));
    await world.look();
    expect(await world.active(walletId)).toEqual([]);
    expect(await world.told(customerId)).toEqual(['raised voided', 'recovered voided']);
  });

  test('is told of an adjustment too, of one that counts later, and of the first in its wallet', async () => {
    const { services } = world.laboratory;
    const customerId = await openCustomer(services, world.viewer, 'kinds');
    await world.createRule('kinds', week, { customerId });
    const expiresAt = world.inDays(3);
    const first = await world.topUp(customerId, '5', { expiresAt });
    const later = await world.topUp(customerId, '5', { effectiveAt: world.inDays(1), expiresAt });
    const target = { customerId, asset: world.credit };
    const adjustment = { amount: '3', transactionId: 'a payment', reason: 'GOODWILL' } as const;
    given(await services.ledger.adjustBalance(world.viewer, target, { ...adjustment, expiresAt }));
    const told = (await world.toldGrants(customerId)).map(({ grantId }) => grantId);
    expect(told).toEqual([first, later, expect.any(String)]);
    expect(new Set(told).size).toBe(3);
  });
});

test('a grant that ends later, never, or is spent by a debt at once is not told', async () => {
  const { services } = world.laboratory;
  const { customerId, walletId } = await world.openFunded('silent', '1');
  await world.createRule('silent', week, { customerId });
  const wallet = toTypeId('wallet', walletId);
  given(await services.ledger.updateWallet(world.viewer, { wallet, onEmpty: 'ARREARS' }));
  expect(isFirst(await world.charge('silent', 'a debt', 9))).toBe(true);
  await world.topUp(customerId, '5', { expiresAt: world.inDays(2) });
  await world.topUp(customerId, '5', { expiresAt: world.inDays(8) });
  await world.topUp(customerId, '5');
  expect(await world.toldGrants(customerId)).toEqual([]);
  const alerts = await world.storedAlerts(walletId);
  expect(alerts.filter(({ grantId }) => grantId !== null)).toEqual([]);
});

describe('a rule', () => {
  test('for a customer or a wallet tells in the transaction that makes or changes it', async () => {
    const { customerId, walletId } = await world.openFunded('rule', '10');
    const soon = await world.topUp(customerId, '5', { expiresAt: world.inDays(2) });
    const late = await world.topUp(customerId, '5', { expiresAt: world.inDays(10) });
    const ruleId = await world.createRule('rule', week, { walletId });
    expect(await isOfTransaction('alert_rules', soon)).toBe(true);
    const change = { rule: toTypeId('alertRule', ruleId), condition: { grantExpiringDays: 14 } };
    given(await world.laboratory.services.alerts.updateRule(world.viewer, change));
    expect(await isOfTransaction('alert_rules', late)).toBe(true);
    await world.look();
    expect(await world.toldGrants(customerId)).toEqual([
      { rule: 'rule', grantId: soon },
      { rule: 'rule', grantId: late },
    ]);
  });

  test('for all tells of a wallet that a charge has looked at before its sweep', async () => {
    const { db, services } = world.laboratory;
    const { customerId } = await world.openFunded('charged', '10');
    const id = await world.createRule('charged', { grantExpiringDays: 1 });
    const grantId = await world.topUp(customerId, '5', { expiresAt: world.inDays(2) });
    // As another process leaves it that dies before its sweep.
    const { organizationId } = world.viewer;
    await db.transaction(async (tx) => {
      await tx.prisma.alertRule.update({ where: { id }, data: { terms: { days: 7 } } });
      await tx.prisma.organization.update({
        where: { id: organizationId },
        data: { alertVersion: { increment: 1 } },
      });
      await tx.prisma.alertSweep.create({ data: { organizationId } });
    });
    await world.charge('charged', 'comes first', 1);
    expect(await world.toldGrants(customerId)).toEqual([]);
    while (await services.alerts.sweep());
    expect(await world.toldGrants(customerId)).toEqual([{ rule: 'charged', grantId }]);
  });
});

test('what is told at once is exactly what ends within the days of a rule, to the millisecond', async () => {
  const { customerId, walletId } = await world.openFunded('exactly', '10');
  await world.createRule('1', { grantExpiringDays: 1 }, { customerId });
  await world.createRule('2', { grantExpiringDays: 2 }, { walletId });
  const now = world.laboratory.clock.now().getTime();
  const ends = [1, 2].flatMap((days) => [-1, 0, 1].map((ms) => now + days * DAY_MS + ms));
  const grants = new Map<string, number>();
  for (const end of ends) {
    grants.set(await world.topUp(customerId, '1', { expiresAt: new Date(end).toISOString() }), end);
  }
  // Rules that see the grants, beside grants that saw the rules.
  await world.createRule('1', { grantExpiringDays: 1 }, { walletId });
  await world.createRule('2', { grantExpiringDays: 2 }, { customerId });
  const told = await world.toldGrants(customerId);
  const expected = [...grants].flatMap(([grantId, end]) =>
    ['1', '1', '2', '2'].flatMap((rule) =>
      end <= now + Number(rule) * DAY_MS ? { rule, grantId } : [],
    ),
  );
  expect(told).toHaveLength(expected.length);
  expect(told).toEqual(expect.arrayContaining(expected));
  await world.look();
  expect(await world.toldGrants(customerId)).toEqual(told);
});

// Hundreds of grants, which take their time on a machine that has other things to do.
test('a rule that has a great deal to tell does so in pieces, and without a worker', {
  timeout: 120_000,
}, async () => {
  const { customerId } = await world.openFunded('many', '10');
  const grantIds: string[] = [];
  while (grantIds.length < 600) {
    grantIds.push(await world.topUp(customerId, '1', { expiresAt: world.inDays(2) }));
  }
  await world.createRule('many', week, { customerId });
  const told = await world.toldGrants(customerId);
  expect(told.map(({ grantId }) => grantId).sort()).toEqual([...grantIds].sort());
  const { _max } = await world.laboratory.db.prisma.eventRun.aggregate({
    where: { customerId },
    _max: { eventCount: true },
  });
  expect(_max.eventCount).toBe(1_000);
});
