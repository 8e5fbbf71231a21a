import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal } from '../../src/kit/refusal.ts';
import { given } from '../laws/laboratory.ts';
import { isFirst, isRepeat, usage } from '../laws/two-processes.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// The rules that every organization begins with: below 50, 20 and 5 percent of what was granted.

let world: AlertWorld;

beforeAll(async () => {
  world = await openAlertWorld();
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

const sorted = ['Below 20 %', 'Below 5 %', 'Below 50 %'];

test('a wallet that is granted credit has raised nothing', async () => {
  const { customerId, walletId } = await world.openFunded('fresh', '100');
  expect(await world.told(customerId)).toEqual([]);
  expect(await world.active(walletId)).toEqual([]);
});

test('each threshold is told when it is crossed, and a charge above it tells nothing', async () => {
  const { customerId, walletId } = await world.openFunded('steps', '100');
  for (const [at, amount] of [50, 1, 20, 9, 1, 14, 1, 4].entries()) {
    expect(isFirst(await world.charge('steps', `step ${at}`, amount))).toBe(true);
  }
  expect(await world.told(customerId)).toEqual([
    'raised Below 50 %',
    'raised Below 20 %',
    'raised Below 5 %',
  ]);
  expect(await world.active(walletId)).toEqual(sorted);
});

test('what is exactly at a threshold is not below it', async () => {
  const { customerId } = await world.openFunded('exact', '100');
  await world.charge('exact', 'half', 50);
  expect(await world.told(customerId)).toEqual([]);
  await world.charge('exact', 'a cent more', 0.01);
  expect(await world.told(customerId)).toEqual(['raised Below 50 %']);
});

test('of several that one charge crosses the most severe alone is told; all are active', async () => {
  const { customerId, walletId } = await world.openFunded('at once', '100');
  await world.charge('at once', 'all', 97);
  expect(await world.told(customerId)).toEqual(['raised Below 5 %']);
  expect(await world.active(walletId)).toEqual(sorted);
  const alerts = await world.storedAlerts(walletId);
  expect(alerts.map(({ told, observed }) => [told, observed.toFixed()]).sort()).toEqual([
    [false, '3'],
    [false, '3'],
    [true, '3'],
  ]);
});

test('a batch that crosses them one after the other crosses them at once: it is one change', async () => {
  const { customerId } = await world.openFunded('batch', '100');
  const events = Array.from({ length: 9 }, (_, at) => usage('batch', `event ${at}`, 10));
  const { recorded } = given(await world.processOf(0).usage.recordBatch(world.viewer, events));
  expect(recorded).toBe(9);
  expect(await world.told(customerId)).toEqual(['raised Below 20 %']);
});

test('32 charges at once through two processes raise one alert', async () => {
  for (let round = 0; round < 5; round += 1) {
    const name = `stampede ${round}`;
    const { customerId, walletId } = await world.openFunded(name, '60');
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, at) => world.charge(name, `event ${at}`, 1, at)),
    );
    expect(outcomes.filter(isFirst)).toHaveLength(32);
    expect(await world.told(customerId)).toEqual(['raised Below 50 %']);
    expect(await world.storedAlerts(walletId)).toHaveLength(1);
  }
});

test('duplicates, late events and events out of order never raise an alert again', async () => {
  const { customerId, walletId } = await world.openFunded('again', '100');
  const { clock } = world.laboratory;
  const at = (hoursAgo: number) => new Date(clock.now().getTime() - hoursAgo * 3_600_000);
  const send = (eventId: string, amount: number, hoursAgo: number, process = 0) => {
    const occurredAt = at(hoursAgo).toISOString();
    const event = { ...usage('again', eventId, amount), occurredAt };
    return world.processOf(process).usage.record(world.viewer, event);
  };
  expect(isFirst(await send('crosses', 51, 0))).toBe(true);
  // The same again in both processes, older ones, and one that occurred before the grant was made.
  for (const process of [0, 1, 0, 1])
    expect(isRepeat(await send('crosses', 51, 0, process))).toBe(true);
  for (const [index, hoursAgo] of [3, 1, 2, 48, 0].entries()) {
    expect(isFirst(await send(`late ${index}`, 1, hoursAgo, index))).toBe(true);
    expect(isRepeat(await send(`late ${index}`, 1, hoursAgo, index + 1))).toBe(true);
  }
  expect(await world.told(customerId)).toEqual(['raised Below 50 %']);
  expect(await world.storedAlerts(walletId)).toHaveLength(1);
});

test('a refused charge crosses nothing', async () => {
  const { customerId } = await world.openFunded('refused', '100');
  expect(isRefusal(await world.charge('refused', 'too much', 101))).toBe(true);
  expect(await world.told(customerId)).toEqual([]);
});

test('a top-up arms what was crossed again, and percents are of what there is then', async () => {
  const { customerId, walletId } = await world.openFunded('armed', '100');
  await world.charge('armed', 'down', 85);
  await world.topUp(customerId, '25');
  expect(await world.active(walletId)).toEqual([]);
  // Of 40 now: 20 is half.
  await world.charge('armed', 'to half', 20);
  expect(await world.told(customerId)).toEqual(['raised Below 20 %', 'recovered Below 20 %']);
  await world.charge('armed', 'below half', 1);
  expect((await world.told(customerId)).slice(2)).toEqual(['raised Below 50 %']);
});

test('a grant that is spent does not make the percentage jump', async () => {
  const { customerId } = await world.openFunded('two grants', '10');
  await world.topUp(customerId, '90', { priority: 90 });
  await world.charge('two grants', 'the first grant', 10);
  await world.charge('two grants', 'half of the second', 39);
  expect(await world.told(customerId)).toEqual([]);
  await world.charge('two grants', 'below half', 2);
  expect(await world.told(customerId)).toEqual(['raised Below 50 %']);
});

test('a grant counts for percents when it comes into force, and one that ends crosses by itself', async () => {
  const { customerId, walletId } = await world.openFunded('in time', '20');
  const { clock, services } = world.laboratory;
  const inHours = (hours: number) =>
    new Date(clock.now().getTime() + hours * 3_600_000).toISOString();
  await world.topUp(customerId, '80', { effectiveAt: inHours(1), expiresAt: inHours(3) });
  clock.advance(2 * 3_600_000);
  while ((await services.ledger.applyTransitions()) > 0);
  await world.charge('in time', 'after', 1);
  expect(await world.active(walletId)).toEqual([]);
  clock.advance(2 * 3_600_000);
  while ((await services.ledger.applyTransitions()) > 0);
  // 19 or 20 of 100 are left: the charge took from the grant that ends.
  expect(await world.told(customerId)).toEqual(['raised Below 50 %']);
});

test('a void and a negative adjustment cross like a charge', async () => {
  const { customerId } = await world.openFunded('taken', '100');
  const target = { customerId, asset: world.credit };
  const taken = { amount: '-60', transactionId: 'taken', reason: 'CORRECTION' } as const;
  const { services } = world.laboratory;
  given(await services.ledger.adjustBalance(world.viewer, target, taken));
  expect(await world.told(customerId)).toEqual(['raised Below 50 %']);
});

test('a charge that is decided again on another state raises what it crosses then, once', async () => {
  const { customerId, walletId } = await world.openFunded('moved', '100');
  // Both processes remember the wallet; each charge makes what the other remembers outdated.
  for (let at = 0; at < 20; at += 1) {
    expect(isFirst(await world.charge('moved', `event ${at}`, 5, at))).toBe(true);
  }
  expect(await world.told(customerId)).toEqual([
    'raised Below 50 %',
    'raised Below 20 %',
    'raised Below 5 %',
  ]);
  expect(await world.storedAlerts(walletId)).toHaveLength(3);
});
