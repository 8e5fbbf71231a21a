import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Asked, type Desk, openDesk } from './desk.ts';

let desk: Desk;
let count = 0;

/** A customer of a test of its own. */
async function someone(): Promise<string> {
  count += 1;
  return desk.till.customer(`refunded${count}`);
}

/** Asks again while there was no connection to begin with: nothing was done then. */
async function insistOnRefund(payment: Asked): ReturnType<Desk['refund']> {
  try {
    return await desk.refund(payment, { amount: '0.7' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'P2028') throw error;
    return insistOnRefund(payment);
  }
}

beforeAll(async () => {
  desk = await openDesk();
  await desk.till.given(
    'saveCreditPack',
    {
      code: 'big',
      asset: 'CREDIT',
      amount: '1000',
      priceAsset: 'USD',
      price: '10',
      bonuses: [{ quantity: 1, percent: '20' }],
    },
    'pack { id }',
  );
});
beforeEach(async () => {
  await desk.policy('NEGATIVE_BALANCE');
});
afterAll(async () => {
  await desk?.stop();
});

describe('A refund', () => {
  it('of all takes all of the credit back, once', async () => {
    const ada = await someone();
    const payment = await desk.pays(ada, '25');
    const input = { idempotencyKey: 'all of 25' };
    await desk.refund(payment, input);
    await desk.refund(payment, input);
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual(['refund 25 SUCCEEDED took 25 short 0']);
    expect(await desk.refunded(payment)).toBe('25');
    expect(await desk.till.balance(ada, 'USD')).toBe('0');
    expect(await desk.till.ledger(ada, 'USD')).toEqual([
      'TOP_UP 25 CASH>WALLET',
      'REFUND 25 WALLET>REFUND',
    ]);
    expect(desk.standIn.refundsOf(payment.ref)).toBe(1);
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('of a part takes credit in proportion, and the last part what is left', async () => {
    const bob = await someone();
    const payment = await desk.pays(bob, '10', { pack: 'big', amount: undefined });
    expect(await desk.till.balance(bob, 'CREDIT')).toBe('1200');
    await desk.refund(payment, { amount: '3.33' });
    expect(await desk.till.balance(bob, 'CREDIT')).toBe('800');
    await desk.refund(payment, { amount: '3.33' });
    await desk.refund(payment);
    expect(await desk.till.balance(bob, 'CREDIT')).toBe('0');
    expect(await desk.refunded(payment)).toBe('10');
    expect(await desk.refund(payment)).toMatchObject({ refusal: 'Conflict' });
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('of what was spent is owed by the wallet, whatever its policy allows', async () => {
    const cy = await someone();
    const payment = await desk.pays(cy, '10');
    await desk.spend(cy, 'USD', '7');
    await desk.refund(payment);
    expect(await desk.returns(payment)).toEqual(['refund 10 SUCCEEDED took 3 short 7']);
    expect(await desk.till.balance(cy, 'USD')).toBe('-7');
    expect(await desk.till.brokenLaw()).toBeNull();
    await desk.pays(cy, '20');
    expect(await desk.till.balance(cy, 'USD')).toBe('13');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('of what was spent is paid at once by other credit that is there', async () => {
    const dee = await someone();
    const first = await desk.pays(dee, '10');
    await desk.spend(dee, 'USD', '8');
    await desk.pays(dee, '20');
    await desk.refund(first);
    expect(await desk.till.balance(dee, 'USD')).toBe('12');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('of what was spent is written off where the organization says so', async () => {
    const eve = await someone();
    await desk.policy('WRITE_OFF');
    const payment = await desk.pays(eve, '10');
    await desk.spend(eve, 'USD', '7');
    await desk.refund(payment);
    expect(await desk.returns(payment)).toEqual(['refund 10 SUCCEEDED took 3 short 7']);
    expect(await desk.till.balance(eve, 'USD')).toBe('0');
    expect((await desk.till.ledger(eve, 'USD')).slice(2)).toEqual([
      'REFUND 3 WALLET>REFUND',
      'REFUND 7 WALLET>REFUND',
      'REFUND 7 ADJUSTMENT>WALLET',
    ]);
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('takes the bonus too, also where it was spent', async () => {
    const fay = await someone();
    const payment = await desk.pays(fay, '10', { pack: 'big', amount: undefined });
    await desk.spend(fay, 'CREDIT', '300');
    await desk.refund(payment);
    expect(await desk.returns(payment)).toEqual(['refund 10 SUCCEEDED took 900 short 300']);
    expect(await desk.till.balance(fay, 'CREDIT')).toBe('-300');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('leaves what holds have set aside', async () => {
    const gil = await someone();
    const payment = await desk.pays(gil, '10');
    await desk.till.given(
      'placeHold',
      { customer: { externalId: gil }, asset: 'USD', amount: '4' },
      'hold { id }',
    );
    await desk.refund(payment);
    expect(await desk.returns(payment)).toEqual(['refund 10 SUCCEEDED took 6 short 4']);
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('owes nothing for credit that was voided', async () => {
    const hal = await someone();
    const payment = await desk.pays(hal, '10');
    const credits = 'credits(first: 1) { edges { node { grant { id } } } }';
    const { credits: made } = await desk.till.payment(payment.id, credits);
    const grant = made.edges[0].node.grant.id;
    await desk.till.given('voidGrant', { grant, amount: '4' }, 'grant { id }');
    await desk.spend(hal, 'USD', '1');
    await desk.refund(payment, { amount: '5' });
    await desk.refund(payment);
    expect(await desk.returns(payment)).toEqual([
      'refund 5 SUCCEEDED took 5 short 0',
      'refund 5 SUCCEEDED took 0 short 1',
    ]);
    expect(await desk.till.balance(hal, 'USD')).toBe('-1');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('before it was known to be paid comes to nothing', async () => {
    const ida = await someone();
    const payment = await desk.asks(ida, { asset: 'USD', amount: '10' });
    desk.standIn.refund(payment.ref, 'early', '10', 'SUCCEEDED');
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual([]);
    desk.standIn.pay(payment.ref, '10');
    await desk.look(payment);
    expect(await desk.till.ledger(ida, 'USD')).toEqual([
      'TOP_UP 10 CASH>WALLET',
      'REFUND 10 WALLET>REFUND',
    ]);
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that was made at the provider is found, and booked once', async () => {
    const jo = await someone();
    const payment = await desk.pays(jo, '10');
    desk.standIn.refund(payment.ref, 'by hand', '4', 'SUCCEEDED');
    await Promise.all(Array.from({ length: 8 }, () => desk.look(payment)));
    expect(await desk.returns(payment)).toEqual(['refund 4 SUCCEEDED took 4 short 0']);
    expect(await desk.till.balance(jo, 'USD')).toBe('6');
    expect(await desk.refund(payment, { amount: '7' })).toMatchObject({ refusal: 'Invalid' });
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('of more than was paid, made at the provider, is noted for people', async () => {
    const kim = await someone();
    const payment = await desk.pays(kim, '10');
    desk.standIn.refund(payment.ref, 'once', '10', 'SUCCEEDED');
    desk.standIn.refund(payment.ref, 'twice', '2', 'SUCCEEDED');
    await desk.look(payment);
    expect(await desk.till.balance(kim, 'USD')).toBe('0');
    expect(await desk.refunded(payment)).toBe('10');
    expect(await desk.till.mismatches()).toContain('REFUNDS | at most 10 USD | 12 USD');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('asked for fifty times at once never gives back more than was paid', async () => {
    const lee = await someone();
    const payment = await desk.pays(lee, '10');
    const asked = Array.from({ length: 50 }, () => insistOnRefund(payment));
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((one) => 'refundId' in one)).toHaveLength(14);
    expect(await desk.refunded(payment)).toBe('9.8');
    expect(await desk.till.balance(lee, 'USD')).toBe('0.2');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('at the same time as usage leaves books that add up', async () => {
    const mo = await someone();
    const payment = await desk.pays(mo, '50');
    const spends = Array.from({ length: 20 }, (_, index) =>
      desk.till.mutate(
        'adjustBalance',
        {
          ...{ customer: { externalId: mo }, asset: 'USD', amount: '-2', reason: 'CORRECTION' },
          transactionId: `${mo}/${index}`,
        },
        'adjustment { id }',
      ),
    );
    const refunds = Array.from({ length: 5 }, () => desk.refund(payment, { amount: '10' }));
    const [spent] = await Promise.all([Promise.all(spends), Promise.all(refunds)]);
    const paid = spent.filter((one: { __typename: string }) => one.__typename.endsWith('Payload'));
    expect(await desk.till.balance(mo, 'USD')).toBe(
      String(paid.length === 0 ? 0 : -2 * paid.length),
    );
    expect(await desk.till.brokenLaw()).toBeNull();
  });
});

describe('A provider that fails', () => {
  it('is asked again later, and gives the money back once', async () => {
    const ned = await someone();
    const payment = await desk.pays(ned, '10');
    desk.standIn.fail('BEFORE', 'AFTER');
    await desk.refund(payment);
    expect(await desk.returns(payment)).toEqual(['refund 10 PENDING took 10 short 0']);
    expect(await desk.till.balance(ned, 'USD')).toBe('0');
    await desk.look(payment);
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual(['refund 10 SUCCEEDED took 10 short 0']);
    expect(desk.standIn.refundsOf(payment.ref)).toBe(1);
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('and refuses for good has the credit given again', async () => {
    const ora = await someone();
    const payment = await desk.pays(ora, '10');
    await desk.spend(ora, 'USD', '4');
    desk.standIn.fail('REFUSED');
    expect(await desk.refund(payment)).toMatchObject({
      refusal: 'ProviderRefused',
      reason: 'CLOSED',
    });
    expect(await desk.returns(payment)).toEqual(['refund 10 FAILED took 0 short 0']);
    expect(await desk.till.balance(ora, 'USD')).toBe('6');
    expect(await desk.refunded(payment)).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
    await desk.refund(payment);
    expect(await desk.refunded(payment)).toBe('10');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('and says later that the money did not go has the credit given again, and what was written off', async () => {
    const pam = await someone();
    await desk.policy('WRITE_OFF');
    const payment = await desk.pays(pam, '10');
    await desk.spend(pam, 'USD', '4');
    await desk.refund(payment);
    desk.standIn.settleRefunds(payment.ref, 'FAILED');
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual(['refund 10 FAILED took 0 short 0']);
    expect(await desk.till.balance(pam, 'USD')).toBe('6');
    expect(await desk.refunded(payment)).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
  });
});
