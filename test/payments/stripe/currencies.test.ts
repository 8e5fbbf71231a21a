import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { amounts, chargeOf, checkoutOf, openStripe } from '../../support/stripe-provider.ts';

describe('an amount', () => {
  test.each([
    ['USD', 2, '12.34', '1234'],
    ['JPY', 0, '500', '500'],
    ['KWD', 3, '5.12', '5120'],
    ['ISK', 0, '5', '500'],
  ])(
    'in %s with %i places is told, paid and refunded exactly: %s is %s',
    async (code, minorUnits, amount, wire) => {
      const { stripe, provider, look } = await openStripe();
      const currency = { code, minorUnits };
      const { ref } = await provider.createCheckout(
        checkoutOf({ amount: exact(amount), currency }),
      );
      expect(stripe.requests[0]?.params).toMatchObject({
        line_items: { 0: { price_data: { currency: code.toLowerCase(), unit_amount: wire } } },
      });
      stripe.pay(ref);
      expect(await look(ref)).toMatchObject({ currency: code, paid: exact(amount) });
      await provider.refund({ refundId: 'refund_1', ref, amount: exact(amount), currency });
      expect(amounts(await look(ref)).refunds).toEqual([amount]);
      const charge = chargeOf(stripe.keepCard(), { amount: exact(amount), currency });
      expect(await provider.chargeMethod(charge)).toMatchObject({ paid: exact(amount) });
      expect(stripe.chargesOf(charge.paymentId)).toEqual([Number(wire)]);
    },
  );

  test.each([
    ['JPY', 2, '500', 'NOT_SUPPORTED'],
    ['KWD', 2, '5.12', 'NOT_SUPPORTED'],
    ['USD', 3, '5.12', 'NOT_SUPPORTED'],
    ['USD', 0, '5', 'NOT_SUPPORTED'],
    ['UGX', 0, '500', 'NOT_SUPPORTED'],
    ['USDC', 2, '5', 'NOT_SUPPORTED'],
    ['usd', 2, '5', 'NOT_SUPPORTED'],
    ['USD', 2, '5.123', 'AMOUNT_NOT_PAYABLE'],
    ['KWD', 3, '5.124', 'AMOUNT_NOT_PAYABLE'],
    ['JPY', 0, '0.5', 'AMOUNT_NOT_PAYABLE'],
    ['USD', 2, '0', 'AMOUNT_NOT_PAYABLE'],
    ['USD', 2, '-5', 'AMOUNT_NOT_PAYABLE'],
    ['USD', 2, '99999999999999.99', 'AMOUNT_NOT_PAYABLE'],
  ])(
    'in %s with %i places is refused before Stripe hears of it: %s, %s',
    async (code, minorUnits, amount, refused) => {
      const { stripe, provider } = await openStripe();
      const changes = { amount: exact(amount), currency: { code, minorUnits } };
      const error = { code: refused, isRetryable: false };
      await expect(provider.createCheckout(checkoutOf(changes))).rejects.toMatchObject(error);
      const charge = chargeOf(stripe.keepCard(), changes);
      await expect(provider.chargeMethod(charge)).rejects.toMatchObject(error);
      expect(stripe.requests).toEqual([]);
    },
  );

  test('of tax is rounded to what can be paid', async () => {
    const { stripe, provider, look } = await openStripe({ automaticTax: 'true' });
    stripe.setTax(10);
    const currency = { code: 'JPY', minorUnits: 0 };
    const { ref } = await provider.createCheckout(checkoutOf({ amount: exact('101'), currency }));
    stripe.pay(ref);
    expect(amounts(await look(ref))).toMatchObject({ paid: '101', tax: '10' });
    await provider.refund({ refundId: 'refund_1', ref, amount: exact('50'), currency });
    await provider.refund({ refundId: 'refund_2', ref, amount: exact('51'), currency });
    const sent = stripe.requests.filter(
      ({ method, path }) => method === 'POST' && path === '/v1/refunds',
    );
    expect(sent.map(({ params }) => params.amount)).toEqual(['55', '56']);
  });
});
