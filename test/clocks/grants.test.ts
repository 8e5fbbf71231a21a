import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';
import { type ClockWords, clockWords, day, START } from './clock-fixture.ts';

// Grants on a test clock: they come into force, expire and are booked to breakage when its time comes.

let api: TestApi;
let words: ClockWords;

beforeAll(async () => {
  api = await startApi({ worker: true });
  words = clockWords(api.ask);
  await words.openShop();
});
afterAll(() => api.stop());

test('grants come into force, expire and go to breakage at their instants, and not before', async () => {
  const clock = await words.clock();
  await words.customer('grants', clock);
  await words.grant('grants', '10', { expiresAt: day(10) });
  await words.grant('grants', '5', { effectiveAt: day(20), expiresAt: day(40) });
  expect((await words.wallet('grants')).balance).toEqual({
    settled: '10',
    available: '10',
    pending: '5',
  });
  await words.advance(clock, day(9));
  expect(await words.available('grants')).toBe('10');
  await words.advance(clock, day(10));
  expect(await words.available('grants')).toBe('0');
  await words.advance(clock, day(25));
  expect((await words.wallet('grants')).balance).toEqual({
    settled: '5',
    available: '5',
    pending: '0',
  });
  await words.advance(clock, day(365));
  expect(await words.ledger('grants')).toEqual([
    `${START} GRANT 10 CASH>WALLET`,
    `${START} GRANT 5 CASH>WALLET`,
    // Six hours behind the end, when the settlement window closes.
    `${day(10.25)} EXPIRY 10 WALLET>BREAKAGE`,
    `${day(40.25)} EXPIRY 5 WALLET>BREAKAGE`,
  ]);
});

test('a debt is repaid at the instant at which a grant comes into force', async () => {
  const clock = await words.clock();
  await words.customer('debtor', clock);
  await words.run(`mutation { openWallet(input: { customer: { externalId: "debtor" }, asset: "USD",
    onEmpty: OVERDRAFT, overdraftLimit: "100" }) { __typename } }`);
  await words.grant('debtor', '30', { effectiveAt: day(3) });
  expect(await words.use('debtor', 'spent', 20)).toMatchObject({ __typename: 'UsageRecorded' });
  await words.advance(clock, day(7));
  expect(await words.ledger('debtor')).toEqual([
    `${START} GRANT 30 CASH>WALLET`,
    `${START} USAGE 20 WALLET>REVENUE`,
    `${day(3)} REPAYMENT 20 WALLET>RECEIVABLE`,
    `${day(3)} REPAYMENT 20 RECEIVABLE>WALLET`,
  ]);
  expect(await words.available('debtor')).toBe('110');
});
