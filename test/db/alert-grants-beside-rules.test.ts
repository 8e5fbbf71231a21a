import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Id } from '../../src/kit/ids.ts';
import { openCustomer } from '../laws/laboratory.ts';
import { holdOutbox } from '../support/held-wallets.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// Grants that end soon, and rules about that which are made beside them. No worker runs here, but where `look`
// does what it would do.

let world: AlertWorld;

beforeAll(async () => {
  world = await openAlertWorld();
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

const week = { grantExpiringDays: 7 };

type Target = { customerId?: Id<'customer'>; walletId?: string };

describe('a grant beside a rule that is being made is told once, and without a worker', () => {
  async function expectOnce(name: string, customerId: string, grantId: string, ruleId: string) {
    const once = [{ rule: name, grantId }];
    expect(await world.toldGrants(customerId)).toEqual(once);
    await world.look();
    expect(await world.toldGrants(customerId)).toEqual(once);
    await world.deleteRule(ruleId);
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
        world.topUp(customerId, '5', { expiresAt: world.inDays(2) }),
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
          world.topUp(customerId, '5', { expiresAt: world.inDays(2) }),
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
    const granting = world.topUp(customerId, '5', { expiresAt: world.inDays(2) });
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
    const granting = world.topUp(customerId, '5', { expiresAt: world.inDays(2) });
    await held.untilAwaited('INSERT INTO event_outbox');
    const making = world.createRule(name, week, targetOf(customerId, ''));
    await held.untilAwaited('pg_advisory_xact_lock');
    await held.release();
    await expectOnce(name, customerId, await granting, await making);
  });
});
