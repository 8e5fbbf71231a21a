import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kit/clock.ts';
import { type Id, toTypeId } from '../../src/kit/ids.ts';
import { given, openAsset, openCustomer } from '../laws/laboratory.ts';
import { isFirst } from '../laws/two-processes.ts';
import { holdOutbox } from '../support/held-wallets.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// Grants that end soon already when they are made, and rules that are made beside them. No worker runs
// here, but where `look` does what it would do.

let world: AlertWorld;

beforeAll(async () => {
  world = await openAlertWorld();
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

const inDays = (days: number) =>
  new Date(world.laboratory.clock.now().getTime() + days * DAY_MS).toISOString();

const week = { grantExpiringDays: 7 };

async function look(): Promise<void> {
  while (await world.laboratory.services.alerts.sweep());
  while (await world.laboratory.services.alerts.watchGrants());
}

async function deleteRule(ruleId: string): Promise<void> {
  const rule = toTypeId('alertRule', ruleId);
  given(await world.laboratory.services.alerts.deleteRule(world.viewer, { rule }));
}

/** Which rule has told of which grant, each as often as it did. */
async function toldOf(customerId: string) {
  return (await world.logOf(customerId)).flatMap(({ fact }) =>
    fact.type === 'grant.expiring'
      ? { rule: world.nameOf.get(fact.ruleId), grantId: fact.grantId }
      : [],
  );
}

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
    const expiresAt = inDays(2);
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
    await look();
    expect(await toldOf(customerId)).toEqual([{ rule: 'made', grantId }]);
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
    const forAll = await world.createRule('for all', week);
    await world.createRule('customer', { grantExpiringDays: 2 }, { customerId });
    await world.createRule('wallet', week, { walletId });
    await world.createRule('a day', { grantExpiringDays: 1 }, { customerId });
    await world.createRule('not mine', week, { customerId: other.customerId });
    await deleteRule(await world.createRule('deleted', week, { customerId }));
    const grantId = await world.topUp(customerId, '5', { expiresAt: inDays(2) });
    const rules = (await toldOf(customerId)).map(({ rule }) => rule).sort();
    expect(rules).toEqual(['customer', 'for all', 'wallet']);
    await look();
    const alerts = await world.storedAlerts(walletId);
    expect(alerts.map((alert) => alert.grantId)).toEqual([grantId, grantId, grantId]);
    await deleteRule(forAll);
  });

  test('is told once by a call that is repeated with its key', async () => {
    const { customerId } = await world.openFunded('again', '10');
    await world.createRule('again', week, { customerId });
    const terms = { expiresAt: inDays(2), idempotencyKey: 'once' };
    const grantId = await world.topUp(customerId, '5', terms);
    expect(await world.topUp(customerId, '5', terms)).toBe(grantId);
    expect(await toldOf(customerId)).toEqual([{ rule: 'again', grantId }]);
  });

  test('is over when it is voided', async () => {
    const { customerId, walletId } = await world.openFunded('voided', '10');
    await world.createRule('voided', week, { customerId });
    const grantId = await world.topUp(customerId, '5', { expiresAt: inDays(2) });
    const { ledger } = world.laboratory.services;
    given(await ledger.voidGrant(world.viewer, { grant: toTypeId('grant', grantId) }));
    await look();
    expect(await world.active(walletId)).toEqual([]);
    expect(await world.told(customerId)).toEqual(['raised voided', 'recovered voided']);
  });

  test('is told of an adjustment too, of one that counts later, and of the first in its wallet', async () => {
    const { services } = world.laboratory;
    const customerId = await openCustomer(services, world.viewer, 'kinds');
    await world.createRule('kinds', week, { customerId });
    const expiresAt = inDays(3);
    const first = await world.topUp(customerId, '5', { expiresAt });
    const later = await world.topUp(customerId, '5', { effectiveAt: inDays(1), expiresAt });
    const target = { customerId, asset: world.credit };
    const adjustment = { amount: '3', transactionId: 'a payment', reason: 'GOODWILL' } as const;
    given(await services.ledger.adjustBalance(world.viewer, target, { ...adjustment, expiresAt }));
    const told = (await toldOf(customerId)).map(({ grantId }) => grantId);
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
  await world.topUp(customerId, '5', { expiresAt: inDays(2) });
  await world.topUp(customerId, '5', { expiresAt: inDays(8) });
  await world.topUp(customerId, '5');
  expect(await toldOf(customerId)).toEqual([]);
  const alerts = await world.storedAlerts(walletId);
  expect(alerts.filter(({ grantId }) => grantId !== null)).toEqual([]);
});

describe('a rule', () => {
  test('for a customer or a wallet tells in the transaction that makes or changes it', async () => {
    const { customerId, walletId } = await world.openFunded('rule', '10');
    const soon = await world.topUp(customerId, '5', { expiresAt: inDays(2) });
    const late = await world.topUp(customerId, '5', { expiresAt: inDays(10) });
    const ruleId = await world.createRule('rule', week, { walletId });
    expect(await isOfTransaction('alert_rules', soon)).toBe(true);
    const change = { rule: toTypeId('alertRule', ruleId), condition: { grantExpiringDays: 14 } };
    given(await world.laboratory.services.alerts.updateRule(world.viewer, change));
    expect(await isOfTransaction('alert_rules', late)).toBe(true);
    await look();
    expect(await toldOf(customerId)).toEqual([
      { rule: 'rule', grantId: soon },
      { rule: 'rule', grantId: late },
    ]);
  });

  test('for all tells of a wallet that a charge has looked at before its sweep', async () => {
    const { db, services } = world.laboratory;
    const { customerId } = await world.openFunded('charged', '10');
    const ruleId = await world.createRule('charged', { grantExpiringDays: 1 });
    const grantId = await world.topUp(customerId, '5', { expiresAt: inDays(2) });
    // As another process leaves it that dies before its sweep.
    const { organizationId } = world.viewer;
    await db.transaction(async (tx) => {
      await tx.prisma.alertRule.update({ where: { id: ruleId }, data: { terms: { days: 7 } } });
      await tx.prisma.organization.update({
        where: { id: organizationId },
        data: { alertVersion: { increment: 1 } },
      });
      await tx.prisma.alertSweep.create({ data: { organizationId } });
    });
    await world.charge('charged', 'comes first', 1);
    expect(await toldOf(customerId)).toEqual([]);
    while (await services.alerts.sweep());
    expect(await toldOf(customerId)).toEqual([{ rule: 'charged', grantId }]);
    await deleteRule(ruleId);
  });
});

type Target = { customerId?: Id<'customer'>; walletId?: string };

describe('a grant beside a rule that is being made is told once, and without a worker', () => {
  async function expectOnce(name: string, customerId: string, grantId: string, ruleId: string) {
    const once = [{ rule: name, grantId }];
    expect(await toldOf(customerId)).toEqual(once);
    await look();
    expect(await toldOf(customerId)).toEqual(once);
    await deleteRule(ruleId);
  }

  const targets: [string, (customerId: Id<'customer'>, walletId: string) => Target][] = [
    ['a wallet', (_, walletId) => ({ walletId })],
    ['a customer', (customerId) => ({ customerId })],
    ['all', () => ({})],
  ];

  test.each(targets)('for %s, whoever is first', async (whom, targetOf) => {
    for (let round = 0; round < 6; round += 1) {
      const name = `beside ${whom} ${round}`;
      const { customerId, walletId } = await world.openFunded(name, '10');
      const [grantId, ruleId] = await Promise.all([
        world.topUp(customerId, '5', { expiresAt: inDays(2) }),
        world.createRule(name, week, targetOf(customerId, walletId)),
      ]);
      await expectOnce(name, customerId, grantId, ruleId);
    }
  });

  test.each(targets.slice(1))(
    'for %s, beside the first grant of a customer',
    async (whom, targetOf) => {
      for (let round = 0; round < 6; round += 1) {
        const name = `first ${whom} ${round}`;
        const customerId = await openCustomer(world.laboratory.services, world.viewer, name);
        const [grantId, ruleId] = await Promise.all([
          world.topUp(customerId, '5', { expiresAt: inDays(2) }),
          world.createRule(name, week, targetOf(customerId, '')),
        ]);
        await expectOnce(name, customerId, grantId, ruleId);
      }
    },
  );

  test.each(targets)('for %s, when the grant has not seen the rule', async (whom, targetOf) => {
    const name = `unseen ${whom}`;
    const { customerId, walletId } = await world.openFunded(name, '10');
    const held = await holdOutbox(world.laboratory.url);
    const granting = world.topUp(customerId, '5', { expiresAt: inDays(2) });
    await held.untilAwaited('INSERT INTO event_outbox');
    const making = world.createRule(name, week, targetOf(customerId, walletId));
    await held.untilAwaited('JOIN wallets w USING|INTO .*alert_rules');
    await held.release();
    await expectOnce(name, customerId, await granting, await making);
  });

  test.each(targets.slice(1))('for %s, when the grant opens its wallet', async (whom, targetOf) => {
    const name = `opens ${whom}`;
    const customerId = await openCustomer(world.laboratory.services, world.viewer, name);
    const held = await holdOutbox(world.laboratory.url);
    const granting = world.topUp(customerId, '5', { expiresAt: inDays(2) });
    await held.untilAwaited('INSERT INTO event_outbox');
    const making = world.createRule(name, week, targetOf(customerId, ''));
    await held.untilAwaited('pg_advisory_xact_lock');
    await held.release();
    await expectOnce(name, customerId, await granting, await making);
  });
});
