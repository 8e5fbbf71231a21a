import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRecharging, type Recharging } from './recharging.ts';

let shop: Recharging;

beforeAll(async () => {
  shop = await openRecharging();
});

afterAll(async () => {
  expect(await shop.brokenLaw()).toBeNull();
  await shop.stop();
});

describe('a debit that crosses the threshold', () => {
  test('starts a recharge, which is credited once it is paid; then the rule waits for the next', async () => {
    const ada = await shop.funded('ada', '12');
    await shop.rule(ada, await shop.card(ada, 'pays'));
    await shop.calls(ada, 2);
    expect(await shop.recharges(ada)).toEqual([]);
    expect(await shop.stands(ada)).toMatchObject({ status: 'ARMED', reason: null });
    await shop.calls(ada, 1);
    expect(await shop.recharges(ada)).toEqual(['PENDING 20']);
    expect(await shop.stands(ada)).toMatchObject({ status: 'IN_FLIGHT' });
    await shop.calls(ada, 3);
    expect(await shop.recharges(ada)).toEqual(['PENDING 20']);
    expect(await shop.charge()).toBe(1);
    expect(await shop.balance(ada, 'USD')).toBe('26');
    expect(await shop.stands(ada)).toMatchObject({ status: 'ARMED' });
    await shop.calls(ada, 17);
    expect(await shop.recharges(ada)).toEqual(['SETTLED 20', 'PENDING 20']);
    await shop.charge();
    expect(await shop.told(ada)).toEqual(['started', 'succeeded', 'started', 'succeeded']);
  });

  test('a wallet without a rule is never recharged', async () => {
    const bob = await shop.funded('bob', '5');
    await shop.card(bob, 'pays');
    await shop.calls(bob, 5);
    expect(await shop.recharges(bob)).toEqual([]);
    expect(await shop.stands(bob)).toBeNull();
  });

  test('what a hold has set aside is not there to be spent', async () => {
    const eve = await shop.funded('eve', '12');
    await shop.rule(eve, await shop.card(eve, 'pays'));
    await shop.given(
      'placeHold',
      { customer: { externalId: eve }, asset: 'USD', amount: '3' },
      'hold { id }',
    );
    expect(await shop.recharges(eve)).toEqual(['PENDING 20']);
    await shop.charge();
  });

  test('a wallet is filled up to its target', async () => {
    const tom = await shop.funded('tom', '12');
    const more = { amount: null, target: '50' };
    await shop.rule(tom, await shop.card(tom, 'pays'), more);
    await shop.calls(tom, 3);
    expect(await shop.recharges(tom)).toEqual(['PENDING 41']);
    await shop.charge();
    expect(await shop.balance(tom, 'USD')).toBe('50');
  });

  test('credits are paid for in dollars at the rate for top-ups, and without a rate are not', async () => {
    const ron = await shop.funded('ron', '5', 'CREDIT');
    const method = await shop.card(ron, 'pays');
    const more = { currency: 'USD', threshold: '6', amount: null, target: '100' };
    await shop.rule(ron, method, more);
    expect(await shop.stands(ron)).toMatchObject({ status: 'WAITING', reason: 'NO_RATE' });
    expect(await shop.told(ron)).toEqual(['declined NO_RATE SET_RATE']);
    await shop.given(
      'createExchangeRate',
      { from: 'USD', to: 'CREDIT', topUpRate: '7' },
      '__typename',
    );
    await shop.rule(ron, method, more);
    expect(await shop.recharges(ron)).toEqual(['PENDING 13.58']);
    await shop.charge();
    expect(await shop.balance(ron, 'CREDIT')).toBe('100');
  });
});

describe('a rule that is made or changed', () => {
  test('is evaluated at once: below its threshold it recharges', async () => {
    const amy = await shop.funded('amy', '5');
    const method = await shop.card(amy, 'pays');
    expect(await shop.rule(amy, method, { enabled: false })).toMatchObject({ status: 'DISABLED' });
    await shop.calls(amy, 1);
    expect(await shop.recharges(amy)).toEqual([]);
    expect(await shop.rule(amy, method)).toMatchObject({ status: 'IN_FLIGHT' });
    await shop.charge();
    expect(await shop.rule(amy, method, { threshold: '24.01' })).toMatchObject({
      status: 'IN_FLIGHT',
    });
    expect(await shop.recharges(amy)).toEqual(['SETTLED 20', 'PENDING 20']);
    await shop.charge();
  });

  test('is heeded by the process that remembers the wallet as it was', async () => {
    const kim = await shop.funded('kim', '30');
    await shop.calls(kim, 2);
    await shop.rule(kim, await shop.card(kim, 'pays'), { threshold: '27.5' });
    await shop.calls(kim, 1);
    expect(await shop.stands(kim)).toMatchObject({ status: 'IN_FLIGHT' });
    await shop.charge();
  });

  test('that is deleted starts nothing more, and what it had started is credited', async () => {
    const lea = await shop.funded('lea', '12');
    const method = await shop.card(lea, 'pays');
    const { id } = await shop.rule(lea, method, { amount: '1' });
    await shop.calls(lea, 3);
    for (let time = 0; time < 2; time += 1) {
      await shop.given('deleteAutoRechargeRule', { rule: id }, 'rule { id }');
    }
    expect(await shop.stands(lea)).toBeNull();
    await shop.charge();
    expect(await shop.balance(lea, 'USD')).toBe('10');
    await shop.calls(lea, 2);
    expect(await shop.recharges(lea)).toEqual(['SETTLED 1']);
    await shop.rule(lea, method);
    expect(await shop.recharges(lea)).toEqual(['SETTLED 1', 'PENDING 20']);
    await shop.charge();
  });

  test.each([
    ['amount', { target: '50' }],
    ['amount', { amount: null }],
    ['target', { amount: null, target: '10' }],
    ['maxAmount', { maxAmount: '19.99' }],
    ['maxCount', { maxCount: 0 }],
    ['amount', { amount: '1.234' }],
    ['threshold', { threshold: '-1' }],
  ])('is refused for its %s: %j', async (path, more) => {
    const sue = 'sue';
    if (!(await shop.run('{ customer(ref: { externalId: "sue" }) { id } }')).customer) {
      await shop.funded(sue, '12');
    }
    const method = await shop.card(sue, 'pays');
    expect(await shop.refused(sue, method, more)).toMatchObject({ issues: [{ path }] });
    expect(await shop.refused(sue, 'paymethod_01h455vb4pex5vsknk084sn02q', {})).toMatchObject({
      __typename: 'NotFoundError',
    });
  });
});
