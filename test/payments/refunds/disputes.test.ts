import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Asked, type Desk, openDesk } from './desk.ts';

let desk: Desk;
let count = 0;

/** A customer of a test of its own. */
async function someone(): Promise<string> {
  count += 1;
  return desk.till.customer(`disputing${count}`);
}

async function dispute(
  payment: Asked,
  amount: string,
  status: 'OPEN' | 'WON' | 'LOST',
  id = 'dp',
): Promise<void> {
  desk.standIn.dispute(payment.ref, id, amount, status);
  await desk.look(payment);
}

beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(async () => {
  await desk.policy('NEGATIVE_BALANCE');
});
afterAll(async () => {
  await desk?.stop();
});

describe('A dispute', () => {
  it('keeps back what is left while it is open, and gives it again once it is won', async () => {
    const ada = await someone();
    const payment = await desk.pays(ada, '10');
    await desk.spend(ada, 'USD', '4');
    await dispute(payment, '10', 'OPEN');
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual(['dispute 10 OPEN took 6 short 0']);
    expect(await desk.till.balance(ada, 'USD')).toBe('0');
    expect(await desk.till.payment(payment.id)).toMatchObject({ status: 'SETTLED', refunded: '0' });
    expect(await desk.refund(payment)).toMatchObject({ refusal: 'Conflict' });
    expect(await desk.till.brokenLaw()).toBeNull();

    await dispute(payment, '10', 'WON');
    expect(await desk.returns(payment)).toEqual(['dispute 10 WON took 0 short 0']);
    expect(await desk.till.balance(ada, 'USD')).toBe('6');
    expect(await desk.till.brokenLaw()).toBeNull();
    await desk.refund(payment, { amount: '3' });
    expect(await desk.till.balance(ada, 'USD')).toBe('3');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that is lost takes it, and what was spent is owed', async () => {
    const bob = await someone();
    const payment = await desk.pays(bob, '10');
    await desk.spend(bob, 'USD', '4');
    await dispute(payment, '10', 'OPEN');
    await dispute(payment, '10', 'LOST');
    expect(await desk.returns(payment)).toEqual(['dispute 10 LOST took 6 short 4']);
    expect(await desk.till.balance(bob, 'USD')).toBe('-4');
    expect(await desk.till.ledger(bob, 'USD')).toEqual([
      'TOP_UP 10 CASH>WALLET',
      'ADJUSTMENT 4 WALLET>ADJUSTMENT',
      'DISPUTE 6 WALLET>REFUND',
      'DISPUTE 4 WALLET>REFUND',
    ]);
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that is lost is written off, as far as it was spent, where the organization says so', async () => {
    const cy = await someone();
    const payment = await desk.pays(cy, '10');
    await desk.spend(cy, 'USD', '4');
    await desk.policy('WRITE_OFF');
    await dispute(payment, '10', 'LOST');
    expect(await desk.returns(payment)).toEqual(['dispute 10 LOST took 6 short 4']);
    expect(await desk.till.balance(cy, 'USD')).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that is lost takes also what a hold has let go meanwhile', async () => {
    const dee = await someone();
    const payment = await desk.pays(dee, '10');
    const customer = { externalId: dee };
    const { hold } = await desk.till.given(
      'placeHold',
      { customer, asset: 'USD', amount: '8' },
      'hold { id }',
    );
    await dispute(payment, '10', 'OPEN');
    expect(await desk.returns(payment)).toEqual(['dispute 10 OPEN took 2 short 0']);
    await desk.till.given('releaseHold', { hold: hold.id }, 'hold { id }');
    expect(await desk.till.balance(dee, 'USD')).toBe('8');
    await dispute(payment, '10', 'LOST');
    expect(await desk.returns(payment)).toEqual(['dispute 10 LOST took 10 short 0']);
    expect(await desk.till.balance(dee, 'USD')).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('of a part keeps back in proportion, and the rest can be refunded', async () => {
    const eve = await someone();
    const payment = await desk.pays(eve, '10');
    await dispute(payment, '4', 'OPEN');
    expect(await desk.till.balance(eve, 'USD')).toBe('6');
    await desk.refund(payment);
    expect(await desk.till.balance(eve, 'USD')).toBe('0');
    await dispute(payment, '4', 'WON');
    expect(await desk.till.balance(eve, 'USD')).toBe('4');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('of what was refunded at the provider meanwhile gives nothing again when it is won', async () => {
    const fay = await someone();
    const payment = await desk.pays(fay, '10');
    await dispute(payment, '10', 'OPEN');
    desk.standIn.refund(payment.ref, 'by hand', '10', 'SUCCEEDED');
    await desk.look(payment);
    expect(await desk.till.balance(fay, 'USD')).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
    await dispute(payment, '10', 'WON');
    expect(await desk.returns(payment)).toEqual([
      'refund 10 SUCCEEDED took 10 short 0',
      'dispute 10 WON took 0 short 0',
    ]);
    expect(await desk.till.balance(fay, 'USD')).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('is told of when it is opened and closed, and books nothing a second time', async () => {
    const gil = await someone();
    const payment = await desk.pays(gil, '10');
    for (const status of ['OPEN', 'OPEN', 'LOST', 'LOST'] as const) {
      await dispute(payment, '10', status);
    }
    await dispute(payment, '10', 'WON');
    expect(await desk.told(gil)).toEqual([
      'PAYMENT_CREATED',
      'PAYMENT_SETTLED',
      'PAYMENT_DISPUTED',
      'PAYMENT_DISPUTE_CLOSED',
    ]);
    expect(await desk.returns(payment)).toEqual(['dispute 10 LOST took 10 short 0']);
    expect(await desk.till.brokenLaw()).toBeNull();
  });
});

describe('Disputes beside others', () => {
  it('that are lost have no more than their own, also when a refund of what was left fails', async () => {
    const hal = await someone();
    const payment = await desk.asks(hal, { asset: 'USD', amount: '20' });
    desk.standIn.pay(payment.ref, '10');
    await dispute(payment, '15', 'LOST');
    desk.standIn.refund(payment.ref, 'by hand', '5', 'SUCCEEDED');
    await desk.look(payment);
    desk.standIn.pay(payment.ref, '20');
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual([
      'refund 5 SUCCEEDED took 5 short 0',
      'dispute 15 LOST took 15 short 0',
    ]);
    desk.standIn.settleRefunds(payment.ref, 'FAILED');
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual([
      'refund 5 FAILED took 0 short 0',
      'dispute 15 LOST took 15 short 0',
    ]);
    expect(await desk.till.balance(hal, 'USD')).toBe('5');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that are lost take what one that is open keeps back, and nobody owes it', async () => {
    const ida = await someone();
    const payment = await desk.pays(ida, '10');
    await dispute(payment, '10', 'OPEN', 'first');
    await dispute(payment, '4', 'LOST', 'second');
    expect(await desk.returns(payment)).toEqual([
      'dispute 10 OPEN took 6 short 0',
      'dispute 4 LOST took 4 short 0',
    ]);
    expect(await desk.till.balance(ida, 'USD')).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
    await dispute(payment, '10', 'WON', 'first');
    expect(await desk.till.balance(ida, 'USD')).toBe('6');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that are lost have the first claim on what a refund that fails gives again', async () => {
    const jo = await someone();
    const payment = await desk.pays(jo, '10');
    desk.standIn.refund(payment.ref, 'by hand', '5', 'SUCCEEDED');
    await dispute(payment, '8', 'LOST', 'lost');
    await dispute(payment, '10', 'OPEN', 'open');
    desk.standIn.settleRefunds(payment.ref, 'FAILED');
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual([
      'refund 5 FAILED took 0 short 0',
      'dispute 8 LOST took 8 short 0',
      'dispute 10 OPEN took 2 short 0',
    ]);
    expect(await desk.till.balance(jo, 'USD')).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that are open keep back what one that is won gives again', async () => {
    const kim = await someone();
    const payment = await desk.pays(kim, '10');
    await dispute(payment, '10', 'OPEN', 'first');
    await dispute(payment, '4', 'OPEN', 'second');
    await dispute(payment, '10', 'WON', 'first');
    expect(await desk.returns(payment)).toEqual([
      'dispute 10 WON took 0 short 0',
      'dispute 4 OPEN took 4 short 0',
    ]);
    expect(await desk.till.balance(kim, 'USD')).toBe('6');
    expect(await desk.till.brokenLaw()).toBeNull();
  });

  it('that are open keep back also what comes of the payment later', async () => {
    const lee = await someone();
    const payment = await desk.asks(lee, { asset: 'USD', amount: '20' });
    desk.standIn.pay(payment.ref, '10');
    await dispute(payment, '20', 'OPEN');
    desk.standIn.pay(payment.ref, '20');
    await desk.look(payment);
    expect(await desk.returns(payment)).toEqual(['dispute 20 OPEN took 20 short 0']);
    expect(await desk.till.balance(lee, 'USD')).toBe('0');
    expect(await desk.till.brokenLaw()).toBeNull();
  });
});
