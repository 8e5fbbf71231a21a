import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ONE, ZERO } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { given, openCustomer } from './laboratory.ts';
import { isFirst, isRepeat, openTwoProcesses, type TwoProcesses, usage } from './two-processes.ts';

let world: TwoProcesses;
let processOf: TwoProcesses['processOf'];

beforeAll(async () => {
  world = await openTwoProcesses();
  processOf = world.processOf;
});
afterAll(async () => {
  await world?.laboratory.close();
});

describe('Two processes on one database', () => {
  it('record exactly 10 of 100 concurrent one-unit charges on a balance of 10', async () => {
    const { walletId } = await world.openFunded('ten', '10');
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        processOf(index).usage.record(world.viewer, usage('ten', `event ${index}`, 1)),
      ),
    );
    expect(outcomes.filter(isFirst)).toHaveLength(10);
    const refusals = outcomes.filter(isRefusal);
    expect(refusals).toHaveLength(90);
    for (const refusal of refusals) {
      const facts = { available: ZERO, required: ONE, shortfall: ONE };
      expect(refusal).toMatchObject({ refusal: 'InsufficientFunds', walletId, ...facts });
    }
    expect(await world.storedWallet(walletId)).toMatchObject({ balance: '0', debt: '0' });
    await world.expectLaws();
  });

  it('record an event once, however often and wherever it is sent at the same time', async () => {
    const { walletId } = await world.openFunded('once', '100');
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          processOf(index).usage.record(world.viewer, usage('once', `round ${round}`, 2)),
        ),
      );
      expect(outcomes.filter(isFirst)).toHaveLength(1);
      expect(outcomes.filter(isRepeat)).toHaveLength(19);
      const ids = outcomes.map((outcome) => (isRefusal(outcome) ? null : outcome.event.id));
      expect(new Set(ids).size).toBe(1);
    }
    expect(await world.storedWallet(walletId)).toMatchObject({ balance: '80' });
    await world.expectLaws();
  });

  it('record one of several contents raced under one event id, and refuse the others by field', async () => {
    const { walletId } = await world.openFunded('contents', '100');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        processOf(index).usage.record(world.viewer, usage('contents', 'raced', (index % 4) + 1)),
      ),
    );
    const [first, ...others] = outcomes.filter(isFirst);
    expect(others).toEqual([]);
    expect(outcomes.filter(isRepeat)).toHaveLength(4);
    const refusals = outcomes.filter(isRefusal);
    expect(refusals).toHaveLength(15);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ refusal: 'IdempotencyMismatch', field: 'properties' });
    }
    const spent = Number(first?.event.properties.units);
    expect(await world.storedWallet(walletId)).toMatchObject({ balance: String(100 - spent) });
    await world.expectLaws();
  });

  it('record an event that costs nothing once, though no wallet orders the race', async () => {
    await openCustomer(world.laboratory.services, world.viewer, 'free');
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        processOf(index).usage.record(world.viewer, usage('free', 'nothing', 0)),
      ),
    );
    expect(outcomes.filter(isFirst)).toHaveLength(1);
    expect(outcomes.filter(isRepeat)).toHaveLength(39);
    await world.expectLaws();
  });

  it('record many free events once, though two processes get them in opposite orders', async () => {
    await openCustomer(world.laboratory.services, world.viewer, 'opposite');
    const events = Array.from({ length: 300 }, (_, index) => usage('opposite', `free ${index}`, 0));
    for (let round = 0; round < 5; round += 1) {
      const named = events.map((event) => ({ ...event, eventId: `${round} ${event.eventId}` }));
      const answers = await Promise.all([
        processOf(0).usage.recordBatch(world.viewer, named),
        processOf(1).usage.recordBatch(world.viewer, [...named].reverse()),
      ]);
      const outcomes = answers.flatMap((answer) => given(answer).outcomes);
      expect(outcomes.filter(isFirst)).toHaveLength(300);
      expect(outcomes.filter(isRepeat)).toHaveLength(300);
    }
    // Who is ended by a deadlock has waited for a second, and then reports it at once.
    const count = {
      name: 'test.deadlocks',
      text: 'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    };
    expect(await world.laboratory.db.direct.query(count, [])).toEqual([{ deadlocks: 0 }]);
  });

  it('open one wallet for first grants that come together, and number all their changes', async () => {
    const customerId = await openCustomer(world.laboratory.services, world.viewer, 'opening');
    const target = { customerId, asset: world.credit, scopeMetrics: [] };
    const granted = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        processOf(index).ledger.grantCredit(world.viewer, target, { amount: '1' }),
      ),
    );
    const walletIds = new Set(granted.map((outcome) => given(outcome).walletId));
    expect(walletIds.size).toBe(1);
    const [walletId = ''] = walletIds;
    expect(await world.storedWallet(walletId)).toEqual({ balance: '12', debt: '0', version: 12 });
    await world.expectLaws();
  });

  it('book an adjustment once when its transaction id arrives many times together', async () => {
    const { customerId, walletId } = await world.openFunded('adjusted', '1');
    const input = { amount: '5', transactionId: 'pi_1', reason: 'EXTERNAL_TOPUP' } as const;
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        processOf(index).ledger.adjustBalance(
          world.viewer,
          { customerId, asset: world.credit },
          input,
        ),
      ),
    );
    expect(outcomes.map(given).filter((outcome) => outcome.created)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => given(outcome).adjustmentId)).size).toBe(1);
    expect(await world.storedWallet(walletId)).toMatchObject({ balance: '6' });
    await world.expectLaws();
  });

  describe('with a wallet in memory that the other one has changed', () => {
    async function openRemembered(name: string) {
      const opened = await world.openFunded(name, '10');
      const charge = (index: number, eventId: string, amount: number) =>
        processOf(index).usage.record(world.viewer, usage(name, eventId, amount));
      // Twice, so that the second charge was decided on from memory, and so will be the next.
      expect(isFirst(await charge(0, 'first', 1))).toBe(true);
      expect(isFirst(await charge(0, 'second', 1))).toBe(true);
      return { ...opened, charge };
    }

    it('spend nothing that is gone', async () => {
      const { walletId, charge } = await openRemembered('gone');
      expect(isFirst(await charge(1, 'elsewhere', 8))).toBe(true);
      const facts = { available: ZERO, required: ONE };
      expect(await charge(0, 'third', 1)).toMatchObject({ refusal: 'InsufficientFunds', ...facts });
      expect(await world.storedWallet(walletId)).toMatchObject({ balance: '0', debt: '0' });
      await world.expectLaws();
    });

    it('refuse nobody whose money has come', async () => {
      const { walletId, customerId, charge } = await openRemembered('come');
      expect(isFirst(await charge(0, 'third', 8))).toBe(true);
      const target = { customerId, asset: world.credit, scopeMetrics: [] };
      given(await processOf(1).ledger.grantCredit(world.viewer, target, { amount: '5' }));
      expect(isFirst(await charge(0, 'fourth', 5))).toBe(true);
      expect(await world.storedWallet(walletId)).toMatchObject({ balance: '0', debt: '0' });
      await world.expectLaws();
    });

    it('go by the policy that holds now', async () => {
      const { walletId, charge } = await openRemembered('policy');
      const wallet = toTypeId('wallet', walletId);
      const { ledger } = processOf(1);
      given(await ledger.updateWallet(world.viewer, { wallet, onEmpty: 'ARREARS' }));
      expect(isFirst(await charge(0, 'third', 20))).toBe(true);
      expect(await world.storedWallet(walletId)).toMatchObject({ balance: '-12', debt: '12' });
      given(await ledger.updateWallet(world.viewer, { wallet, onEmpty: 'BLOCK' }));
      expect(await charge(0, 'fourth', 1)).toMatchObject({ refusal: 'InsufficientFunds' });
      await world.expectLaws();
    });

    it('draw no grant that was voided', async () => {
      const { grantId, charge } = await openRemembered('voided');
      const grant = toTypeId('grant', grantId);
      given(await processOf(1).ledger.voidGrant(world.viewer, { grant }));
      expect(await charge(0, 'third', 1)).toMatchObject({ refusal: 'InsufficientFunds' });
      await world.expectLaws();
    });
  });
});
