import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdWallets } from '../support/held-wallets.ts';
import { type Bank, HOUR_MS, openBank, units } from '../support/money.ts';

let bank: Bank;

beforeAll(async () => {
  bank = await openBank();
});
afterAll(() => bank.stop());

describe('grants', () => {
  test('are drawn by scope, priority, expiry and purpose, in that order', async () => {
    const who = await bank.customer('order');
    const give = async (input: object) => (await bank.grant(who, '1', input)).grant.id as string;
    await bank.metric({ code: 'elsewhere', eventType: 'elsewhere', aggregation: 'COUNT' });
    const paid = await give({});
    const foreign = await give({ scope: { metrics: ['elsewhere'] }, priority: 0 });
    const promotional = await give({ purpose: 'PROMOTIONAL' });
    const later = await give({ expiresAt: bank.inHours(3) });
    const sooner = await give({ expiresAt: bank.inHours(2) });
    const first = await give({ priority: 1 });
    const scoped = await give({ scope: { metrics: ['units'] }, priority: 100 });
    const drawn = await bank.draws(who, 'use', units(6));
    expect(drawn).toEqual([scoped, first, sooner, later, promotional, paid].map((id) => ['1', id]));
    const refused = await bank.use(who, 'use', units(1));
    expect(refused).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '0',
      required: '1',
      shortfall: '1',
    });
    expect((await bank.balance(who)).settled).toBe('1');
    expect(foreign).toMatch(/^grant_/);
  });

  test('count from their effective time to their expiry, whether or not the worker has run', async () => {
    const who = await bank.customer('in time');
    const { grant } = await bank.grant(who, '8', {
      effectiveAt: bank.inHours(1),
      expiresAt: bank.inHours(2),
    });
    expect(grant.inForce).toBe(false);
    expect(await bank.balance(who)).toEqual({ settled: '0', available: '0', pending: '8' });
    expect((await bank.use(who, 'use', units(1))).code).toBe('INSUFFICIENT_FUNDS');
    bank.clock.advance(3_600_000);
    expect(await bank.balance(who)).toEqual({ settled: '8', available: '8', pending: '0' });
    expect(await bank.draws(who, 'use', units(3))).toEqual([['3', grant.id]]);
    bank.clock.advance(3_600_000);
    const gone = { settled: '0', available: '0', pending: '0' };
    expect(await bank.balance(who)).toEqual(gone);
    expect((await bank.use(who, 'use', units(1))).code).toBe('INSUFFICIENT_FUNDS');
    await bank.sweep();
    expect(await bank.balance(who)).toEqual(gone);
  });

  test('pay for late usage of their time within the settlement window, and then go to breakage', async () => {
    const who = await bank.customer('late');
    const { grant } = await bank.grant(who, '8', { expiresAt: bank.inHours(1) });
    const inTime = bank.inHours(0.5);
    bank.clock.advance(4 * 3_600_000);
    await bank.sweep();
    expect(await bank.balance(who)).toMatchObject({ settled: '0' });
    expect(await bank.draws(who, 'use', units(2, { occurredAt: inTime }))).toEqual([
      ['2', grant.id],
    ]);
    expect((await bank.use(who, 'use', units(1))).code).toBe('INSUFFICIENT_FUNDS');
    // Seven hours after it began the window of six is over, before and after it is booked.
    bank.clock.advance(3 * 3_600_000);
    expect((await bank.use(who, 'use', units(1, { occurredAt: inTime }))).code).toBe(
      'INSUFFICIENT_FUNDS',
    );
    await bank.sweep();
    await bank.sweep();
    expect((await bank.use(who, 'use', units(1, { occurredAt: inTime }))).code).toBe(
      'INSUFFICIENT_FUNDS',
    );
    expect(await bank.ledger(who)).toEqual([
      'GRANT 8 CASH>WALLET',
      'USAGE 2 WALLET>REVENUE',
      'EXPIRY 6 WALLET>BREAKAGE',
    ]);
  });

  test('pay for usage from before they were made unless they say from when', async () => {
    const who = await bank.customer('before');
    const earlier = bank.inHours(-2);
    const { grant } = await bank.grant(who, '5');
    await bank.grant(who, '5', { effectiveAt: bank.inHours(-1), priority: 0 });
    expect(await bank.draws(who, 'use', units(4, { occurredAt: earlier }))).toEqual([
      ['4', grant.id],
    ]);
    expect((await bank.use(who, 'use', units(2, { occurredAt: earlier }))).available).toBe('1');
  });

  test('are voided in part, then whole, to where they came from', async () => {
    const who = await bank.customer('void');
    const { grant } = await bank.grant(who, '10', { purpose: 'BUNDLED' });
    await bank.use(who, 'use', units(3));
    expect(await bank.void(grant.id, { amount: '2' })).toMatchObject({
      amount: '2',
      grant: { remaining: '5' },
    });
    expect(await bank.void(grant.id, { amount: '5.5' })).toMatchObject({
      issues: [{ path: 'amount', code: 'OUT_OF_RANGE' }],
    });
    expect(await bank.void(grant.id)).toMatchObject({ amount: '5', grant: { remaining: '0' } });
    expect(await bank.void(grant.id)).toMatchObject({ __typename: 'ConflictError' });
    expect(await bank.ledger(who)).toEqual([
      'GRANT 10 PROMOTIONAL>WALLET',
      'USAGE 3 WALLET>REVENUE',
      'VOID 2 WALLET>PROMOTIONAL',
      'VOID 5 WALLET>PROMOTIONAL',
    ]);
  });
});

describe('when the money ends', () => {
  test('OVERDRAFT goes on to its limit, and a grant repays the debt first', async () => {
    const who = await bank.customer('overdraft');
    await bank.wallet(who, { onEmpty: 'OVERDRAFT', overdraftLimit: '5' });
    const { grant } = await bank.grant(who, '2');
    expect(await bank.draws(who, 'use', units(6))).toEqual([
      ['2', grant.id],
      ['4', null],
    ]);
    expect(await bank.balance(who)).toEqual({ settled: '-4', available: '1', pending: '0' });
    expect(await bank.use(who, 'use', units(1.5))).toMatchObject({
      available: '1',
      required: '1.5',
      shortfall: '0.5',
    });
    await bank.metric({ code: 'apart', eventType: 'apart', aggregation: 'COUNT' });
    await bank.grant(who, '1', { scope: { metrics: ['apart'] } });
    expect((await bank.grant(who, '10')).grant.remaining).toBe('6');
    expect(await bank.balance(who)).toEqual({ settled: '7', available: '12', pending: '0' });
    expect((await bank.ledger(who)).slice(-3)).toEqual([
      'GRANT 10 CASH>WALLET',
      'REPAYMENT 4 WALLET>RECEIVABLE',
      'REPAYMENT 4 RECEIVABLE>WALLET',
    ]);
  });

  test('a debt comes before new usage, also in the second before the worker has repaid it', async () => {
    const who = await bank.customer('debt first');
    const opened = await bank.wallet(who, { onEmpty: 'OVERDRAFT', overdraftLimit: '5' });
    await bank.use(who, 'use', units(5));
    await bank.grant(who, '10', { effectiveAt: bank.inHours(1) });
    await bank.run(
      'mutation ($input: UpdateWalletInput!) { result: updateWallet(input: $input) { __typename } }',
      { wallet: opened.wallet.id, onEmpty: 'BLOCK' },
    );
    bank.clock.advance(HOUR_MS);
    expect((await bank.balance(who)).available).toBe('5');
    expect(await bank.use(who, 'use', units(6))).toMatchObject({
      available: '5',
      required: '6',
      shortfall: '1',
    });
    expect(await bank.use(who, 'use', units(5))).toMatchObject({ __typename: 'UsageRecorded' });
    expect((await bank.balance(who)).available).toBe('0');
  });

  test('THROTTLE says so from the first charge that leaves a debt', async () => {
    const who = await bank.customer('throttle');
    await bank.wallet(who, { onEmpty: 'THROTTLE', overdraftLimit: '2' });
    await bank.grant(who, '1');
    expect(await bank.use(who, 'use', units(1))).toMatchObject({ throttled: false });
    expect(await bank.use(who, 'use', units(2))).toMatchObject({ throttled: true });
    expect(await bank.use(who, 'use', units('0.01'))).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '0',
    });
    await bank.grant(who, '3');
    expect(await bank.use(who, 'use', units(1))).toMatchObject({ throttled: false });
  });

  test('ARREARS goes on, and a grant that comes into force later repays it then', async () => {
    const who = await bank.customer('arrears');
    await bank.wallet(who, { onEmpty: 'ARREARS' });
    await bank.use(who, 'use', units(1000));
    await bank.grant(who, '400', { effectiveAt: bank.inHours(1) });
    expect(await bank.balance(who)).toEqual({
      settled: '-1000',
      available: '-1000',
      pending: '400',
    });
    bank.clock.advance(3_600_000);
    const after = { settled: '-600', available: '-600', pending: '0' };
    expect(await bank.balance(who)).toEqual(after);
    await bank.sweep();
    expect(await bank.balance(who)).toEqual(after);
    expect((await bank.ledger(who)).slice(-2)).toEqual([
      'REPAYMENT 400 WALLET>RECEIVABLE',
      'REPAYMENT 400 RECEIVABLE>WALLET',
    ]);
  });
});

test('what waited for a wallet is booked when it got it, so that times follow the sequence', async () => {
  const who = await bank.customer('patient');
  await bank.grant(who, '5');
  const held = await holdWallets(bank.api.databaseUrl);
  const granting = bank.grant(who, '1');
  await held.untilAwaited();
  bank.clock.advance(HOUR_MS);
  await held.release();
  expect((await granting).__typename).toBe('GrantCreditPayload');
  const { entries } = await bank.look(who, 'entries(first: 1) { edges { node { postedAt } } }');
  expect(entries.edges[0].node.postedAt).toBe(bank.inHours(0));
});

describe('adjustments', () => {
  test('add a grant or draw general grants, once for a transaction', async () => {
    const who = await bank.customer('adjusted');
    const top = { transactionId: 'pi_1', reason: 'EXTERNAL_TOPUP', metadata: { psp: 'stripe' } };
    const added = await bank.adjust(who, '25', top);
    expect(added).toMatchObject({
      created: true,
      adjustment: { amount: '25', transactionId: 'pi_1', grant: { id: expect.any(String) } },
    });
    expect(await bank.adjust(who, '25.0', top)).toEqual({ ...added, created: false });
    expect(await bank.adjust(who, '26', top)).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
      key: 'pi_1',
      field: 'amount',
    });
    await bank.grant(who, '100', { scope: { metrics: ['units'] } });
    expect(
      await bank.adjust(who, '-30', { transactionId: 'claw', reason: 'CLAWBACK' }),
    ).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '25',
      required: '30',
      shortfall: '5',
    });
    expect(
      await bank.adjust(who, '-10', { transactionId: 'claw', reason: 'CLAWBACK' }),
    ).toMatchObject({ created: true });
    expect(
      await bank.adjust(who, '5', { transactionId: 'gift', reason: 'GOODWILL' }),
    ).toMatchObject({ created: true });
    expect(await bank.balance(who)).toMatchObject({ settled: '120' });
    expect(await bank.ledger(who)).toEqual([
      'ADJUSTMENT 25 CASH>WALLET',
      'GRANT 100 CASH>WALLET',
      'ADJUSTMENT 10 WALLET>ADJUSTMENT',
      'ADJUSTMENT 5 ADJUSTMENT>WALLET',
    ]);
  });

  test('of one transaction that arrive 20 times at once are booked once', async () => {
    const who = await bank.customer('webhook');
    const send = () => bank.adjust(who, '25', { transactionId: 'pi_2' });
    const outcomes = await Promise.all(Array.from({ length: 20 }, send));
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(outcomes.map(({ adjustment }) => adjustment.id)).size).toBe(1);
    expect(await bank.balance(who)).toMatchObject({ settled: '25' });
  });
});
