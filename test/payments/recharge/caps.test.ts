import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/kit/clock.ts';
import { openRecharging, type Recharging } from './recharging.ts';

let shop: Recharging;

beforeAll(async () => {
  shop = await openRecharging();
});

afterAll(async () => {
  expect(await shop.brokenLaw()).toBeNull();
  await shop.stop();
});

test('a runaway customer is stopped by the count, told once, and goes on with the next period', async () => {
  await shop.funded('ada', '10');
  const method = await shop.card('ada', 'pays');
  await shop.rule('ada', method, { amount: '2', maxCount: 2, period: 'DAY' });
  await shop.calls('ada', 1);
  while ((await shop.charge()) > 0) await shop.calls('ada', 2);
  expect(await shop.recharges('ada')).toEqual(['SETTLED 2', 'SETTLED 2']);
  const midnight = '2026-05-05T00:00:00.000Z';
  expect(await shop.stands('ada')).toMatchObject({
    status: 'CAPPED',
    reason: 'COUNT',
    nextAt: midnight,
  });
  await shop.calls('ada', 3);
  shop.clock.set(new Date(new Date(midnight).getTime() - 1));
  await shop.lookAround();
  expect(await shop.told('ada')).toEqual([
    'started',
    'succeeded',
    'started',
    'succeeded',
    'capped COUNT RAISE_CAP',
  ]);
  shop.clock.set(new Date(midnight));
  await shop.lookAround();
  expect(await shop.recharges('ada')).toEqual(['SETTLED 2', 'SETTLED 2', 'PENDING 2']);
  await shop.charge();
  await shop.charge();
});

test('money has a cap of its own, which can be raised at once', async () => {
  await shop.funded('bob', '10');
  const method = await shop.card('bob', 'pays');
  await shop.rule('bob', method, { amount: '1', maxAmount: '1.5' });
  await shop.calls('bob', 2);
  await shop.charge();
  expect(await shop.stands('bob')).toMatchObject({ status: 'CAPPED', reason: 'AMOUNT' });
  expect(await shop.rule('bob', method, { amount: '1', maxAmount: '2' })).toMatchObject({
    status: 'IN_FLIGHT',
  });
  await shop.charge();
  expect(await shop.recharges('bob')).toEqual(['SETTLED 1', 'SETTLED 1']);
});

test('what was declined counts for no cap', async () => {
  await shop.funded('eve', '10');
  await shop.rule('eve', await shop.card('eve', 'declined'), { maxCount: 1 });
  await shop.calls('eve', 1);
  await shop.charge();
  expect(await shop.rule('eve', await shop.card('eve', 'pays'), { maxCount: 1 })).toMatchObject({
    status: 'IN_FLIGHT',
  });
  await shop.charge();
  expect(await shop.recharges('eve')).toEqual(['FAILED 20', 'SETTLED 20']);
});

test('after one was started the next waits for the cooldown, whatever is spent meanwhile', async () => {
  await shop.funded('tom', '10');
  await shop.rule('tom', await shop.card('tom', 'pays'), { amount: '1', cooldownSeconds: 120 });
  await shop.calls('tom', 2);
  shop.clock.advance(MINUTE_MS);
  await shop.charge();
  expect(await shop.stands('tom')).toMatchObject({ status: 'WAITING', reason: 'COOLDOWN' });
  await shop.lookAround();
  expect(await shop.charge()).toBe(0);
  shop.clock.advance(MINUTE_MS);
  await shop.lookAround();
  expect(await shop.charge()).toBe(1);
});

test('while a top-up is promised nothing is charged, and once it has failed it is', async () => {
  await shop.funded('kim', '10');
  const method = await shop.card('kim', 'pays');
  const { id } = await shop.asked('kim', { asset: 'USD', amount: '50' });
  await shop.db.prisma.payment.updateMany({
    where: { customer: { externalId: 'kim' } },
    data: { status: 'AUTHORIZED' },
  });
  await shop.rule('kim', method);
  await shop.calls('kim', 1);
  expect(await shop.stands('kim')).toMatchObject({ status: 'WAITING', reason: 'PROMISED' });
  await shop.given('cancelPayment', { payment: id }, 'payment { status }');
  expect(await shop.recharges('kim')).toEqual(['PENDING 20']);
  await shop.charge();
});

test('what one period has used is nothing to the next', async () => {
  await shop.funded('lea', '10');
  const more = { amount: '1', maxCount: 1, period: 'WEEK' };
  await shop.rule('lea', await shop.card('lea', 'pays'), more);
  await shop.calls('lea', 2);
  await shop.charge();
  expect(await shop.stands('lea')).toMatchObject({ nextAt: '2026-05-11T00:00:00.000Z' });
  shop.clock.advance(7 * DAY_MS);
  await shop.lookAround();
  expect(await shop.charge()).toBeGreaterThanOrEqual(1);
});

test('a rule that is deleted and made anew begins with what the one before has used, and waits for what is in flight', async () => {
  await shop.funded('mia', '10');
  const method = await shop.card('mia', 'pays');
  const { id: first } = await shop.rule('mia', method, { maxCount: 1 });
  await shop.calls('mia', 1);
  await shop.given('deleteAutoRechargeRule', { rule: first }, 'rule { id }');
  const { id: second, status } = await shop.rule('mia', method, { maxCount: 1 });
  expect(second).not.toBe(first);
  expect(status).toBe('IN_FLIGHT');
  await shop.charge();
  await shop.calls('mia', 25);
  expect(await shop.stands('mia')).toMatchObject({ status: 'CAPPED', reason: 'COUNT' });
  expect(await shop.recharges('mia')).toEqual(['SETTLED 20']);
});
