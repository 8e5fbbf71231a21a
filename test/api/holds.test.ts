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

  test('that is closed answers whatever comes behind it at once, also in the same commit', async () => {
    await bank.grant(who, '10');
    const { hold: once } = await holds.place(who, { amount: '6', maxCaptures: 1 });
    const event = (eventId: string) => ({
      ...eventOf(1, eventId),
      customer: { externalId: who },
      holdId: once.id,
    });
    const { data } = await bank.api.ask(
      `mutation ($events: [UsageEventInput!]!) { recordUsageBatch(input: { events: $events }) {
        ... on RecordUsageBatchPayload { outcomes { __typename } }
      } }`,
      { events: [event(`${who}-1`), event(`${who}-2`)] },
    );
    expect(data.recordUsageBatch.outcomes).toEqual([
      { __typename: 'UsageRecorded' },
      { __typename: 'HoldClosedError' },
    ]);
    const { hold: freed } = await holds.place(who, { amount: '2' });
    const { hold: caught } = await holds.place(who, { amount: '2' });
    // The first makes the others wait for the next commit, which they share.
    const [, ...answers] = await Promise.all([
      bank.use(who, 'use', units(1)),
      ...[1, 2, 3].map(() => holds.release(freed.id)),
      ...[1, 2].map((n) => holds.capture(caught.id, n)),
    ]);
    // Each came on a connection of its own: which of the captures was the first is not promised.
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'CaptureHoldPayload',
      'HoldClosedError',
      'ReleaseHoldPayload',
      'ReleaseHoldPayload',
      'ReleaseHoldPayload',
    ]);
    expect(await holds.balance(who)).toEqual({ settled: '7', held: '0', available: '7' });
  });

  test('keeps of the overdraft what its policy still allows', async () => {
    const { wallet } = await bank.wallet(who, { onEmpty: 'OVERDRAFT', overdraftLimit: '100' });
    await bank.grant(who, '10');
    await holds.place(who, { amount: '50' });
    expect(await holds.balance(who)).toEqual({ settled: '10', held: '50', available: '60' });
    await bank.run(
      `mutation ($input: UpdateWalletInput!) { result: updateWallet(input: $input) { __typename } }`,
      { wallet: wallet.id, onEmpty: 'BLOCK' },
    );
    expect(await holds.balance(who)).toEqual({ settled: '10', held: '10', available: '0' });
    await bank.grant(who, '60');
    expect(await holds.balance(who)).toEqual({ settled: '70', held: '10', available: '60' });
    expect(await bank.use(who, 'use', units(60))).toMatchObject({ __typename: 'UsageRecorded' });
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
