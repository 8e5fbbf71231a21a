import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/kit/clock.ts';
import { isRefusal } from '../../../src/kit/refusal.ts';
import { openVault, type Vault } from './vault.ts';

let vault: Vault;
let count = 0;

/** A customer of a test of its own. */
async function someone(): Promise<string> {
  count += 1;
  return vault.till.customer(`released${count}`);
}

const balance = (externalId: string) => vault.till.balance(externalId, 'USD');

beforeAll(async () => {
  vault = await openVault();
});
afterEach(async () => {
  expect(await vault.till.brokenLaw()).toBeNull();
});
afterAll(async () => {
  await vault?.stop();
});

describe('A withdrawal that is confirmed', () => {
  it('can be called off until its time, and again', async () => {
    const ada = await someone();
    const payment = await vault.pays(ada, '10');
    const { id } = await vault.held(ada);
    expect((await vault.cancel(id)).withdrawal.status).toBe('CANCELED');
    expect((await vault.cancel(id)).withdrawal.status).toBe('CANCELED');
    expect(await balance(ada)).toBe('10');
    await vault.pass(2 * DAY_MS);
    await vault.look(payment);
    expect(vault.standIn.refundsOf(payment.ref)).toBe(0);
    // What came back can be withdrawn again, and spent.
    await vault.spend(ada, 'USD', '4');
    expect(await vault.parts((await vault.requested(ada)).id)).toEqual(['6 PENDING']);
  });

  it('is called off or paid out, but not both', async () => {
    for (let round = 0; round < 4; round += 1) {
      const bob = await someone();
      const payment = await vault.pays(bob, '10');
      const { id } = await vault.held(bob);
      vault.till.clock.advance(DAY_MS);
      const [canceled] = await Promise.all([vault.cancelHere(id), vault.pass()]);
      await vault.pass();
      const { status } = await vault.read(id);
      expect(status).toBe(isRefusal(canceled) ? 'PAID' : 'CANCELED');
      expect(vault.standIn.refundsOf(payment.ref)).toBe(status === 'PAID' ? 1 : 0);
      expect(await balance(bob)).toBe(status === 'PAID' ? '0' : '10');
    }
  });

  it('whose provider refuses has failed, and the credit is there again', async () => {
    const cy = await someone();
    await vault.pays(cy, '10');
    const { id } = await vault.held(cy);
    vault.standIn.fail('REFUSED');
    await vault.pass(DAY_MS);
    expect(await vault.read(id)).toMatchObject({ status: 'FAILED', paid: '0' });
    expect(await balance(cy)).toBe('10');
  });

  it('of which a part is refused is partly paid', async () => {
    const dee = await someone();
    await vault.pays(dee, '10');
    await vault.pays(dee, '20');
    const { id } = await vault.held(dee);
    vault.standIn.fail('REFUSED');
    await vault.pass(DAY_MS);
    expect(await vault.read(id)).toMatchObject({ status: 'PARTLY_PAID', paid: '10' });
    expect(await vault.parts(id)).toEqual(['20 FAILED', '10 SUCCEEDED']);
    expect(await balance(dee)).toBe('20');
  });

  it.each(['BEFORE', 'AFTER'] as const)(
    'whose provider falls over %s it is made is asked again, and pays once',
    async (fault) => {
      const eve = await someone();
      const payment = await vault.pays(eve, '10');
      const { id } = await vault.held(eve);
      vault.standIn.fail(fault);
      await vault.pass(DAY_MS);
      expect((await vault.read(id)).status).toBe('PROCESSING');
      vault.till.clock.advance(MINUTE_MS);
      const { id: paymentId } = await vault.keyOf(payment.id);
      const { lookAt } = await vault.db.prisma.payment.findFirstOrThrow({
        where: { id: paymentId },
      });
      // The looks at payments find it by themselves.
      expect(lookAt?.getTime()).toBeLessThanOrEqual(vault.till.clock.now().getTime());
      await vault.look(payment);
      await vault.pass();
      expect(await vault.read(id)).toMatchObject({ status: 'PAID', paid: '10' });
      expect(vault.standIn.refundsOf(payment.ref)).toBe(1);
    },
  );

  it('that nobody has sent, as its process was killed, is sent by the looks at payments', async () => {
    const flo = await someone();
    const payment = await vault.pays(flo, '10');
    const { id } = await vault.held(flo);
    vault.till.clock.advance(DAY_MS);
    const killed = { ...vault.room, providers: { ...vault.room.providers, openById: never } };
    const { createWithdrawalWork } = await import('../../../src/payments/withdrawals/timed.ts');
    await createWithdrawalWork(killed).run(null);
    expect((await vault.read(id)).status).toBe('PROCESSING');
    expect(vault.standIn.refundsOf(payment.ref)).toBe(0);
    await vault.look(payment);
    await vault.pass();
    expect((await vault.read(id)).status).toBe('PAID');
    expect(vault.standIn.refundsOf(payment.ref)).toBe(1);
  });

  it('whose refund takes days is paid once that is made', async () => {
    const gil = await someone();
    const payment = await vault.pays(gil, '10');
    const { id } = await vault.held(gil);
    vault.standIn.refundsAre('PENDING');
    await vault.pass(DAY_MS);
    vault.standIn.refundsAre('SUCCEEDED');
    expect((await vault.read(id)).status).toBe('PROCESSING');
    vault.standIn.settleRefunds(payment.ref, 'SUCCEEDED');
    await vault.look(payment);
    await vault.pass();
    expect((await vault.read(id)).status).toBe('PAID');
  });
});

describe('A payment whose withdrawal waits', () => {
  it('and is disputed is not paid back twice', async () => {
    const ada = await someone();
    const payment = await vault.pays(ada, '10');
    const { id } = await vault.held(ada);
    vault.standIn.dispute(payment.ref, 'dp_ada', '10', 'OPEN');
    await vault.look(payment);
    expect(await balance(ada)).toBe('0');
    await vault.pass(DAY_MS);
    expect((await vault.read(id)).status).toBe('FAILED');
    expect(vault.standIn.refundsOf(payment.ref)).toBe(0);
    // What is disputed keeps it back now.
    expect(await balance(ada)).toBe('0');
    expect(await vault.returns(payment)).toEqual([
      'refund 10 FAILED took 0 short 0',
      'dispute 10 OPEN took 10 short 0',
    ]);
    vault.standIn.close(payment.ref, 'dp_ada', 'WON');
    await vault.look(payment);
    expect(await balance(ada)).toBe('10');
  });

  it('and is lost to a bank is not owed by the customer', async () => {
    const bob = await someone();
    const payment = await vault.pays(bob, '10');
    const { id } = await vault.held(bob);
    vault.standIn.dispute(payment.ref, 'dp_bob', '10', 'OPEN');
    await vault.look(payment);
    vault.standIn.close(payment.ref, 'dp_bob', 'LOST');
    await vault.look(payment);
    await vault.pass(DAY_MS);
    expect((await vault.read(id)).status).toBe('FAILED');
    expect(await balance(bob)).toBe('0');
  });

  it('and is disputed keeps the credit back when the withdrawal is called off', async () => {
    const cy = await someone();
    const payment = await vault.pays(cy, '10');
    const { id } = await vault.held(cy);
    vault.standIn.dispute(payment.ref, 'dp_cy', '10', 'OPEN');
    await vault.look(payment);
    await vault.cancel(id);
    expect(await balance(cy)).toBe('0');
  });

  it('and is refunded at the desk of the provider goes back once', async () => {
    const dee = await someone();
    const payment = await vault.pays(dee, '10');
    const { id } = await vault.held(dee);
    vault.standIn.refund(payment.ref, 're_desk', '10', 'SUCCEEDED');
    await vault.look(payment);
    await vault.pass(DAY_MS);
    expect((await vault.read(id)).status).toBe('FAILED');
    expect(await balance(dee)).toBe('0');
    expect(await vault.refunded(payment)).toBe('10');
    expect(vault.standIn.refundsOf(payment.ref)).toBe(1);
  });

  it('can be refunded as far as it is not withdrawn', async () => {
    const eve = await someone();
    const payment = await vault.pays(eve, '10');
    await vault.held(eve, { amount: '6' });
    expect(await vault.refund(payment, { amount: '5' })).toMatchObject({ refusal: 'Invalid' });
    await vault.refund(payment, { amount: '4' });
    expect(await vault.refunded(payment)).toBe('4');
    await vault.pass(DAY_MS);
    expect(await vault.refunded(payment)).toBe('10');
  });
});

async function never(): Promise<never> {
  throw new Error('The process was killed.');
}
