import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { given, openCustomer } from '../laws/laboratory.ts';
import { isFirst } from '../laws/two-processes.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

let world: AlertWorld;

beforeAll(async () => {
  world = await openAlertWorld();
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

const alerts = () => world.laboratory.services.alerts;
const belowAmount = (amount: string) => ({ belowAmount: amount });

describe('a rule that is made', () => {
  test('for a wallet that is below is crossed at once; for one above by the charge that crosses', async () => {
    const { customerId, walletId } = await world.openFunded('made', '100');
    await world.createRule('high', belowAmount('200'), { walletId });
    await world.createRule('low', belowAmount('90'), { walletId });
    expect(await world.told(customerId)).toEqual(['raised high']);
    await world.charge('made', 'crosses', 11);
    expect(await world.told(customerId)).toEqual(['raised high', 'raised low']);
  });

  test('for a customer holds for its wallets and for nobody else', async () => {
    const mine = await world.openFunded('mine', '10');
    const other = await world.openFunded('other', '10');
    await world.createRule('of customer', belowAmount('8'), { customerId: mine.customerId });
    for (const name of ['mine', 'other']) await world.charge(name, 'crosses', 3);
    expect(await world.told(mine.customerId)).toEqual(['raised of customer']);
    expect(await world.told(other.customerId)).toEqual([]);
    // A wallet that is opened later is its too.
    const { viewer, credit, laboratory } = world;
    const target = { customerId: mine.customerId, asset: credit };
    const name = 'second';
    given(await laboratory.services.ledger.openWallet(viewer, target, { name }));
    const granted = given(
      await laboratory.services.ledger.grantCredit(
        viewer,
        { ...target, scopeMetrics: [] },
        { amount: '5', walletName: name },
      ),
    );
    expect(await world.active(granted.walletId)).toEqual(['of customer']);
  });

  test('is seen by a process that remembers the wallet from before', async () => {
    const { customerId, walletId } = await world.openFunded('remembered', '100');
    for (const at of [0, 1]) await world.charge('remembered', `known ${at}`, 1, at);
    await world.createRule('remembered', belowAmount('95'), { walletId });
    expect(isFirst(await world.charge('remembered', 'crosses', 4, 1))).toBe(true);
    expect(await world.told(customerId)).toEqual(['raised remembered']);
  });

  test('while 20 charges are under way is crossed once, whoever comes first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `race ${round}`;
      const { customerId, walletId } = await world.openFunded(name, '100');
      const [, ...outcomes] = await Promise.all([
        world.createRule(name, belowAmount('90'), { customerId }),
        ...Array.from({ length: 20 }, (_, at) => world.charge(name, `event ${at}`, 1, at)),
      ]);
      expect(outcomes.filter(isFirst)).toHaveLength(20);
      expect(await world.told(customerId)).toEqual([`raised ${name}`]);
      expect(await world.storedAlerts(walletId)).toHaveLength(1);
    }
  });

  test('beside the first grant of a customer holds for the wallet that it opens', async () => {
    for (let round = 0; round < 10; round += 1) {
      const name = `first ${round}`;
      const customerId = await openCustomer(world.laboratory.services, world.viewer, name);
      await Promise.all([
        world.topUp(customerId, '10'),
        world.createRule(name, belowAmount('8'), { customerId }),
      ]);
      await world.charge(name, 'crosses', 3);
      expect(await world.told(customerId)).toEqual([`raised ${name}`]);
    }
  });
});

describe('a rule that is changed or deleted', () => {
  test('is evaluated at once: it recovers, and is crossed again', async () => {
    const { customerId, walletId } = await world.openFunded('changed', '100');
    const ruleId = await world.createRule('changed', belowAmount('200'), { walletId });
    const rule = toTypeId('alertRule', ruleId);
    const change = (amount: string) =>
      alerts().updateRule(world.viewer, { rule, condition: belowAmount(amount) });
    given(await change('99'));
    expect(await world.told(customerId)).toEqual(['raised changed', 'recovered changed']);
    given(await change('101'));
    expect((await world.told(customerId)).slice(2)).toEqual(['raised changed']);
    given(await alerts().updateRule(world.viewer, { rule, name: 'renamed' }));
    given(await alerts().deleteRule(world.viewer, { rule }));
    given(await alerts().deleteRule(world.viewer, { rule }));
    expect((await world.told(customerId)).slice(3)).toEqual(['recovered changed']);
    await world.charge('changed', 'after', 1);
    expect(await world.active(walletId)).toEqual([]);
    const again = await alerts().updateRule(world.viewer, { rule, name: 'again' });
    expect(again).toMatchObject({ refusal: 'NotFound', what: 'AlertRule' });
  });

  test('never becomes one of another kind', async () => {
    const { walletId } = await world.openFunded('kind', '100');
    const rule = toTypeId(
      'alertRule',
      await world.createRule('kind', belowAmount('1'), { walletId }),
    );
    const condition = { belowPercent: '10' };
    expect(await alerts().updateRule(world.viewer, { rule, condition })).toMatchObject({
      refusal: 'Invalid',
      issues: [{ path: 'condition', code: 'NOT_ALLOWED' }],
    });
  });
});

describe('rules for all customers', () => {
  test('are evaluated for every wallet at once, in chunks, and for a charge that comes first', async () => {
    const { db, services } = world.laboratory;
    const opened = await Promise.all(
      Array.from({ length: 30 }, (_, at) => world.openFunded(`all ${at}`, '100')),
    );
    const ruleId = await world.createRule('for all', belowAmount('150'));
    expect(await db.prisma.alertSweep.count()).toBe(0);
    for (const { customerId } of opened) {
      expect(await world.told(customerId)).toEqual(['raised for all']);
    }
    // A charge that begins before anybody has swept finds the new number by itself.
    const { organizationId } = world.viewer;
    await db.transaction(async (tx) => {
      await tx.prisma.alertRule.update({
        where: { id: ruleId },
        data: { terms: { amount: '50' } },
      });
      await tx.prisma.organization.update({
        where: { id: organizationId },
        data: { alertVersion: { increment: 1 } },
      });
      await tx.prisma.alertSweep.create({ data: { organizationId } });
    });
    const [first, ...others] = opened;
    await world.charge('all 0', 'comes first', 1);
    expect(await world.told(first?.customerId ?? '')).toEqual([
      'raised for all',
      'recovered for all',
    ]);
    while (await services.alerts.sweep());
    for (const { customerId } of others) {
      expect(await world.told(customerId)).toEqual(['raised for all', 'recovered for all']);
    }
    given(await services.alerts.deleteRule(world.viewer, { rule: toTypeId('alertRule', ruleId) }));
  });

  test('that other sweeps are at are swept once: every wallet is evaluated, none is told twice', async () => {
    const { services } = world.laboratory;
    const { customerId } = await world.openFunded('swept', '100');
    const ruleId = await world.createRule('swept', belowAmount('150'));
    await Promise.all([0, 1, 0, 1].map((at) => world.processOf(at).alerts.sweep()));
    expect(await world.told(customerId)).toEqual(['raised swept']);
    given(await services.alerts.deleteRule(world.viewer, { rule: toTypeId('alertRule', ruleId) }));
  });
});

describe('kinds', () => {
  test('depleted and recovered', async () => {
    const { customerId, walletId } = await world.openFunded('empty', '10');
    await world.createRule('empty', { depleted: true }, { walletId });
    await world.createRule('back', { recovered: true }, { walletId });
    await world.charge('empty', 'all', 10);
    expect(await world.told(customerId)).toEqual(['raised empty']);
    await world.topUp(customerId, '4');
    await world.topUp(customerId, '4');
    expect((await world.told(customerId)).slice(1)).toEqual(['recovered empty', 'raised back']);
    expect(await world.active(walletId)).toEqual([]);
    await world.charge('empty', 'all again', 8);
    expect((await world.told(customerId)).slice(3)).toEqual(['raised empty']);
  });

  test('a wallet that never had anything is not depleted', async () => {
    const customerId = await openCustomer(world.laboratory.services, world.viewer, 'never');
    const { services } = world.laboratory;
    const target = { customerId, asset: world.credit };
    const onEmpty = 'ARREARS' as const;
    const { walletId } = given(await services.ledger.openWallet(world.viewer, target, { onEmpty }));
    await world.createRule('never', { depleted: true }, { walletId });
    expect(isFirst(await world.charge('never', 'a debt', 5))).toBe(true);
    expect(await world.told(customerId)).toEqual([]);
  });
});

describe('what is refused', () => {
  const refusedOf = (input: object, target: object = {}) =>
    alerts().createRule(
      world.viewer,
      { customerId: null, asset: null, ...target },
      { condition: { depleted: true }, ...input },
    );

  test.each([
    ['an amount without an asset', { belowAmount: '1' }, 'asset', 'REQUIRED'],
    ['no percent', { belowPercent: '0' }, 'condition.belowPercent', 'NOT_POSITIVE'],
    ['more than all', { belowPercent: '100.5' }, 'condition.belowPercent', 'OUT_OF_RANGE'],
    ['a flag that is not set', { depleted: false }, 'condition', 'REQUIRED'],
    ['no hours', { projectedEmptyHours: 0 }, 'condition.projectedEmptyHours', 'OUT_OF_RANGE'],
    ['too many days', { grantExpiringDays: 366 }, 'condition.grantExpiringDays', 'OUT_OF_RANGE'],
  ])('%s', async (_what, condition, path, code) => {
    expect(await refusedOf({ condition })).toMatchObject({
      refusal: 'Invalid',
      issues: [{ path, code }],
    });
  });

  test('a burn rate whose numbers do not fit', async () => {
    const burnRate = { multiple: '0.5', windowMinutes: 61, trailingHours: 1, minimum: '0.001' };
    const refused = await refusedOf({ condition: { burnRate } }, { asset: world.credit });
    const paths =
      isRefusal(refused) && 'issues' in refused && refused.issues.map(({ path }) => path);
    expect(paths).toEqual(
      ['multiple', 'windowMinutes', 'trailingHours', 'minimum'].map(
        (it) => `condition.burnRate.${it}`,
      ),
    );
  });

  test('a wallet together with what it says already, and one that is nowhere', async () => {
    const { customerId, walletId } = await world.openFunded('said', '1');
    const wallet = toTypeId('wallet', walletId);
    expect(await refusedOf({ wallet }, { customerId })).toMatchObject({
      issues: [{ path: 'customer', code: 'NOT_ALLOWED' }],
    });
    expect(await refusedOf({ wallet }, { asset: world.credit })).toMatchObject({
      issues: [{ path: 'asset', code: 'NOT_ALLOWED' }],
    });
    expect(await refusedOf({ wallet: 'wallet_nowhere' })).toMatchObject({ refusal: 'NotFound' });
  });

  test('a 21st rule of the same wallet', async () => {
    const { walletId } = await world.openFunded('many', '1000');
    for (let at = 1; at <= 20; at += 1) {
      await world.createRule(`many ${at}`, belowAmount(String(at)), { walletId });
    }
    const wallet = toTypeId('wallet', walletId);
    expect(await refusedOf({ wallet })).toMatchObject({ issues: [{ code: 'TOO_MANY' }] });
  });

  test('a key that was used for another rule; with the same content it answers the first', async () => {
    const { walletId } = await world.openFunded('keyed', '1000');
    const wallet = toTypeId('wallet', walletId);
    const input = { wallet, idempotencyKey: 'a rule' };
    const first = given(await refusedOf(input));
    expect(await refusedOf(input)).toEqual(first);
    expect(await refusedOf({ ...input, name: 'other' })).toMatchObject({
      refusal: 'IdempotencyMismatch',
      field: 'name',
    });
  });
});
