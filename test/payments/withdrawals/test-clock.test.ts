import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockWords, day } from '../../clocks/clock-fixture.ts';
import { openTill, type Till } from '../till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill({ worker: true });
  await till.provider('wire', { manual: {} });
});

afterAll(async () => {
  expect(await till.brokenLaw()).toBeNull();
  await till.stop();
});

async function walletOf(externalId: string): Promise<string> {
  const { customer } = await till.run(
    'query ($ref: CustomerRef!) { customer(ref: $ref) { wallets { id } } }',
    { ref: { externalId } },
  );
  return customer.wallets[0].id;
}

async function request(externalId: string, amount: string) {
  const input = { wallet: await walletOf(externalId), amount };
  return till.given('requestWithdrawal', input, 'confirmationCode withdrawal { id confirmBy }');
}

const read = async (id: string) =>
  (
    await till.run(
      `query ($id: ID!) { withdrawal(id: $id) { status paid confirmBy confirmedAt releasesAt closedAt createdAt
        refunds { edges { node { status } } } customer { externalId } wallet { id } } }`,
      { id },
    )
  ).withdrawal;

test('a code and a hold period go by the time of the customer, also on a test clock', async () => {
  const words = clockWords(till.api.ask);
  const clock = await words.clock();
  await words.customer('ada', clock);
  const { id: payment } = await till.asked('ada', { asset: 'USD', amount: '10' });
  await till.confirm(payment, 'bank');
  const forgotten = await request('ada', '3');
  const { confirmationCode: code, withdrawal } = await request('ada', '4');
  const quarter = new Date(Date.parse(day(0)) + 15 * 60_000).toISOString();
  expect(withdrawal.confirmBy).toBe(quarter);
  await till.given('confirmWithdrawal', { withdrawal: withdrawal.id, code }, 'withdrawal { id }');
  expect(await read(withdrawal.id)).toMatchObject({
    ...{ status: 'HELD', createdAt: day(0), confirmedAt: day(0), releasesAt: day(1) },
    customer: { externalId: 'ada' },
  });
  expect(await till.balance('ada', 'USD')).toBe('3');

  await words.advance(clock, quarter);
  expect(await read(forgotten.withdrawal.id)).toMatchObject({
    status: 'EXPIRED',
    closedAt: quarter,
  });
  expect(await till.balance('ada', 'USD')).toBe('6');

  await words.advance(clock, new Date(Date.parse(day(1)) - 1).toISOString());
  expect((await read(withdrawal.id)).status).toBe('HELD');

  await words.advance(clock, day(1));
  expect(await read(withdrawal.id)).toMatchObject({
    ...{ status: 'PAID', paid: '4', closedAt: day(1) },
    refunds: { edges: [{ node: { status: 'SUCCEEDED' } }] },
  });
  expect((await till.payment(payment)).refunded).toBe('4');
});
