import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { holdsOf } from '../support/holds.ts';
import { type Bank, openBank, units } from '../support/money.ts';

let bank: Bank;
let holds: ReturnType<typeof holdsOf>;
let db: Db;

beforeAll(async () => {
  bank = await openBank();
  holds = holdsOf(bank);
  db = createDb({ url: bank.api.databaseUrl, poolSize: 1, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await bank.stop();
});

async function expectLaws() {
  const { laws } = await verifyLaws(db);
  expect(laws.filter(({ ok }) => !ok)).toEqual([]);
}

async function withCredit(name: string, amount = '10') {
  await bank.customer(name);
  await bank.grant(name, amount);
  return name;
}

describe('a hold', () => {
  test('sets value aside, is captured, and gives back what was not used', async () => {
    const ada = await withCredit('ada');
    const { hold, balance, created } = await holds.place(ada, { amount: '6' });
    expect(created).toBe(true);
    expect(hold).toMatchObject({ status: 'OPEN', amount: '6', held: '6', captured: '0' });
    expect(balance).toEqual({
      version: 2,
      cause: 'HOLD',
      balance: { settled: '10', held: '6', available: '4' },
    });
    expect(await bank.use(ada, 'use', units(5))).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '4',
      required: '5',
    });
    const captured = await holds.capture(hold.id, '2.5');
    expect(captured).toMatchObject({ duplicate: false, late: false });
    expect(captured.hold).toMatchObject({ status: 'CAPTURED', held: '0', captured: '2.5' });
    expect(captured.balance).toMatchObject({
      cause: 'USAGE',
      balance: { settled: '7.5', held: '0', available: '7.5' },
    });
    await expectLaws();
  });

  test('that is released gives all back, and is told so again', async () => {
    const bob = await withCredit('bob');
    const { hold } = await holds.place(bob, { amount: '10' });
    expect(await holds.place(bob, { amount: '1' })).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '0',
    });
    const released = await holds.release(hold.id);
    expect(released.hold).toMatchObject({ status: 'RELEASED', held: '0' });
    expect(released.balance).toMatchObject({ cause: 'RELEASE', balance: { available: '10' } });
    expect(await holds.release(hold.id)).toMatchObject({ hold: { status: 'RELEASED' } });
    expect(await holds.capture(hold.id, 1)).toMatchObject({
      __typename: 'HoldClosedError',
      code: 'HOLD_CLOSED',
      status: 'RELEASED',
    });
    expect(await holds.balance(bob)).toEqual({ settled: '10', held: '0', available: '10' });
    await expectLaws();
  });
});
