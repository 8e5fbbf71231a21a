import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { ProviderError } from '../../../src/payments/provider.ts';
import type { Fault } from '../../support/stripe-http.ts';
import { chargeOf, checkoutOf, openStripe, paymentId, USD } from '../../support/stripe-provider.ts';

/** The SDK does not ask again by itself. */
const ONCE = { maxRetries: 0 };
/** Long enough for any answer that comes; the ones that hang never do. */
const IMPATIENT = { timeoutMs: 2500, maxRetries: 0 };

function patienceFor(fault: Fault) {
  return fault.startsWith('HANG') ? IMPATIENT : ONCE;
}

const CREATE = /payment_intents$/;

async function errorOf(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.catch((thrown) => thrown);
  if (!(error instanceof ProviderError))
    throw new Error('It was no ProviderError.', { cause: error });
  return error;
}

describe('a charge is never made twice', () => {
  test.each(['ERROR', 'ERROR_AFTER', 'DROP_AFTER', 'LOCKED'] as const)(
    'when Stripe fails twice on the way, and the SDK asks again: %s',
    async (fault) => {
      const { stripe, provider } = await openStripe();
      const request = chargeOf(stripe.keepCard());
      stripe.fail(2, fault, CREATE);
      expect(await provider.chargeMethod(request)).toMatchObject({ status: 'SETTLED' });
      expect(stripe.chargesOf(request.paymentId)).toEqual([2500]);
    },
  );

  test.each([
    ['ERROR', 'api_error'],
    ['RATE_LIMIT', 'rate_limit'],
    ['LOCKED', 'idempotency_key_in_use'],
    ['HANG', 'TIMEOUT'],
  ] as const)(
    'when Stripe gives up before it is made, and we ask again: %s, %s',
    async (fault, code) => {
      const { stripe, provider } = await openStripe(IMPATIENT);
      const request = chargeOf(stripe.keepCard());
      stripe.fail(1, fault, CREATE);
      expect(await errorOf(provider.chargeMethod(request))).toMatchObject({
        code,
        isRetryable: true,
      });
      expect(stripe.counts().charges).toBe(0);
      expect(await provider.chargeMethod(request)).toMatchObject({ status: 'SETTLED' });
      expect(stripe.chargesOf(request.paymentId)).toEqual([2500]);
    },
  );

  test.each(['ERROR_AFTER', 'HANG_AFTER', 'DROP_AFTER'] as const)(
    'when it was made behind an answer that never came: %s',
    async (fault) => {
      const { stripe, provider } = await openStripe(IMPATIENT);
      const request = chargeOf(stripe.keepCard());
      stripe.fail(1, fault, CREATE);
      const charged = await provider.chargeMethod(request);
      expect(charged).toMatchObject({ status: 'SETTLED', paid: exact('25') });
      expect(await provider.chargeMethod(request)).toEqual(charged);
      expect(stripe.chargesOf(request.paymentId)).toEqual([2500]);
    },
  );

  test('when it was asked for days ago, and Stripe has forgotten that', async () => {
    const { stripe, provider } = await openStripe();
    const token = stripe.keepCard();
    const request = chargeOf(token, { paymentId: paymentId(30) });
    const charged = await provider.chargeMethod(request);
    for (let i = 0; i < 110; i += 1) await provider.chargeMethod(chargeOf(token));
    stripe.forgetKeys();
    expect(await provider.chargeMethod(request)).toEqual(charged);
    expect(stripe.chargesOf(request.paymentId)).toEqual([2500]);
  });

  test('when neither the charge nor the look for it is answered', async () => {
    const { stripe, provider } = await openStripe(IMPATIENT);
    const request = chargeOf(stripe.keepCard());
    stripe.fail(2, 'HANG_AFTER', CREATE);
    const error = { code: 'TIMEOUT', isRetryable: true };
    expect(await errorOf(provider.chargeMethod(request))).toMatchObject(error);
    expect(await provider.chargeMethod(request)).toMatchObject({ status: 'SETTLED' });
    expect(stripe.chargesOf(request.paymentId)).toEqual([2500]);
  });
});

test('a page whose making was not answered is the same one the second time', async () => {
  const { stripe, provider } = await openStripe(IMPATIENT);
  const request = checkoutOf();
  stripe.fail(1, 'HANG_AFTER');
  expect(await errorOf(provider.createCheckout(request))).toMatchObject({ isRetryable: true });
  const { ref } = await provider.createCheckout(request);
  expect(stripe.counts().sessions).toBe(1);
  expect((await provider.fetchPayment(ref))?.paymentId).toBe(request.paymentId);
});

test.each(['ERROR_AFTER', 'HANG_AFTER'] as const)(
  'a refund that was made behind an answer that never came is found the second time: %s',
  async (fault) => {
    const { stripe, provider } = await openStripe({ ...patienceFor(fault), automaticTax: 'true' });
    stripe.setTax(19);
    const { ref } = await provider.createCheckout(checkoutOf());
    stripe.pay(ref);
    const request = { refundId: 'refund_1', ref, amount: exact('10'), currency: USD };
    stripe.fail(1, fault, /^POST .*refunds$/);
    expect(await errorOf(provider.refund(request))).toMatchObject({ isRetryable: true });
    const refund = await provider.refund(request);
    expect(refund).toMatchObject({
      refundId: 'refund_1',
      amount: exact('10'),
      status: 'SUCCEEDED',
    });
    expect(stripe.counts().refunds).toBe(1);
    expect((await provider.fetchPayment(ref))?.refunds).toEqual([refund]);
  },
);

test('nobody there is worth another try', async () => {
  const { stripe, provider } = await openStripe(ONCE);
  await stripe.close();
  const error = { code: 'UNREACHABLE', isRetryable: true };
  expect(await errorOf(provider.fetchPayment('pi_1'))).toMatchObject(error);
});
