import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bank, openBank, units } from '../support/money.ts';

let bank: Bank;

beforeAll(async () => {
  bank = await openBank();
});
afterAll(() => bank.stop());

describe('balanceAt', () => {
  test('answers for every instant what the balance was then', async () => {
    const who = await bank.customer('past');
    const at = async (instant: string) =>
      (await bank.look(who, `balanceAt(at: "${instant}") { settled available pending }`)).balanceAt;
    const before = bank.inHours(-1);
    await bank.grant(who, '10');
    await bank.grant(who, '4', { effectiveAt: bank.inHours(1), expiresAt: bank.inHours(3) });
    const instants: [string, object][] = [[before, { settled: '0', available: '0', pending: '0' }]];
    for (const [hours, spent] of [
      [0.5, 2],
      [1, 3],
      [1.5, 1],
      [2.5, 0],
    ] as const) {
      instants.push([bank.inHours(0), await bank.balance(who)]);
      bank.clock.advance(hours * 3_600_000);
      if (spent > 0) await bank.use(who, 'use', units(spent));
    }
    instants.push([bank.inHours(0), await bank.balance(who)]);
    bank.clock.advance(24 * 3_600_000);
    await bank.sweep();
    for (const [instant, balance] of instants) expect(await at(instant), instant).toEqual(balance);
  });

  test('answers for an instant ahead as of now', async () => {
    const who = await bank.customer('ahead');
    await bank.grant(who, '10', { expiresAt: bank.inHours(1) });
    await bank.grant(who, '5', { effectiveAt: bank.inHours(1) });
    const { balance, balanceAt } = await bank.look(
      who,
      `balanceAt(at: "${bank.inHours(48)}") { settled available pending }`,
    );
    expect(balanceAt).toEqual(balance);
    expect(balance).toEqual({ settled: '10', available: '10', pending: '5' });
  });
});

describe('an idempotency key', () => {
  test('gives the first outcome again, also when time has gone by', async () => {
    const who = await bank.customer('again');
    const input = { idempotencyKey: 'grant-1', expiresAt: bank.inHours(1) };
    const first = await bank.grant(who, '7', input);
    expect(first.__typename).toBe('GrantCreditPayload');
    expect(await bank.grant(who, '7', input)).toEqual(first);
    bank.clock.advance(2 * 3_600_000);
    expect(await bank.grant(who, '7', input)).toMatchObject({ grant: { id: first.grant.id } });
    expect((await bank.ledger(who)).length).toBe(1);
  });

  test('refuses other content naming what differs, and other operations', async () => {
    const who = await bank.customer('other');
    const key = { idempotencyKey: 'grant-2' };
    const { grant } = await bank.grant(who, '7', key);
    const mismatch = { code: 'IDEMPOTENCY_MISMATCH', key: 'grant-2' };
    expect(await bank.grant(who, '8', key)).toMatchObject({ ...mismatch, field: 'amount' });
    expect(await bank.grant(who, '7', { ...key, priority: 1 })).toMatchObject({
      ...mismatch,
      field: 'priority',
    });
    expect(await bank.void(grant.id, key)).toMatchObject({ ...mismatch, field: 'operation' });
    expect(await bank.balance(who)).toMatchObject({ settled: '7' });
  });

  test('is used by one of 20 calls that race', async () => {
    const who = await bank.customer('raced');
    const race = (call: () => Promise<object>) => Promise.all(Array.from({ length: 20 }, call));
    const granted = await race(() => bank.grant(who, '7', { idempotencyKey: 'raced-1' }));
    expect(new Set(granted.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    const id = (granted[0] as { grant: { id: string } }).grant.id;
    await race(() => bank.void(id, { amount: '1', idempotencyKey: 'raced-2' }));
    expect(await bank.balance(who)).toMatchObject({ settled: '6' });
    expect(await bank.ledger(who)).toEqual(['GRANT 7 CASH>WALLET', 'VOID 1 WALLET>CASH']);
  });

  test('is not used up by a refusal, and is forgotten after a day', async () => {
    const who = await bank.customer('later');
    const key = { idempotencyKey: 'grant-3' };
    expect(await bank.grant(who, '-1', key)).toMatchObject({ code: 'VALIDATION_FAILED' });
    const first = await bank.grant(who, '1', key);
    bank.clock.advance(25 * 3_600_000);
    const second = await bank.grant(who, '2', key);
    expect(second.grant.id).not.toBe(first.grant.id);
  });
});

describe('rating', () => {
  test('rounds once, half to even, to the scale of the asset', async () => {
    const who = await bank.customer('rounded');
    await bank.asset({ code: 'CENT', scale: 2 });
    await bank.metric({ code: 'halves', eventType: 'halves', aggregation: 'SUM', property: 'n' });
    await bank.price({ metric: 'halves', asset: 'CENT', unitAmount: '0.005' });
    await bank.grant(who, '10', { asset: 'CENT' });
    const amounts = [];
    for (const n of ['1', '2', '3', '5', '1.0001', '0.9999']) {
      amounts.push((await bank.use(who, 'halves', units(n))).charges[0].amount);
    }
    expect(amounts).toEqual(['0', '0.01', '0.02', '0.02', '0.01', '0']);
    expect((await bank.look(who)).balance.settled).toBe('9.94');
  });

  test('charges a package that was begun whole', async () => {
    const who = await bank.customer('packed');
    await bank.metric({ code: 'sms', eventType: 'sms', aggregation: 'SUM', property: 'n' });
    await bank.price({ metric: 'sms', unitAmount: '2.5', packageSize: '100' });
    await bank.grant(who, '100');
    const amounts = [];
    for (const n of [1, 100, '100.000000000001', 250]) {
      amounts.push((await bank.use(who, 'sms', units(n))).charges[0].amount);
    }
    expect(amounts).toEqual(['2.5', '2.5', '5', '7.5']);
  });

  test('applies the rate that was in force when the usage occurred', async () => {
    const who = await bank.customer('dated');
    await bank.metric({ code: 'dated', eventType: 'dated', aggregation: 'COUNT' });
    await bank.price({ metric: 'dated', unitAmount: '1' });
    await bank.price({ metric: 'dated', unitAmount: '3', effectiveFrom: bank.inHours(2) });
    await bank.price({ metric: 'dated', unitAmount: '2', effectiveFrom: bank.inHours(1) });
    await bank.grant(who, '100');
    const start = bank.clock.now();
    bank.clock.advance(3 * 3_600_000);
    const costAt = async (ms: number) => {
      const occurredAt = new Date(start.getTime() + ms).toISOString();
      return (await bank.use(who, 'dated', { occurredAt })).charges[0].amount;
    };
    const hour = 3_600_000;
    const costs = [];
    for (const ms of [0, hour - 1, hour, 2 * hour - 1, 2 * hour]) costs.push(await costAt(ms));
    expect(costs).toEqual(['1', '1', '2', '2', '3']);
  });

  test('applies the rate that names most of the event, and of equals the first in the alphabet', async () => {
    const who = await bank.customer('specific');
    await bank.metric({ code: 'tokens', eventType: 'tokens', aggregation: 'COUNT' });
    const rates: [string, object][] = [
      ['1', {}],
      ['2', { model: 'm' }],
      ['3', { region: 'eu' }],
      ['4', { model: 'm', region: 'eu', tier: 'gold' }],
      ['5', { model: '*', tier: 'gold' }],
    ];
    for (const [unitAmount, dimensions] of rates) {
      expect(await bank.price({ metric: 'tokens', unitAmount, dimensions })).toHaveProperty('rate');
    }
    await bank.grant(who, '100');
    const events = [
      { model: 'x' },
      { model: 'm' },
      { region: 'eu' },
      { model: 'm', region: 'eu' },
      { model: 'm', region: 'eu', tier: 'gold' },
      { model: 'x', region: 'us', tier: 'gold' },
      { region: 'eu', tier: 'gold' },
    ];
    const amounts = [];
    for (const properties of events) {
      amounts.push((await bank.use(who, 'tokens', { properties })).charges[0].amount);
    }
    expect(amounts).toEqual(['1', '2', '3', '2', '4', '5', '3']);
  });
});
