import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import {
  amounts,
  chargeOf,
  checkoutOf,
  openStripe,
  type StripeTest,
  USD,
} from '../../support/stripe-provider.ts';

let made = 0;

function refundOf(ref: string, amount: string) {
  made += 1;
  return { refundId: `refund_${made}`, ref, amount: exact(amount), currency: USD };
}

/** 100 dollars, and 19 of tax where Stripe puts it on top. */
async function paidPage({ stripe, provider }: StripeTest): Promise<string> {
  const { ref } = await provider.createCheckout(checkoutOf({ amount: exact('100') }));
  stripe.pay(ref);
  return ref;
}

/** What was sent to Stripe, in its cents. */
function asked({ stripe }: StripeTest): string[] {
  return stripe.requests
    .filter(({ method, path }) => method === 'POST' && path === '/v1/refunds')
    .map(({ params }) => String(params.amount));
}

describe('a refund', () => {
  test('of everything gives back everything, once however often it is asked', async () => {
    const it = await openStripe();
    const ref = await paidPage(it);
    const request = refundOf(ref, '100');
    const refund = await it.provider.refund(request);
    expect(refund).toMatchObject({
      refundId: request.refundId,
      amount: exact('100'),
      status: 'SUCCEEDED',
    });
    expect(await it.provider.refund(request)).toEqual(refund);
    expect(it.stripe.counts().refunds).toBe(1);
    const payment = await it.look(ref);
    expect(payment).toMatchObject({ status: 'SETTLED', paid: exact('100'), refunds: [refund] });
  });

  test('sent twice at once is made once', async () => {
    const it = await openStripe();
    const request = refundOf(await paidPage(it), '40');
    const [one, other] = await Promise.all([
      it.provider.refund(request),
      it.provider.refund(request),
    ]);
    expect(one).toEqual(other);
    expect(it.stripe.counts().refunds).toBe(1);
  });

  test('of a part leaves the rest, and more than the rest is refused', async () => {
    const it = await openStripe();
    const ref = await paidPage(it);
    await it.provider.refund(refundOf(ref, '33.33'));
    await expect(it.provider.refund(refundOf(ref, '66.68'))).rejects.toMatchObject({
      isRetryable: false,
    });
    await it.provider.refund(refundOf(ref, '66.67'));
    expect(amounts(await it.look(ref)).refunds).toEqual(['33.33', '66.67']);
    await expect(it.provider.refund(refundOf(ref, '1'))).rejects.toMatchObject({
      code: 'charge_already_refunded',
      isRetryable: false,
    });
  });

  test('takes its part of the tax along, and the last takes what is left of it', async () => {
    const it = await openStripe({ automaticTax: 'true' });
    it.stripe.setTax(19);
    const ref = await paidPage(it);
    for (const amount of ['33.33', '33.33', '33.34']) {
      await it.provider.refund(refundOf(ref, amount));
    }
    expect(asked(it)).toEqual(['3966', '3966', '3968']);
    expect(amounts(await it.look(ref))).toMatchObject({
      paid: '100',
      tax: '19',
      refunds: ['33.33', '33.33', '33.34'],
    });
  });

  test('that is made at Stripe is told without tax and without an id of ours', async () => {
    const it = await openStripe({ automaticTax: 'true' });
    it.stripe.setTax(19);
    const ref = await paidPage(it);
    it.stripe.refund(ref, 3967);
    it.stripe.refund(ref, 3967);
    it.stripe.refund(ref);
    const payment = await it.look(ref);
    expect(payment.refunds.map(({ refundId }) => refundId)).toEqual([null, null, null]);
    const given = payment.refunds.reduce((sum, { amount }) => sum + amount, 0n);
    expect(given).toBe(exact('100'));
    expect(amounts(payment).refunds).toEqual(['33.34', '33.34', '33.32']);
  });

  test('that waits may fail, and gives back nothing then', async () => {
    const it = await openStripe();
    const ref = await paidPage(it);
    it.stripe.setRefundsEndAs('pending');
    const refund = await it.provider.refund(refundOf(ref, '100'));
    expect(refund.status).toBe('PENDING');
    it.stripe.endRefund(refund.ref, 'failed');
    expect((await it.look(ref)).refunds).toMatchObject([
      { status: 'FAILED', amount: exact('100') },
    ]);
    it.stripe.setRefundsEndAs('succeeded');
    await it.provider.refund(refundOf(ref, '100'));
    expect((await it.look(ref)).refunds.map(({ status }) => status)).toEqual([
      'FAILED',
      'SUCCEEDED',
    ]);
  });

  test('of a charge without the customer is one like any', async () => {
    const it = await openStripe();
    const { ref } = await it.provider.chargeMethod(chargeOf(it.stripe.keepCard()));
    await it.provider.refund(refundOf(ref, '5'));
    expect(amounts(await it.look(ref))).toMatchObject({ paid: '25', refunds: ['5'] });
  });

  test('is listed however many there are', async () => {
    const it = await openStripe();
    const ref = await paidPage(it);
    for (let i = 0; i < 130; i += 1) it.stripe.refund(ref, 10 + i);
    const listed = (await it.look(ref)).refunds;
    expect(listed).toHaveLength(130);
    expect(listed[0]?.amount).toBe(exact('0.1'));
    expect(listed[129]?.amount).toBe(exact('1.39'));
  });

  test('of nothing that Stripe knows, of what is not paid, or in another currency, is refused', async () => {
    const { provider, stripe } = await openStripe();
    const { ref } = await provider.createCheckout(checkoutOf());
    for (const nothing of ['cs_test_nobody', ref]) {
      const refused = { code: 'resource_missing', isRetryable: false };
      await expect(provider.refund(refundOf(nothing, '1'))).rejects.toMatchObject(refused);
    }
    stripe.pay(ref);
    const euros = { ...refundOf(ref, '1'), currency: { code: 'EUR', minorUnits: 2 } };
    await expect(provider.refund(euros)).rejects.toMatchObject({ code: 'CURRENCY_DIFFERS' });
  });
});

describe('a dispute', () => {
  test.each([
    ['won', 'WON'],
    ['lost', 'LOST'],
  ] as const)('is open, and then %s', async (end, status) => {
    const it = await openStripe({ automaticTax: 'true' });
    it.stripe.setTax(19);
    const ref = await paidPage(it);
    const id = it.stripe.openDispute(ref);
    expect((await it.look(ref)).disputes).toEqual([
      { ref: id, amount: exact('100'), status: 'OPEN', reason: 'fraudulent' },
    ]);
    it.stripe.closeDispute(id, end);
    expect((await it.look(ref)).disputes).toMatchObject([{ status }]);
  });

  test('over a part says how much, and an inquiry that is closed has taken nothing', async () => {
    const it = await openStripe();
    const ref = await paidPage(it);
    const status = 'warning_needs_response';
    const id = it.stripe.openDispute(ref, { amount: 4000, reason: 'general', status });
    const dispute = { ref: id, amount: exact('40'), status: 'OPEN', reason: 'general' };
    expect((await it.look(ref)).disputes).toEqual([dispute]);
    it.stripe.closeDispute(id, 'warning_closed');
    expect((await it.look(ref)).disputes).toEqual([{ ...dispute, status: 'WON' }]);
  });
});
