import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/kit/clock.ts';
import { exact } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { given } from '../laws/laboratory.ts';
import { isFirst, usage } from '../laws/two-processes.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// Rules about how fast a wallet spends. Time stands still but where it is told to move.

let world: AlertWorld;
let events = 0;

beforeAll(async () => {
  world = await openAlertWorld();
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

const BURN = { multiple: '5', windowMinutes: 60, trailingHours: 24, minimum: '20' };

function spend(name: string, amount: number, at = 0) {
  events += 1;
  return world.charge(name, `event ${events}`, amount, at);
}

/** So many hours of so much an hour, in four charges each. */
async function spendHours(name: string, hours: number, perHour: number): Promise<void> {
  for (let quarter = 0; quarter < hours * 4; quarter += 1) {
    await spend(name, perHour / 4, quarter);
    world.laboratory.clock.advance(15 * MINUTE_MS);
  }
}

describe('the burn rate', () => {
  test('a runaway is told within the charge that makes it one, once, and ends by time alone', async () => {
    const { customerId, walletId } = await world.openFunded('runaway', '100000');
    await world.createRule('runaway', { burnRate: BURN }, { walletId });
    await spendHours('runaway', 6, 10);
    expect(await world.told(customerId)).toEqual([]);
    // Ten an hour on average, so more than fifty in an hour. The last hour spent 10 minus what is over.
    await spend('runaway', 40);
    expect(await world.told(customerId)).toEqual([]);
    await spend('runaway', 40);
    await spend('runaway', 400);
    expect(await world.told(customerId)).toEqual(['raised runaway']);
    const [alert] = await world.storedAlerts(walletId);
    const [threshold, observed] = [Number(alert?.threshold), Number(alert?.observed)];
    // The average is of what was spent before the window, whose first step has begun a little earlier.
    expect(threshold).toBeGreaterThan(48);
    expect(threshold).toBeLessThan(52);
    expect(observed).toBeGreaterThan(threshold);

    const { clock, services } = world.laboratory;
    await services.alerts.coolDown();
    expect(await world.active(walletId)).toEqual(['runaway']);
    clock.advance(2 * HOUR_MS);
    await services.alerts.coolDown();
    await services.alerts.coolDown();
    expect(await world.told(customerId)).toEqual(['raised runaway', 'recovered runaway']);
  });

  test('a first charge is no runaway, however large; nor is what spends less than the minimum', async () => {
    const first = await world.openFunded('first', '100000');
    await world.createRule('first', { burnRate: BURN }, { walletId: first.walletId });
    await spend('first', 5000);
    await spend('first', 5000);
    expect(await world.told(first.customerId)).toEqual([]);

    const small = await world.openFunded('small', '100000');
    await world.createRule('small', { burnRate: BURN }, { walletId: small.walletId });
    await spendHours('small', 3, 1);
    await spend('small', 19);
    expect(await world.told(small.customerId)).toEqual([]);
    await spend('small', 2);
    expect(await world.told(small.customerId)).toEqual(['raised small']);
  });

  test('it recovers with a charge too, once the window is as the others were', async () => {
    const { customerId, walletId } = await world.openFunded('calm', '100000');
    await world.createRule('calm', { burnRate: BURN }, { walletId });
    await spendHours('calm', 3, 10);
    await spend('calm', 200);
    world.laboratory.clock.advance(90 * MINUTE_MS);
    await spend('calm', 1);
    expect(await world.told(customerId)).toEqual(['raised calm', 'recovered calm']);
  });

  test('what arrives late counts when it is booked, and a repetition does not count', async () => {
    const { customerId, walletId } = await world.openFunded('late', '100000');
    await world.createRule('late', { burnRate: BURN }, { walletId });
    await spendHours('late', 3, 10);
    const occurredAt = new Date(
      world.laboratory.clock.now().getTime() - 48 * HOUR_MS,
    ).toISOString();
    const send = (amount: number) =>
      world
        .processOf(0)
        .usage.record(world.viewer, { ...usage('late', `late ${amount}`, amount), occurredAt });
    for (let time = 0; time < 10; time += 1) await send(30);
    expect(await world.told(customerId)).toEqual([]);
    await send(31);
    expect(await world.told(customerId)).toEqual(['raised late']);
  });

  test('a wallet without such a rule keeps no spend; one that loses it keeps no more', async () => {
    const { db, services } = world.laboratory;
    const { customerId, walletId } = await world.openFunded('untracked', '1000');
    await spend('untracked', 1);
    const steps = () => db.prisma.alertSpend.count({ where: { walletId } });
    expect(await steps()).toBe(0);
    const ruleId = await world.createRule('tracked', { burnRate: BURN }, { customerId });
    await spend('untracked', 1);
    expect(await steps()).toBe(1);
    const rule = toTypeId('alertRule', ruleId);
    given(await services.alerts.deleteRule(world.viewer, { rule }));
    world.laboratory.clock.advance(10 * MINUTE_MS);
    await spend('untracked', 1);
    expect(await steps()).toBe(1);
    world.laboratory.clock.advance(20 * 24 * HOUR_MS);
    await services.alerts.forgetSpend();
    expect(await steps()).toBe(0);
  });

  test('two processes that charge at once lose nothing of what is measured', async () => {
    const { walletId } = await world.openFunded('both', '1000');
    await world.createRule('both', { burnRate: BURN }, { walletId });
    const outcomes = await Promise.all(Array.from({ length: 32 }, (_, at) => spend('both', 1, at)));
    expect(outcomes.filter(isFirst)).toHaveLength(32);
    const kept = await world.laboratory.db.prisma.alertSpend.findMany({ where: { walletId } });
    const sum = kept.reduce((all, { amount }) => all + exact(amount), 0n);
    expect(sum).toBe(exact(32));
  });
});

describe('projected empty', () => {
  test('is told by the charge that makes it so, and over with a top-up', async () => {
    const { customerId, walletId } = await world.openFunded('projected', '1000');
    await world.createRule('projected', { projectedEmptyHours: 24 }, { walletId });
    // At 10 an hour 24 hours need 240.
    await spendHours('projected', 74, 10);
    expect(await world.told(customerId)).toEqual(['raised Below 50 %']);
    await spendHours('projected', 4, 10);
    expect((await world.told(customerId)).slice(1)).toEqual(['raised projected']);
    const [, alert] = await world.storedAlerts(walletId);
    expect(Number(alert?.threshold?.toFixed())).toBeGreaterThan(Number(alert?.observed.toFixed()));
    await world.topUp(customerId, '1000');
    expect((await world.told(customerId)).slice(2).sort()).toEqual([
      'recovered Below 50 %',
      'recovered projected',
    ]);
  });

  test('two alerts of one wallet that are over by time are told once each', async () => {
    const { customerId, walletId } = await world.openFunded('twice', '1000');
    await world.createRule('twice burnt', { burnRate: BURN }, { walletId });
    await world.createRule('twice projected', { projectedEmptyHours: 8_760 }, { walletId });
    await spendHours('twice', 3, 10);
    await spend('twice', 100);
    expect(await world.active(walletId)).toEqual(['twice burnt', 'twice projected']);
    world.laboratory.clock.advance(72 * HOUR_MS);
    await Promise.all([0, 1].map((at) => world.processOf(at).alerts.coolDown()));
    expect((await world.told(customerId)).slice(2).sort()).toEqual([
      'recovered twice burnt',
      'recovered twice projected',
    ]);
  });

  test('a wallet that spends nothing is not projected at all', async () => {
    const { customerId, walletId } = await world.openFunded('idle', '1');
    await world.createRule('idle', { projectedEmptyHours: 8_760 }, { walletId });
    await world.topUp(customerId, '1');
    expect(await world.told(customerId)).toEqual([]);
  });
});
