import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockWords, day } from '../../clocks/clock-fixture.ts';
import { until } from '../../support/until.ts';
import { openRecharging, type Recharging } from './recharging.ts';

let shop: Recharging;

beforeAll(async () => {
  shop = await openRecharging({ worker: true });
});

afterAll(async () => {
  expect(await shop.brokenLaw()).toBeNull();
  await shop.stop();
});

test('caps and pauses go by the time of the customer, also on a test clock', async () => {
  const words = clockWords(shop.api.ask);
  const clock = await words.clock();
  await words.customer('ada', clock);
  const credit = { customer: { externalId: 'ada' }, asset: 'USD', amount: '10' };
  await shop.given('grantCredit', credit, 'wallet { id }');
  const more = { amount: '1', maxCount: 1, period: 'DAY' };
  await shop.rule('ada', await shop.card('ada', 'pays'), more);
  await shop.calls('ada', 2);
  await until('it is capped', async () => (await shop.stands('ada')).status === 'CAPPED');
  expect(await shop.stands('ada')).toMatchObject({ reason: 'COUNT', nextAt: day(1) });
  expect(await shop.recharges('ada')).toEqual(['SETTLED 1']);

  await words.advance(clock, new Date(Date.parse(day(1)) - 1).toISOString());
  expect(await shop.recharges('ada')).toEqual(['SETTLED 1']);

  await words.advance(clock, day(1));
  await until('it is credited', async () => (await shop.balance('ada', 'USD')) === '10');
  expect(await shop.recharges('ada')).toEqual(['SETTLED 1', 'SETTLED 1']);
  expect(await shop.stands('ada')).toMatchObject({ status: 'ARMED' });
});
