import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { eventOf, holdsOf } from '../support/holds.ts';
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

describe('a hold', () => {
  test('sets value aside, is captured, and gives back what was not used', async () => {
    await bank.grant(who, '10');
    const { hold, balance, created } = await holds.place(who, { amount: '6' });
    expect(created).toBe(true);
    expect(hold).toMatchObject({ status: 'OPEN', amount: '6', held: '6', captured: '0' });
    expect(balance).toEqual({
      version: 2,
      cause: 'HOLD',
      balance: { settled: '10', held: '6', available: '4' },
    });
    expect(await bank.use(who, 'use', units(5))).toMatchObject({
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
  });

  test('that is released gives all back, and is told so again', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '10' });
    expect(await holds.place(who, { amount: '1' })).toMatchObject({
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
      hold: { id: hold.id },
    });
    expect(await holds.balance(who)).toEqual({ settled: '10', held: '0', available: '10' });
  });

  test('of a quantity is rated now, and sets aside what a charge of its metric would draw', async () => {
    const { grant: general } = await bank.grant(who, '2');
    const { grant: scoped } = await bank.grant(who, '3', { scope: { metrics: ['units'] } });
    const placed = await holds.place(who, { metric: 'units', quantity: '4' });
    expect(placed.hold).toMatchObject({ amount: '4', held: '4' });
    // What is left is one dollar of the general grant, and it pays for others.
    expect(await bank.draws(who, 'use', units(1))).toEqual([['1', general.id]]);
    const { events } = await holds.capture(placed.hold.id, 4);
    expect(events[0].charges[0].draws).toEqual([
      { amount: '3', grant: { id: scoped.id } },
      { amount: '1', grant: { id: general.id } },
    ]);
  });

  test('is captured in parts until the last, or as often as it allows', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '6', maxCaptures: 3 });
    const first = await holds.capture(hold.id, [1, 2], { final: false });
    expect(first.hold).toMatchObject({ status: 'OPEN', held: '3', captured: '3', captureCount: 1 });
    expect(first.events).toHaveLength(2);
    const second = await bank.use(who, 'use', units(1, { holdId: hold.id }));
    expect(second).toMatchObject({ __typename: 'UsageRecorded', charges: [{ amount: '1' }] });
    expect(await holds.balance(who)).toEqual({ settled: '6', held: '2', available: '4' });
    const third = await holds.capture(hold.id, '0.5', { final: false });
    expect(third.hold).toMatchObject({ status: 'CAPTURED', held: '0', captureCount: 3 });
    expect(await holds.balance(who)).toEqual({ settled: '5.5', held: '0', available: '5.5' });
  });

  test('may be captured for more than it set aside, if that is covered; all events or none', async () => {
    await bank.grant(who, '10');
    const { hold: other } = await holds.place(who, { amount: '3' });
    const { hold } = await holds.place(who, { amount: '2' });
    expect(await holds.capture(hold.id, [6, 2])).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '1',
      required: '2',
    });
    expect(await holds.balance(who)).toEqual({ settled: '10', held: '5', available: '5' });
    const captured = await holds.capture(hold.id, [5, 2]);
    expect(captured.hold).toMatchObject({ status: 'CAPTURED', captured: '7' });
    expect(await holds.balance(who)).toEqual({ settled: '3', held: '3', available: '0' });
    expect(await holds.release(other.id)).toMatchObject({ hold: { status: 'RELEASED' } });
  });

  test('with a key is placed once, for ever', async () => {
    await bank.grant(who, '10');
    const input = { amount: '4', idempotencyKey: 'work-1', ttlSeconds: 60 };
    const { hold } = await holds.place(who, input);
    expect(await holds.place(who, input)).toMatchObject({ created: false, hold: { id: hold.id } });
    expect(await holds.place(who, { ...input, amount: '5' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      key: 'work-1',
      field: 'amount',
    });
    await holds.capture(hold.id, 1);
    bank.clock.advance(48 * 3_600_000);
    expect(await holds.place(who, input)).toMatchObject({
      created: false,
      hold: { id: hold.id, status: 'CAPTURED' },
    });
    // Calls at once meet at the key.
    const twin = { amount: '1', idempotencyKey: 'work-2' };
    const all = await Promise.all([0, 1, 2].map(() => holds.place(who, twin)));
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(all.map((one) => one.hold.id)).size).toBe(1);
  });

  test('is captured once for an event, and the event is of that hold', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '4' });
    const { hold: other } = await holds.place(who, { amount: '1' });
    const events = [eventOf(1, `${who}-a`), eventOf(1, `${who}-b`)];
    const input = { events, final: false };
    expect(await holds.capture(hold.id, 1, input)).toMatchObject({ duplicate: false });
    expect(await holds.capture(hold.id, 1, input)).toMatchObject({
      duplicate: true,
      events: [{ duplicate: true }, { duplicate: true }],
    });
    // Some of it again beside something more, and again as the one that closes it.
    const more = { events: [...events, eventOf(1, `${who}-c`)], final: false };
    expect(await holds.capture(hold.id, 1, more)).toMatchObject({
      events: [{ duplicate: true }, { duplicate: true }, { duplicate: false }],
      hold: { captured: '3', captureCount: 2 },
    });
    expect(await holds.capture(other.id, 1, { events: [events[0]] })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'holdId',
    });
    expect(await bank.use(who, 'use', { ...events[0] })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'holdId',
    });
    expect(await holds.capture(hold.id, 1, { ...more, final: true })).toMatchObject({
      duplicate: false,
      hold: { status: 'CAPTURED', captured: '3', captureCount: 2 },
    });
    expect(await holds.capture(hold.id, 1, { ...more, final: true })).toMatchObject({
      duplicate: true,
    });
  });

  test('is extended, in time and in what it sets aside, and never made less', async () => {
    await bank.grant(who, '10');
    const { hold } = await holds.place(who, { amount: '2', ttlSeconds: 60 });
    const longer = await holds.extend(hold.id, { ttlSeconds: 86_400, amount: '5' });
    expect(longer.hold).toMatchObject({ held: '5', amount: '5', expiresAt: bank.inHours(24) });
    expect(longer.balance).toMatchObject({ cause: 'HOLD', balance: { available: '5' } });
    const same = await holds.extend(hold.id, { ttlSeconds: 60, amount: '1' });
    expect(same.hold).toMatchObject({ held: '5', expiresAt: bank.inHours(24) });
    expect(same.balance).toMatchObject({ version: longer.balance.version });
    await holds.capture(hold.id, 4, { final: false });
    // What was used is filled up again: a lease in blocks.
    expect(await holds.extend(hold.id, { amount: '5' })).toMatchObject({
      hold: { held: '5', amount: '9', captured: '4' },
      balance: { balance: { settled: '6', held: '5', available: '1' } },
    });
    expect(await holds.extend(hold.id, { amount: '7' })).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      required: '2',
      available: '1',
    });
    expect(await holds.release(hold.id)).toMatchObject({ hold: { captured: '4' } });
  });
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
  await bank.api.services.sequencer.pass();
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
