import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { holdsOf } from '../support/holds.ts';
import { type Bank, openBank, units } from '../support/money.ts';
import { settledLog } from '../support/settled-log.ts';

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

/** A new customer for each test, and with it the laws at its end. */
let who: string;
let count = 0;
beforeEach(async () => {
  count += 1;
  who = await bank.customer(`customer-${count}`);
  return async () => {
    const { laws } = await verifyLaws(db);
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
  };
});

describe('of several who are at it at once', () => {
  test('one captures, and the others find the hold closed', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '8' });
    const all = await Promise.all([1, 2, 3, 4].map((n) => holds.capture(hold.id, n)));
    const won = all.filter((one) => one.__typename === 'CaptureHoldPayload');
    expect(won).toHaveLength(1);
    const lost = all.filter((one) => one.__typename === 'HoldClosedError');
    expect(lost.map(({ status }) => status)).toEqual(['CAPTURED', 'CAPTURED', 'CAPTURED']);
    const { captured } = won[0].hold;
    expect(await holds.balance(who)).toEqual({
      settled: String(10 - Number(captured)),
      held: '0',
      available: String(10 - Number(captured)),
    });
  });

  test('a release and a capture end with one of them', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '8' });
    const [released, captured] = await Promise.all([
      holds.release(hold.id),
      holds.capture(hold.id, 1),
    ]);
    const names = [released.__typename, captured.__typename];
    expect(names.filter((name) => name === 'HoldClosedError')).toHaveLength(1);
    const { status } = released.hold ?? captured.hold;
    expect(status).toBe(released.hold ? 'RELEASED' : 'CAPTURED');
  });
});

describe('a hold that has expired', () => {
  test('sets nothing aside from then on, and is told when that is booked', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '8', ttlSeconds: 900 });
    bank.clock.advance(899_999);
    expect(await holds.balance(who)).toMatchObject({ held: '8' });
    bank.clock.advance(1);
    expect(await holds.balance(who)).toEqual({ settled: '10', held: '0', available: '10' });
    expect(await holds.extend(hold.id, { ttlSeconds: 60 })).toMatchObject({
      __typename: 'HoldClosedError',
      code: 'HOLD_EXPIRED',
      status: 'EXPIRED',
    });
    expect(await holds.release(hold.id)).toMatchObject({ code: 'HOLD_EXPIRED' });
    expect(await bank.api.services.ledger.expireHolds()).toBeGreaterThan(0);
    expect(await bank.api.services.ledger.expireHolds()).toBe(0);
    expect(await bank.look(who)).toMatchObject({ version: 3 });
    expect(await typesTold(who)).toEqual(['hold.placed', 'hold.expired']);
  });

  test('may be drawn by others before anybody has booked it, who book it then', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '8', ttlSeconds: 60 });
    bank.clock.advance(60_000);
    expect(await bank.use(who, 'use', units(9))).toMatchObject({ __typename: 'UsageRecorded' });
    expect(await holds.release(hold.id)).toMatchObject({ code: 'HOLD_EXPIRED' });
    expect(await typesTold(who)).toEqual(['hold.placed', 'hold.expired']);
  });

  test('is captured late, for what was really used, from what is there', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '8', ttlSeconds: 60 });
    const { hold: forgotten } = await holds.place(who, { amount: '1', ttlSeconds: 60 });
    bank.clock.advance(60_000);
    await bank.use(who, 'use', units(5));
    expect(await holds.capture(hold.id, 6)).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '5',
    });
    const late = await holds.capture(hold.id, 2, { final: false });
    expect(late).toMatchObject({ late: true, hold: { status: 'EXPIRED', captured: '2' } });
    expect(await holds.capture(hold.id, 1)).toMatchObject({
      late: true,
      hold: { status: 'CAPTURED', captured: '3' },
    });
    expect(await holds.capture(hold.id, 1)).toMatchObject({ code: 'HOLD_CLOSED' });
    expect(await bank.use(who, 'use', units(1, { holdId: forgotten.id }))).toMatchObject({
      __typename: 'UsageRecorded',
    });
    const { data } = await bank.api.ask(
      'query ($id: ID!) { node(id: $id) { ... on Hold { captures { edges { node { late amount capture } } } } } }',
      { id: hold.id },
    );
    expect(data.node.captures.edges.map(({ node }: { node: object }) => node)).toEqual([
      { late: true, amount: '1', capture: 2 },
      { late: true, amount: '2', capture: 1 },
    ]);
  });
});

describe('beside what is held', () => {
  test('a void takes what is free only', async () => {
    const { grant } = await bank.grant(who, '10');
    await holds.place(who, { amount: '8' });
    expect(await bank.void(grant.id, { amount: '3' })).toMatchObject({
      issues: [{ path: 'amount', code: 'OUT_OF_RANGE' }],
    });
    expect(await bank.void(grant.id)).toMatchObject({ amount: '2', grant: { remaining: '8' } });
    expect(await bank.void(grant.id)).toMatchObject({ code: 'CONFLICT' });
  });

  test('a grant that ends still pays its capture while the settlement window is open', async () => {
    await bank.grant(who, '5', { expiresAt: bank.inHours(1) });
    await bank.grant(who, '5');
    const { hold } = await holds.place(who, { amount: '4', ttlSeconds: 86_400 });
    const { hold: slow } = await holds.place(who, { amount: '1', ttlSeconds: 86_400 });
    bank.clock.advance(2 * 3_600_000);
    await bank.sweep();
    // Of the grant that is over nothing can be spent, and nothing of what can be spent is held.
    expect(await holds.balance(who)).toEqual({ settled: '5', held: '0', available: '5' });
    const captured = await holds.capture(hold.id, 4);
    expect(captured.balance).toMatchObject({ balance: { settled: '5' } });
    bank.clock.advance(6 * 3_600_000);
    await bank.sweep();
    expect(await bank.ledger(who)).toContain('EXPIRY 1 WALLET>BREAKAGE');
    expect(await holds.capture(slow.id, 1)).toMatchObject({
      balance: { balance: { settled: '4', held: '0', available: '4' } },
    });
  });

  test('a debt arises, and is repaid from what a hold lets go', async () => {
    await bank.customer(who);
    await bank.wallet(who, { onEmpty: 'OVERDRAFT', overdraftLimit: '5' });
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '12' });
    expect(await holds.balance(who)).toEqual({ settled: '10', held: '12', available: '3' });
    await bank.use(who, 'use', units(2));
    expect(await bank.use(who, 'use', units(2))).toMatchObject({ available: '1' });
    await holds.capture(hold.id, 3);
    expect(await bank.ledger(who)).toEqual([
      'GRANT 10 CASH>WALLET',
      'USAGE 2 WALLET>REVENUE',
      'USAGE 3 WALLET>REVENUE',
      'RELEASE 2 WALLET>RECEIVABLE',
      'RELEASE 2 RECEIVABLE>WALLET',
    ]);
    expect(await holds.balance(who)).toEqual({ settled: '5', held: '0', available: '10' });
  });

  test('a policy that is tightened takes back what holds had of the overdraft', async () => {
    const { wallet } = await bank.wallet(who, { onEmpty: 'OVERDRAFT', overdraftLimit: '5' });
    const { hold } = await holds.place(who, { amount: '5' });
    expect(await holds.balance(who)).toEqual({ settled: '0', held: '5', available: '0' });
    await bank.api.ask(
      'mutation ($id: ID!) { updateWallet(input: { wallet: $id, onEmpty: BLOCK }) { __typename } }',
      { id: wallet.id },
    );
    expect(await holds.capture(hold.id, 1)).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  });
});

/** The types of events about the customer's holds, oldest first. */
async function typesTold(externalId: string): Promise<string[]> {
  await settledLog(bank.api.databaseUrl);
  const { data } = await bank.api.ask(
    `query { events(last: 50) { edges { node { type at customer { externalId } } } } }`,
  );
  return data.events.edges
    .map(({ node }: { node: { type: string; customer: { externalId: string } | null } }) => node)
    .filter(({ type, customer }: { type: string; customer: { externalId: string } | null }) => {
      return customer?.externalId === externalId && type.startsWith('HOLD_');
    })
    .map(({ type }: { type: string }) => type.toLowerCase().replace('_', '.'));
}
