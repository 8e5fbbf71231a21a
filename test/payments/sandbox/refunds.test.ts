import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { ProviderError } from '../../../src/payments/provider.ts';
import { chargeOf, openSandbox, USD } from '../../support/sandbox.ts';

async function openPaid(method = 'pays') {
  const opened = await openSandbox();
  const { ref } = await opened.sandbox.chargeMethod(chargeOf(method));
  opened.told();
  const refund = (amount: string, refundId = `refund_${amount}`) =>
    opened.sandbox.refund({ refundId, ref, amount: exact(amount), currency: USD });
  return { ...opened, ref, refund };
}

describe('a refund', () => {
  test('gives back a part, and then the rest', async () => {
    const { sandbox, ref, refund, told } = await openPaid();
    expect(await refund('12.5')).toMatchObject({
      refundId: 'refund_12.5',
      amount: exact('12.5'),
      status: 'SUCCEEDED',
    });
    await refund('7.5');
    expect(told()).toEqual([
      ['payment.refunded', 0],
      ['payment.refunded', 0],
    ]);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      paid: exact('20'),
      refunds: [{ amount: exact('12.5') }, { amount: exact('7.5') }],
    });
    await expect(refund('0.01')).rejects.toMatchObject({ code: 'AMOUNT_TOO_LARGE' });
  });

  test('is made once for an id, also when it is asked for at once', async () => {
    const { sandbox, ref, refund, told } = await openPaid();
    const made = await Promise.all([refund('20', 'refund_1'), refund('20', 'refund_1')]);
    expect(made[0]).toEqual(made[1]);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ refunds: [made[0]] });
    expect(told()).toEqual([['payment.refunded', 0]]);
  });

  test.each([
    ['20.01', 'AMOUNT_TOO_LARGE'],
    ['0', 'BAD_AMOUNT'],
    ['-1', 'BAD_AMOUNT'],
  ])('of %s of 20 is refused for good', async (amount, code) => {
    const { sandbox, ref, refund, told } = await openPaid();
    const refused = await refund(amount).catch((error) => error);
    expect(refused).toBeInstanceOf(ProviderError);
    expect(refused).toMatchObject({ code, isRetryable: false });
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ refunds: [] });
    expect(told()).toEqual([]);
  });

  test('in another currency is refused', async () => {
    const { sandbox, ref } = await openPaid();
    const currency = { code: 'EUR', minorUnits: 2 };
    const refused = sandbox.refund({ refundId: 'refund_1', ref, amount: exact('1'), currency });
    await expect(refused).rejects.toMatchObject({ code: 'CURRENCY_MISMATCH' });
  });

  test('of what has not arrived is refused', async () => {
    const { refund, clock } = await openPaid('slow');
    await expect(refund('1')).rejects.toMatchObject({ code: 'AMOUNT_TOO_LARGE' });
    clock.advance(3000);
    expect(await refund('1')).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('a dispute', () => {
  test('takes what is left after refunds, and is lost', async () => {
    const { sandbox, ref, refund, told } = await openPaid();
    await refund('5');
    told();
    expect(await sandbox.dispute(ref, 'product_not_received')).toMatchObject({
      amount: exact('15'),
      status: 'OPEN',
      reason: 'product_not_received',
    });
    expect(told()).toEqual([['dispute.opened', 0]]);
    await expect(refund('1')).rejects.toMatchObject({ code: 'AMOUNT_TOO_LARGE' });
    await expect(sandbox.dispute(ref)).rejects.toMatchObject({ code: 'NOTHING_TO_DISPUTE' });

    expect(await sandbox.closeDispute(ref, 'LOST')).toMatchObject({
      status: 'SETTLED',
      paid: exact('20'),
      disputes: [{ amount: exact('15'), status: 'LOST' }],
    });
    expect(told()).toEqual([['dispute.closed', 0]]);
    await expect(refund('1')).rejects.toMatchObject({ code: 'AMOUNT_TOO_LARGE' });
  });

  test('that is won gives the money back, which can be disputed again', async () => {
    const { sandbox, ref, refund, told } = await openPaid();
    await sandbox.dispute(ref);
    await sandbox.closeDispute(ref, 'WON');
    told();
    expect(await sandbox.closeDispute(ref, 'LOST')).toMatchObject({
      disputes: [{ status: 'WON' }],
    });
    expect(told()).toEqual([]);
    await refund('8');
    expect(await sandbox.dispute(ref)).toMatchObject({ amount: exact('12'), status: 'OPEN' });
  });

  test('to come is about what is left then, and about nothing it does not come', async () => {
    const { sandbox, ref, refund, clock } = await openPaid('disputed');
    await refund('5');
    const other = await openPaid('disputed');
    await other.refund('20');
    clock.advance(10_000);
    other.clock.advance(10_000);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ disputes: [{ amount: exact('15') }] });
    expect(await other.sandbox.fetchPayment(other.ref)).toMatchObject({ disputes: [] });
  });

  test('about a payment that has not arrived is none', async () => {
    const { sandbox, ref } = await openPaid('declined');
    await expect(sandbox.dispute(ref)).rejects.toMatchObject({ code: 'NOTHING_TO_DISPUTE' });
  });
});
